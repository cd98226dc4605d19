"""Live-migrates four servers with different workloads through Nova, lets Godwit choose the techniques, and prints the results."""
import argparse
import json
import sys

from trials.cloud import Cloud, Sampler
from trials.traffic import Traffic

BEHAVIOURS = ("quiet", "busy", "cache", "stream")


def main():
    parser = argparse.ArgumentParser(prog="devstack/openstack demo", description=__doc__)
    parser.add_argument("--json", metavar="FILE", help="also write the results to this file")
    arguments = parser.parse_args()
    cloud = Cloud()
    servers = {}
    for behaviour in BEHAVIOURS:
        print("server demo-%s" % behaviour, file=sys.stderr)
        servers[behaviour] = cloud.server("demo-" + behaviour, behaviour, "compute1")
    migrations = [migrate(cloud, behaviour, uuid) for behaviour, uuid in servers.items()]
    print(table(migrations))
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump({"migrations": migrations}, file, indent=2)
    techniques = {each["technique"] for each in migrations}
    bad = [each["name"] for each in migrations if each["guest_bad"] != 0 or not each["arrived"] or each["tc_after"]]
    print("\n%d techniques: %s" % (len(techniques), ", ".join(sorted(str(each) for each in techniques))))
    if bad:
        sys.exit("failed migrations: %s" % ", ".join(bad))


def migrate(cloud, behaviour, uuid):
    source = cloud.hosts[cloud.host_of(uuid)]
    target = cloud.hosts[cloud.other(source.name)]
    print("demo-%s leaves %s" % (behaviour, source.name), file=sys.stderr)
    with Traffic(source, target, megabits=400):
        sampler = Sampler(source, target, uuid)
        try:
            seen = cloud.migrate(uuid)
        finally:
            sampler.close()
    known = [each for each in source.migrations() if each["vm"] == uuid][-1:]
    outcome = (known[0]["outcome"] if known else None) or {}
    seen.update({
        "name": "demo-" + behaviour, "technique": known[0]["technique"] if outcome else "Nova's own",
        "reason": outcome.get("reason"), "flags": sampler.capabilities,
        "predicted": {name: each["value"] for name, each in outcome.get("prediction", {}).get("estimates", {}).items()},
        "reserved": outcome.get("reserved", {}).get("bitsPerSecond"), "notes": outcome.get("notes"),
        "tc_during": sampler.tc_classes, "tc_after": source.tc_classes() + target.tc_classes()})
    return seen


def table(migrations):
    lines = ["%-12s %-9s %-13s %8s %8s %8s %6s %9s %4s" % (
        "server", "to", "technique", "TT s", "DT ms", "TD MB", "PERF", "reserved", "bad")]
    for each in migrations:
        job = each["libvirt"]
        lines.append("%-12s %-9s %-13s %8.1f %8d %8.0f %6s %9s %4s" % (
            each["name"], each["to"], each["technique"], job.get("time_elapsed", 0) / 1000, job.get("downtime", 0),
            job.get("memory_processed", 0) / 1e6, "%.2f" % each["perf"] if each["perf"] is not None else "-",
            "%.0f Mb/s" % (each["reserved"] / 1e6) if each["reserved"] else "none", each["guest_bad"]))
        lines.append("    QEMU: %s" % ", ".join(each["flags"]))
        for host, classes in each["tc_during"].items():
            lines.extend("    tc on %s: %s" % (host, line) for line in classes)
    return "\n".join(lines)


main()
