"""Migrates servers whose writes triple two seconds into the migration: by Nova in three configurations, and by Godwit.

Sizes, working sets and rates are drawn by a seed. Before they triple, a pre-copy of each server would come to its end.
"""
import argparse
import random
import statistics
import sys
import time

from trials import BEHAVIOURS
from trials.cloud import Cloud
from trials.console import Terminal
from trials.optimizer import GODWIT, request
from trials.runs import configure, end_in_order, keep, known_rows
from trials.servers import SETTLE_SECONDS, working

PREFIX = "surge-"
SURGE_SECONDS = 2
TIMES = 3
LIMIT_SECONDS = 45
FORCE_SECONDS = 15
# the links between the hosts send about 120 MB/s
RATES_KIB = (25_000, 60_000)
# Post-copy only if nothing else is expected to end: the choice falls on pre-copy, which does not end once the writes have tripled.
POLICY_IF_NEEDED = "surge-if-needed"
POLICY_PATH = GODWIT + "/godwit/v1/policies/" + POLICY_IF_NEEDED
POLICY = {"name": POLICY_IF_NEEDED, "scenario": "hotspot", "optimize": {"TT": 1.0}, "postcopy": "if_needed", "slos": [
    {"metric": "PERF", "threshold": 0.75, "weight": 0.7}, {"metric": "DT", "threshold": 1000, "weight": 0.3}]}
# The configuration of Nova for each way, Godwit's policy if it decides, and whether the migration is forced to complete.
WAYS = {
    "nova": ("", None, False),
    "auto_converge": ("[libvirt]\nlive_migration_permit_auto_converge = true", None, False),
    "post_copy": ("[libvirt]\nlive_migration_permit_post_copy = true", None, True),
    "godwit": ("", "ensure_performance", False),
    "godwit_if_needed": ("", POLICY_IF_NEEDED, False),
}


class Surging:
    """A server with its usual rate of writes."""

    def __init__(self, number, draw):
        self.behaviour = draw.choice(("mixed", "log", "database"))
        touched = int(BEHAVIOURS[self.behaviour][1].split("touched=")[1].split()[0])
        self.name = "%s%d-%s" % (PREFIX, number, self.behaviour)
        self.working_set = round(touched * draw.uniform(0.4, 0.8))
        self.rate = round(draw.uniform(*RATES_KIB))
        # Compression and deltas help where pages compress well and little of them changes.
        self.change = draw.choice((64, 1024, 4096, 4096))
        self.entropy = draw.choice((300, 900))

    def usual(self):
        return "set ws=%d dirty=%d pattern=random change=%d entropy=%d" % (
            self.working_set, self.rate, self.change, self.entropy)

    def surge(self):
        return "set dirty=%d" % (TIMES * self.rate)


def say(cloud, uuid, line):
    with Terminal(cloud.hosts[cloud.host_of(uuid)], uuid) as terminal:
        terminal.say(line)


def migrate(cloud, server, policy, force):
    uuid = working(cloud, server.name, server.behaviour, {
        "godwit:technique": "" if policy else "nova", "godwit:policy": policy or ""})
    say(cloud, uuid, server.usual())
    cloud.verify(uuid)  # the guest obeys one command after another: new content takes it some time
    source = cloud.hosts[cloud.host_of(uuid)]
    time.sleep(SETTLE_SECONDS)
    if policy:
        source.profile(uuid)
    began, surged, forced = [], [], []
    with Terminal(source, uuid) as terminal:
        def while_it_runs(seconds):
            if not began and (source.query(uuid, "query-migrate") or {}).get("status") == "active":
                began.append(seconds)
            if began and not surged and seconds - began[0] >= SURGE_SECONDS:
                terminal.say(server.surge())
                surged.append(seconds)
            if force and not forced and seconds > FORCE_SECONDS:
                running = cloud.migration(uuid)
                if running is not None and running["status"] == "running":
                    cloud.nova.post("/servers/%s/migrations/%d/action" % (uuid, running["id"]), json={"force_complete": None},
                                    microversion="2.90")
                    forced.append(seconds)
        seen = cloud.migrate(uuid, LIMIT_SECONDS, while_it_runs)
    known = [each for each in source.migrations() if each["vm"] == uuid] if policy else []
    outcome = (known[-1].get("outcome") or {}) if known else {}
    cloud.end_servers((server.name,))
    return {
        "server": server.name, "working_set_mib": server.working_set, "rate_kib_s": server.rate, "change": server.change,
        "entropy": server.entropy, "surged": bool(surged),
        "technique": known[-1]["technique"] if known else None,
        "switched": any("switched to post-copy" in note for note in outcome.get("notes", [])),
        "arrived": seen["arrived"], "bad": seen["guest_bad"], "perf": seen["perf"], "gap_ms": seen["guest_gap_ms"],
        "tt_s": round(seen["libvirt"].get("time_elapsed", 1000 * seen["nova_seconds"]) / 1000, 1),
        "dt_ms": seen["libvirt"].get("downtime")}


def table(rows):
    print("| way | servers | arrived | TT s, median | longest gap ms, median | PERF, median | switched while it ran |\n"
          "|---|---|---|---|---|---|---|")
    for way in WAYS:
        mine = [each for each in rows if each["way"] == way]
        if mine:
            print("| %s | %d | %d | %.1f | %d | %.2f | %d |" % (
                way, len(mine), sum(each["arrived"] for each in mine), statistics.median(each["tt_s"] for each in mine),
                statistics.median(each["gap_ms"] for each in mine), statistics.median(each["perf"] for each in mine),
                sum(each["switched"] for each in mine)))


def main():
    parser = argparse.ArgumentParser(prog="devstack/openstack surge", description=__doc__)
    parser.add_argument("--servers", type=int, default=20, help="number of servers (20)")
    parser.add_argument("--seed", type=int, default=1, help="seed of sizes and rates (1)")
    parser.add_argument("--ways", nargs="+", choices=list(WAYS), default=list(WAYS), help="only these ways")
    parser.add_argument("--json", metavar="FILE", help="append the results to this file, one JSON object a line, and continue it")
    parser.add_argument("--minutes", type=float, default=90, help="begin no other migration after this time (90)")
    arguments = parser.parse_args()
    end_in_order()
    ends = time.monotonic() + 60 * arguments.minutes
    draw = random.Random(arguments.seed)
    servers = [Surging(number, draw) for number in range(1, arguments.servers + 1)]
    cloud = Cloud()
    cloud.end_servers_of_others(PREFIX)
    request("PUT", POLICY_PATH, POLICY)
    try:
        table(measured(cloud, servers, arguments, ends))
    finally:
        request("DELETE", POLICY_PATH)


def measured(cloud, servers, arguments, ends):
    """Migrates each server in each way, as far as that was not done before, and returns all rows."""
    rows = known_rows(arguments.json)
    done = {(each["way"], each["server"]) for each in rows}
    for way in arguments.ways:
        options, policy, force = WAYS[way]
        left = [each for each in servers if (way, each.name) not in done]
        if not left or time.monotonic() > ends:
            continue
        configure(options)
        try:
            for server in left:
                if time.monotonic() > ends:
                    break
                row = dict(migrate(cloud, server, policy, force), way=way)
                rows.append(row)
                keep(row, arguments.json)
                if row["bad"] != 0:
                    sys.exit("the memory of %s is damaged: %s" % (server.name, row))
        finally:
            configure("")
    return rows


main()
