"""Live-migrates servers with twelve workloads through Nova by one technique after another, and prints the prediction errors."""
import argparse
import json
import statistics
import sys

from trials import BEHAVIOURS
from trials.cloud import Cloud
from trials.servers import resting, working

METRICS = ("TT", "DT", "TD", "CPU")
TECHNIQUES = ("PRE", "POST-PREEMPT", "DCZstd", "PRE-POST", "DCdlt", "MULTIFD", "THR", "DCZlib")
LIMIT_SECONDS = 45


def migrate(cloud, behaviour, technique):
    """Returns the outcome that the host driver recorded, or None if Nova used its own flags or the migration was aborted."""
    uuid = working(cloud, "accuracy-" + behaviour, behaviour, {"godwit:technique": technique, "godwit:policy": ""})
    source = cloud.hosts[cloud.host_of(uuid)]
    before = {each["id"] for each in source.migrations()}
    seen = cloud.migrate(uuid, LIMIT_SECONDS)
    resting(cloud, uuid)
    if seen["guest_bad"] != 0:
        sys.exit("the memory of %s is damaged: %s" % (behaviour, seen))
    known = [each for each in source.migrations() if each["vm"] == uuid and each["id"] not in before]
    return known[-1].get("outcome") if known else None


def predicted(outcome, metric):
    return outcome["prediction"]["estimates"][metric]["value"]


def line(behaviour, outcome):
    return "%-10s %-13s %s" % (behaviour, outcome["technique"], "  ".join(
        "%s %7.0f /%7.0f" % (metric, predicted(outcome, metric), outcome["measured"][metric])
        for metric in METRICS if metric in outcome["measured"]))


def summary(outcomes):
    """Formats the median signed error in the unit of the metric, and the median absolute error as a share of the measured value."""
    lines = ["%-8s %16s %16s %16s" % ("", "median error", "median share", "within interval")]
    for metric in METRICS:
        known = [each for each in outcomes if metric in each["measured"]]
        errors = [(each["measured"][metric] - predicted(each, metric), each["measured"][metric]) for each in known]
        held = [each["prediction"]["estimates"][metric]["low"] <= each["measured"][metric]
                <= each["prediction"]["estimates"][metric]["high"] for each in known]
        lines.append("%-8s %16.0f %15.0f%% %15.0f%%" % (
            metric, statistics.median(error for error, _ in errors),
            100 * statistics.median(abs(error) / max(1, abs(measured)) for error, measured in errors),
            100 * statistics.mean(held)))
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(prog="devstack/openstack accuracy", description=__doc__)
    parser.add_argument("--rounds", type=int, default=len(TECHNIQUES), help="number of migrations of each server (default: %(default)s)")
    parser.add_argument("--json", metavar="FILE", help="append the outcomes to this file, one JSON object a line")
    arguments = parser.parse_args()
    cloud = Cloud()
    cloud.end_servers_of_others("accuracy-")
    for behaviour in BEHAVIOURS:
        resting(cloud, cloud.server("accuracy-" + behaviour, behaviour, "compute1"))
    outcomes = []
    for turn in range(arguments.rounds):
        for number, behaviour in enumerate(BEHAVIOURS):
            outcome = migrate(cloud, behaviour, TECHNIQUES[(turn + number) % len(TECHNIQUES)])
            if outcome is None:
                print("%-10s did not arrive within %d s, or was migrated with Nova's own flags" % (behaviour, LIMIT_SECONDS), flush=True)
                continue
            outcomes.append(outcome)
            print(line(behaviour, outcome), flush=True)
            if arguments.json:
                with open(arguments.json, "a") as file:
                    file.write(json.dumps(outcome) + "\n")
    print("\npredicted / measured; TT and DT in ms, TD in MB, CPU in percent of a core")
    halves = (("first", outcomes[:len(outcomes) // 2]), ("last", outcomes[len(outcomes) // 2:]))
    for name, half in halves:
        if half:
            print("\nthe %s %d migrations\n%s" % (name, len(half), summary(half)))


main()
