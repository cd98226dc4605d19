"""Migrates servers while Godwit only observes, and checks that Nova's flags and parameters are those of Nova without Godwit.

Each server is first migrated once by Nova's own driver; what QEMU and libvirt report of that is what must be seen while Godwit observes. In
the end the report of Godwit's service is printed.
"""
import argparse
import datetime
import json
import os
import subprocess
import sys
import time

import openstack

from trials.cloud import STATE, Cloud, Sampler, until
from trials.leftovers import left_over
from trials.observed import differences, log_append, steps
from trials.optimizer import GODWIT, request
from trials.runs import configure, end_in_order
from trials.servers import resting, working

PREFIX = "shadow-"
BEHAVIOURS = ("quiet", "web", "busy", "cache", "compute", "build")
NOVA_ALONE = "[DEFAULT]\ncompute_driver = libvirt.LibvirtDriver\n"
OBSERVE = "[godwit]\nobserve = True\n"
REPORT = GODWIT + "/godwit/v1/report?since="
# The service collects once a minute.
REPORT_SECONDS = 150
CLI_SECONDS = 60


def main():
    parser = argparse.ArgumentParser(prog="devstack/openstack shadow", description=__doc__)
    parser.add_argument("--migrations", type=int, default=30, metavar="N", help="number of migrations to observe (%(default)s)")
    parser.add_argument("--limit", type=float, default=60, metavar="SECONDS", help="a longer migration is aborted (%(default)s)")
    parser.add_argument("--json", metavar="FILE", help="also write migrations and report to this file")
    arguments = parser.parse_args()
    end_in_order()
    cloud = Cloud()
    cloud.end_servers_of_others(PREFIX)
    cloud.end_servers((PREFIX,))  # what advised migrations have set in their QEMUs would be seen
    begun = time.monotonic()
    usual, rows, report = {}, [], None
    try:
        configure(NOVA_ALONE, host_drivers=False)
        for behaviour in BEHAVIOURS:
            usual[behaviour] = migrated(cloud, behaviour, arguments.limit)
        configure(OBSERVE)
        since = datetime.datetime.now(datetime.timezone.utc)
        for number in range(arguments.migrations):
            behaviour = BEHAVIOURS[number % len(BEHAVIOURS)]
            rows.append(observed(cloud, behaviour, usual[behaviour], arguments.limit))
            print(line(number + 1, rows[-1]), flush=True)
        report = reported(since, len(rows))
        print("\n" + table(since))
    finally:
        configure("")
        if arguments.json:
            with open(arguments.json, "w") as file:
                json.dump({"usual": usual, "migrations": rows, "report": report}, file, indent=2)
    verdict(rows, report, time.monotonic() - begun)


def migrated(cloud, behaviour, limit, profile=False):
    """Migrates a server alone on its host, and returns what QEMU and libvirt reported meanwhile."""
    uuid = working(cloud, PREFIX + behaviour, behaviour, {})
    source = cloud.hosts[cloud.host_of(uuid)]
    target = cloud.hosts[cloud.other(source.name)]
    if profile:
        source.profile(uuid)
    sampler = Sampler(source, target, uuid)
    try:
        seen = cloud.migrate(uuid, limit)
    finally:
        sampler.close()
    arrived_at = target if seen["arrived"] else source
    resting(cloud, uuid)
    return {
        "server": PREFIX + behaviour, "uuid": uuid, "from": source.name, "arrived": seen["arrived"], "guest_bad": seen["guest_bad"],
        "seconds": seen["nova_seconds"], "libvirt": seen["libvirt"], "flags": sorted(sampler.capabilities),
        "parameters": sampler.parameters, "downtime_limits": sorted(sampler.downtime_limits),
        "states": sorted(filter(None, sampler.states)), "log_append": log_append(arrived_at.run("virsh", "dumpxml", uuid)), "tc_during": sampler.tc_classes}


def observed(cloud, behaviour, usual, limit):
    """Migrates a server while Godwit observes, and returns a row with what differs from Nova without Godwit."""
    advised = advice()
    seen = migrated(cloud, behaviour, limit, profile=True)
    left = left_over(cloud)  # also waits for the host driver's end of the migration
    source = cloud.hosts[seen["from"]]
    known = [each for each in source.migrations() if each["vm"] == seen["uuid"]][-1:]
    status = known[0] if known else {}
    choice = (status.get("outcome") or {}).get("observed") or {}
    wrong = differences(usual, seen, steps(500, 10)) + left
    if advice() != advised:
        wrong.append("nova-compute has logged advice of Godwit")
    if not status.get("observed"):
        wrong.append("the host driver has not observed it")
    return dict(
        seen, wrong=wrong, phase=status.get("phase"), error=status.get("error"), technique=status.get("technique"),
        chosen=(choice.get("decision") or status.get("decision") or {}).get("technique"), left_to_nova=choice.get("leftToNova"),
        slo_of_nova=choice.get("novaViolates"), slo_of_choice=choice.get("choiceViolates"))


def advice():
    """Returns how many migrations the nova-computes have ordered as Godwit advised, by their logs."""
    count = 0
    for name in ("compute1", "compute2"):
        with open("%s/log/nova-compute-%s.log" % (STATE, name), errors="replace") as log:
            count += sum("Godwit: " in each and ", flags 0x" in each for each in log)
    return count


def reported(since, migrations):
    """Returns the report of the service once it has all migrations."""
    def complete():
        report = request("GET", REPORT + since.strftime("%Y-%m-%dT%H:%M:%SZ"))
        return report if report["observed"] >= migrations else None
    return until(complete, REPORT_SECONDS)


def table(since):
    """Returns what godwit-strategy report prints."""
    program = os.path.join(STATE, "programs/watcher-strategy/bin/godwit-strategy")
    ran = subprocess.run(
        [program, "report", "--service", GODWIT, "--since", since.strftime("%Y-%m-%dT%H:%M:%SZ")],
        env=dict(os.environ, OS_TOKEN=openstack.connect().session.get_token()), capture_output=True, text=True, timeout=CLI_SECONDS)
    return ran.stdout if ran.returncode == 0 else "godwit-strategy report failed: " + ran.stderr


def line(number, row):
    job = row["libvirt"]
    return "%-4s %3d %-15s from %s by %s: %s, TT %.1f s, DT %s ms; Godwit would have chosen %s\n         QEMU: %s%s" % (
        "BAD" if row["wrong"] else "ok", number, row["server"], row["from"], row["technique"], row["phase"] or "not seen",
        job.get("time_elapsed", 1000 * row["seconds"]) / 1000, job.get("downtime", "-"),
        "nothing else" if row["left_to_nova"] else row["chosen"], ", ".join(row["flags"]),
        "".join("\n         %s" % each for each in row["wrong"]))


def verdict(rows, report, seconds):
    wrong = [each for each in rows if each["wrong"]]
    damaged = [each for each in rows if each["guest_bad"] != 0]
    print("%d migrations in %.0f s: %d with other flags, parameters or traffic rules than Nova's own, %d damaged; "
          "%d in the report, %d compared" % (
              len(rows), seconds, len(wrong), len(damaged), report["observed"], report["all"]["migrations"]))
    if wrong or damaged or not report["all"]["migrations"]:
        sys.exit("The trial failed.")


main()
