"""The tables: one cell per server and column, and the summary."""
from trials import BEHAVIOURS
from trials.comparison.summary import SLOS, measured, median, summary
from trials.comparison.ways import ORACLE, ORACLE_LEGEND, WAYS


def _spread(values, form):
    low, high = form % min(values), form % max(values)
    return "" if low == high else " [%s–%s]" % (low, high)


def cell(rows):
    """Formats medians with the least and the greatest value of the rounds."""
    if not rows:
        return "-"
    how = ", ".join(sorted({row["technique"] or ("forced" if row["forced"] else "") for row in rows} - {""}))
    late = sum(not row["arrived"] for row in rows)
    middle = median(rows)

    def of(metric, form):
        return form % middle[metric] + _spread([row[metric] for row in rows], form)
    counted = sorted(row["dt_libvirt_ms"] for row in rows if row["dt_libvirt_ms"] is not None)
    return "%s%s%s s, %s ms (libvirt: %s), %s MB, %s" % (
        how + " " if how else "", "%d of %d aborted, " % (late, len(rows)) if late else "", of("tt_s", "%.1f"), of("dt_ms", "%.0f"),
        counted[len(counted) // 2] if counted else "-", of("td_mb", "%.0f"), of("perf", "%.2f"))


def _line(*cells):
    return "| " + " | ".join(str(each) for each in cells) + " |"


def _table(head, lines):
    return [_line(*head), "|" + "---|" * len(head), *(_line(*line) for line in lines)]


def _in_order(names):
    """The known servers in their usual order, then the drawn ones."""
    known = list(BEHAVIOURS)
    return {name: names[name] for name in [each for each in known if each in names] + sorted(set(names) - set(known))}


def tables(rows):
    """Returns the lines of both tables, the legend of the columns, and the last checks."""
    cells, sums = measured(rows), summary(rows)
    ways = list(cells)
    names = _in_order({row["server"]: row["title"] for row in rows if "way" in row})
    lines = _table(["server"] + ways, [[title] + [cell(cells[way].get(server)) for way in ways] for server, title in names.items()])
    lines += ["", "Each cell: technique, TT, DT by the guest (and by libvirt), TD, PERF; medians [least–greatest] of the rounds.", ""]
    lines += summary_table(sums)
    lines += ["", *("- %s: %s" % (way, WAYS[way].legend) for way in ways), "- %s: %s" % (ORACLE, ORACLE_LEGEND), ""]
    lines += [check(row) for row in {row["server"]: row for row in rows if "check" in row}.values()]
    return lines


def summary_table(sums):
    columns = sums["columns"]
    if not columns:
        return ["No server has been measured in every column yet."]
    count = sums["servers"]
    return _table(["%d servers, %d rounds" % (count, sums["rounds"]), *columns], [
        ["arrived in all rounds", *(each["arrived"] for each in columns.values())],
        ["mean TT s", *("%.1f" % each["tt_s"] for each in columns.values())],
        ["mean DT ms", *("%.0f" % each["dt_ms"] for each in columns.values())],
        ["mean TD MB", *("%.0f" % each["td_mb"] for each in columns.values())],
        ["mean PERF", *("%.2f" % each["perf"] for each in columns.values())],
        *(["SLO violations, %s, of %d" % (policy, count * len(limits)), *(each["violations"][policy] for each in columns.values())]
          for policy, limits in SLOS.items())])


def check(row):
    return "What Nova's services take from a guest (%s): %.2f %%; %.1f units of work a second alone, %.1f while Nova works." % (
        row["server"], row["take_percent"], row["alone_hz"], row["working_hz"])
