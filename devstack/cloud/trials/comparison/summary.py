"""What follows from the rows: medians over rounds, violations of SLOs, the oracle, and the summary of all columns."""
import statistics

from trials.comparison.ways import ORACLE, WAYS

METRICS = ("tt_s", "dt_ms", "td_mb", "perf")
_DIGITS = {"tt_s": 2, "dt_ms": 1, "td_mb": 1, "perf": 3}
# the limits of the two policies ([FGCS 2025], table 3)
SLOS = {
    "ensure_performance": (lambda m: m["dt_ms"] > 1000, lambda m: m["perf"] < 0.75),
    "reduced_downtime": (lambda m: m["dt_ms"] > 2000, lambda m: m["perf"] < 0.70, lambda m: m["tt_s"] > 60),
}


def measured(rows):
    """Returns the rows of each cell, by way and server, without those of checks."""
    found = {}
    for row in rows:
        if "way" in row:
            found.setdefault(row["way"], {}).setdefault(row["server"], []).append(row)
    return {way: found[way] for way in WAYS if way in found}


def common_servers(cells):
    """Returns the servers that were measured in every column, in the order of measurement."""
    return [server for server in dict.fromkeys(server for column in cells.values() for server in column)
            if all(server in column for column in cells.values())]


def median(rows):
    """Returns the medians of a cell's rounds. It has arrived if it has in all rounds."""
    middle = {metric: statistics.median(row[metric] for row in rows) for metric in METRICS}
    return dict(middle, arrived=all(row["arrived"] for row in rows))


def violations(cell, policy):
    """Counts the limits of a policy that medians violate. A server that did not arrive violates all of them."""
    limits = SLOS[policy]
    return len(limits) if not cell["arrived"] else sum(limit(cell) for limit in limits)


def best(cells, policy):
    """Returns the cell with the fewest violations of a policy, and of these the one with the shortest TT."""
    return min(cells, key=lambda cell: (violations(cell, policy), not cell["arrived"], cell["tt_s"]))


def _column(cells, chosen):
    """chosen maps each policy to the cells whose violations count."""
    return dict({metric: round(statistics.mean(cell[metric] for cell in cells), _DIGITS[metric]) for metric in METRICS},
                arrived=sum(cell["arrived"] for cell in cells),
                violations={policy: sum(violations(cell, policy) for cell in chosen[policy]) for policy in SLOS})


def summary(rows):
    """Returns the means of all servers that every column has measured, per column, and what they violate; empty without such servers.

    A migration that did not arrive counts with the time and traffic until it was aborted.
    """
    cells = measured(rows)
    servers = common_servers(cells)
    medians = {way: [median(cells[way][server]) for server in servers] for way in cells}
    columns = {}
    if servers:
        columns = {way: _column(column, dict.fromkeys(SLOS, column)) for way, column in medians.items()}
        chosen = {policy: [best(of_server, policy) for of_server in zip(*medians.values())] for policy in SLOS}
        columns[ORACLE] = _column(chosen["ensure_performance"], chosen)
    took = [row["take_percent"] for row in rows if row.get("check") == "services" and row["server"] == "idle"]
    return {"columns": columns, "rounds": min((len(cells[way][server]) for way in cells for server in servers), default=0),
            "servers": len(servers), "services_take_percent": took[-1] if took else None}
