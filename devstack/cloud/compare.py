"""Migrates servers with twelve workloads under one configuration of Nova, or prints the table of all configurations."""
import argparse
import json
import statistics
import sys

from trials import BEHAVIOURS
from trials.cloud import Cloud
from trials.servers import resting, working

# After the first time the migration is forced to complete, if the configuration says so; after the second it is aborted.
FORCE_SECONDS = 5
LIMIT_SECONDS = 45
# the limits of the two policies ([FGCS 2025], table 3)
SLOS = {
    "ensure_performance": (lambda m: m["DT"] > 1000, lambda m: m["PERF"] < 0.75),
    "reduced_downtime": (lambda m: m["DT"] > 2000, lambda m: m["PERF"] < 0.70, lambda m: m["TT"] > 60000),
}


def server(behaviour):
    return "compare-" + behaviour


def create(cloud):
    cloud.end_servers_of_others("compare-")
    for behaviour in BEHAVIOURS:
        resting(cloud, cloud.server(server(behaviour), behaviour, "compute1"))


def migrate(cloud, behaviour, policy, force):
    uuid = working(cloud, server(behaviour), behaviour, {
        "godwit:technique": "" if policy else "nova", "godwit:policy": policy or ""})
    source = cloud.hosts[cloud.host_of(uuid)]
    forced = []

    def while_it_runs(seconds):
        running = cloud.migration(uuid) if force and not forced and seconds > FORCE_SECONDS else None
        if running is not None and running["status"] == "running":
            cloud.nova.post("/servers/%s/migrations/%d/action" % (uuid, running["id"]), json={"force_complete": None},
                            microversion="2.90")
            forced.append(seconds)

    seen = cloud.migrate(uuid, LIMIT_SECONDS, while_it_runs)
    resting(cloud, uuid)
    known = [each for each in source.migrations() if each["vm"] == uuid] if policy else []
    return {
        "behaviour": behaviour, "technique": known[-1]["technique"] if known else None, "arrived": seen["arrived"],
        "bad": seen["guest_bad"], "forced": bool(forced), "DT": seen["guest_gap_ms"], "PERF": seen["perf"],
        "TT": seen["libvirt"].get("time_elapsed", 1000 * seen["nova_seconds"]),
        "TD": seen["libvirt"].get("memory_processed", 0) / 1e6}


def table(rows):
    ways = list(dict.fromkeys(row["way"] for row in rows))
    print("| behaviour | " + " | ".join(ways) + " |\n|---|" + "---|" * len(ways))
    for behaviour in BEHAVIOURS:
        print("| %s | %s |" % (behaviour, " | ".join(cell(each) for way in ways for each in rows
                                                      if each["way"] == way and each["behaviour"] == behaviour)))
    # The first configuration is the baseline; servers that only the baseline did not migrate are included.
    common = [behaviour for behaviour in BEHAVIOURS
              if all(each["arrived"] for each in rows if each["behaviour"] == behaviour and each["way"] != ways[0])]
    for name, metric, digits in (("TT s", lambda r: r["TT"] / 1000, 1), ("DT ms", lambda r: r["DT"], 0),
                                 ("TD MB", lambda r: r["TD"], 0), ("PERF", lambda r: r["PERF"], 2)):
        print("| mean %s of %d | %s |" % (name, len(common), " | ".join(mean(
            [each for each in rows if each["way"] == way and each["behaviour"] in common], metric, digits) for way in ways)))
    print("| did not arrive | %s |" % " | ".join(
        str(sum(not each["arrived"] for each in rows if each["way"] == way)) for way in ways))
    for policy, limits in SLOS.items():
        print("| SLO violations, %s | %s |" % (policy, " | ".join(
            str(sum(violations(each, limits) for each in rows if each["way"] == way)) for way in ways)))


def mean(rows, metric, digits):
    """Formats the mean, or "-" if some servers did not arrive, because then the mean is not comparable."""
    return "%.*f" % (digits, statistics.mean(metric(each) for each in rows)) if all(each["arrived"] for each in rows) else "-"


def violations(row, limits):
    """Counts violated limits. A server that did not arrive violates all of them."""
    return len(limits) if not row["arrived"] else sum(limit(row) for limit in limits)


def cell(row):
    if not row["arrived"]:
        return "aborted after %d s, PERF %.2f" % (LIMIT_SECONDS, row["PERF"])
    how = row["technique"] or ("forced" if row["forced"] else "")
    return "%s %.1f s, %d ms, %d MB, %.2f" % (how, row["TT"] / 1000, row["DT"], row["TD"], row["PERF"])


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("file", help="file of rows, one JSON object a line")
parser.add_argument("--way", help="name of the configuration of Nova; without it the table is printed")
parser.add_argument("--policy", help="value of the servers' metadata godwit:policy")
parser.add_argument("--force", action="store_true", help="force each migration to complete after %d s" % FORCE_SECONDS)
arguments = parser.parse_args()
if arguments.way:
    the_cloud = Cloud()
    create(the_cloud)
    for each in BEHAVIOURS:
        row = dict(migrate(the_cloud, each, arguments.policy, arguments.force), way=arguments.way)
        with open(arguments.file, "a") as file:
            file.write(json.dumps(row) + "\n")
        if row["bad"] != 0:
            sys.exit("the memory of %s is damaged: %s" % (server(each), row))
        print("%-28s %s: %s" % (arguments.way, each, cell(row)), flush=True)
else:
    with open(arguments.file) as file:
        table([json.loads(line) for line in file])
