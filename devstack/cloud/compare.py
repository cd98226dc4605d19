"""Compares Nova's own flags in three configurations with Godwit in three, on twenty servers, each migrated several times.

Twelve servers have known behaviours, eight are drawn by the seed. The rows are kept in FILE.rows: a run that has ended early, or was killed,
is continued by the same command.
"""
import argparse
import json
import os
import subprocess
import sys
import time

import openstack

from trials import FLAVORS
from trials.cloud import STATE, Cloud
from trials.comparison import services
from trials.comparison.order import cells, to_end
from trials.comparison.servers import DRAWN, PREFIX, servers
from trials.comparison.summary import summary
from trials.comparison.table import cell, check, tables
from trials.comparison.ways import FORCE_SECONDS, WAYS
from trials.images import Images
from trials.runs import append, configure, end_in_order, known_rows
from trials.servers import resting, working

# after this time a migration is aborted, as an operator would do when the maintenance window ends
LIMIT_SECONDS = 45
# A cell that cannot be measured is left for the next run; several in a row mean that something is broken.
FAILURES = (OSError, RuntimeError, subprocess.SubprocessError, openstack.exceptions.SDKException)
MOST_FAILURES = 3
# what Nova's services take is measured on the one that works little and on the one that works most
CHECKED = ("idle", "compute")


class Comparison:
    """The servers on the cloud; those that do not fit into the memory beside others are deleted and created again."""

    def __init__(self, cloud, chosen):
        self._cloud = cloud
        self._ram = {each.name: each.ram for each in chosen}
        self._resident = {}

    def settle(self):
        """Ends what a killed run has left: migrations first, because a restart of nova-compute would lose their servers."""
        self._cloud.end_servers_of_others(PREFIX)
        for server in self._servers():
            try:
                self._cloud.end_migration(server.id)
            except TimeoutError:
                pass  # nova-compute does not run
        configure("")
        kept = {PREFIX + name: name for name in self._ram}
        self._cloud.end_servers((PREFIX,), but=kept)
        for server in self._servers():
            try:
                resting(self._cloud, server.id)
                self._resident[kept[server.name]] = self._ram[kept[server.name]]
            except TimeoutError:
                self._cloud.end_server(server.name)

    def _servers(self):
        return [each for each in self._cloud.nova.servers() if each.name.startswith(PREFIX)]

    def prepare(self, chosen):
        """Creates the images and flavors that are missing."""
        images = Images()
        for name, (ram, vcpus) in FLAVORS.items():
            images.flavor(name, ram, vcpus)
        images.end(DRAWN, but=self._ram)
        for server in chosen:
            images.guest(server.name, server.parameters, STATE + "/disk.raw")

    def end(self, name):
        """Deletes a server that is in an unknown state."""
        self._resident.pop(name, None)
        self._cloud.end_server(PREFIX + name)

    def works(self, server, metadata):
        """Has a server run while all others are paused, and returns its id."""
        for name in to_end(self._resident, (server.name, server.ram)):
            self.end(name)
        self._resident.pop(server.name, None)
        uuid = working(self._cloud, PREFIX + server.name, server.name, metadata, server.flavor)
        self._resident[server.name] = server.ram  # the last one used
        return uuid


def migrate(comparison, cloud, server, way):
    uuid = comparison.works(server, {"godwit:technique": "" if way.policy else "nova", "godwit:policy": way.policy or ""})
    source = cloud.hosts[cloud.host_of(uuid)]
    before = {each["id"] for each in source.migrations()} if way.policy else set()
    if way.policy:
        source.profile(uuid)  # the host driver has been started for these cells, and has not profiled its servers from time to time
    forced, capabilities = [], []

    def while_it_runs(seconds):
        if not capabilities and (source.query(uuid, "query-migrate") or {}).get("status") == "active":
            capabilities.extend(source.capabilities(uuid))
        running = cloud.migration(uuid) if way.force and not forced and seconds > FORCE_SECONDS else None
        if running is not None and running["status"] == "running":
            cloud.nova.post("/servers/%s/migrations/%d/action" % (uuid, running["id"]), json={"force_complete": None},
                            microversion="2.90")
            forced.append(seconds)

    try:
        seen = cloud.migrate(uuid, LIMIT_SECONDS, while_it_runs)
    finally:
        resting(cloud, uuid)
    known = [each for each in source.migrations() if each["vm"] == uuid and each["id"] not in before] if way.policy else []
    job = seen["libvirt"]
    return {
        "server": server.name, "title": server.title, "parameters": server.parameters, "arrived": seen["arrived"],
        "technique": known[-1]["technique"] if known else None, "forced": bool(forced), "capabilities": capabilities,
        "tt_s": round(job.get("time_elapsed", 1000 * seen["nova_seconds"]) / 1000, 3), "nova_s": seen["nova_seconds"],
        "dt_ms": max(0, round(seen["guest_gap_ms"] - seen["guest_usual_gap_ms"], 1)), "dt_libvirt_ms": job.get("downtime"),
        "td_mb": round((seen["aborted_bytes"] if not seen["arrived"] else job.get("memory_processed", 0)) / 1e6, 1),
        "perf": seen["perf"] or 0, "lost_ms": seen["guest_lost_ms"], "bad": seen["guest_bad"]}


def checks(comparison, cloud, chosen, file):
    """Measures what Nova's services take from guests, and returns the rows."""
    rows = []
    for server in chosen:
        uuid = comparison.works(server, {})
        try:
            rows.append(services.check(cloud, uuid, server.name))
        finally:
            resting(cloud, uuid)
        print(check(rows[-1]), flush=True)
        if server.name == CHECKED[0] and rows[-1]["take_percent"] > services.MOST_PERCENT:
            print("That is more than %d %%: DT and PERF have a part of Nova's work. Does %s/log/cores.log say how guests are favoured?"
                  % (services.MOST_PERCENT, STATE), flush=True)
        append(rows[-1], file)
    return rows


def write(path, rows):
    """Writes the summary, so that no reader sees half of it."""
    if path:
        with open(path + ".new", "w") as file:
            json.dump(summary(rows), file, indent=1)
            file.write("\n")
        os.replace(path + ".new", path)


def measure(arguments, rows):
    """Measures what is missing, and adds its rows."""
    ends = time.monotonic() + 60 * arguments.minutes
    everything = servers(arguments.seed)
    by_name = {each.name: each for each in everything if not arguments.servers or each.name in arguments.servers}
    done = {(row["round"], row["way"], row["server"]) for row in rows if "way" in row}
    ordered = cells(arguments.rounds, arguments.ways, list(by_name), arguments.seed)
    left = [each for each in ordered if each not in done]
    if not left:
        return
    cloud = Cloud()
    comparison = Comparison(cloud, everything)
    configured, failures = None, 0
    try:
        comparison.settle()
        comparison.prepare(everything)
        if arguments.check:
            rows += checks(comparison, cloud, [each for each in everything if each.name in CHECKED], arguments.rows)
        for number, name, server in left:
            if time.monotonic() > ends:
                print("%d minutes are over; the same command continues." % arguments.minutes)
                return
            if name != configured:
                configure(WAYS[name].options, host_drivers=WAYS[name].policy is not None)
                configured = name
            try:
                row = dict(migrate(comparison, cloud, by_name[server], WAYS[name]), way=name, round=number)
            except FAILURES as e:
                failures += 1
                print("round %d, %s, %s was not measured: %s" % (number, name, server, e), flush=True)
                if failures == MOST_FAILURES:
                    raise
                comparison.end(server)
                continue
            failures = 0
            rows.append(row)
            append(row, arguments.rows)
            write(arguments.json, rows)
            print("%d of %d: round %d, %s, %s: %s" % (
                ordered.index((number, name, server)) + 1, len(ordered), number, name, server, cell([row])), flush=True)
            if row["bad"] != 0:
                sys.exit("the memory of %s is damaged: %s" % (server, row))
    finally:
        configure("")


def main():
    parser = argparse.ArgumentParser(prog="devstack/openstack compare", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="migrations of each server in each way (3)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the order and of eight servers (1)")
    parser.add_argument("--ways", nargs="+", choices=list(WAYS), default=list(WAYS), metavar="WAY", help="only these of %s" % ", ".join(WAYS))
    parser.add_argument("--servers", nargs="+", metavar="NAME", help="only these servers; --list prints their names")
    parser.add_argument("--minutes", type=float, default=300, help="begin no other migration after this time (300)")
    parser.add_argument("--json", metavar="FILE", help="write the summary to this file")
    parser.add_argument("--rows", metavar="FILE", help="append the rows to this file and continue it (FILE of --json, with .rows)")
    parser.add_argument("--no-check", dest="check", action="store_false", help="do not measure what Nova's services take from a guest")
    parser.add_argument("--list", action="store_true", help="print the servers and end")
    parser.add_argument("--table", metavar="FILE", help="measure nothing; print the tables of these rows, and write --json")
    arguments = parser.parse_args()
    end_in_order()
    if arguments.list:
        print("\n".join("%s: %s" % (each.title, each.parameters) for each in servers(arguments.seed)))
        return
    unknown = set(arguments.servers or ()) - {each.name for each in servers(arguments.seed)}
    if unknown:
        parser.error("no such servers: %s; --list prints the names for a seed" % ", ".join(sorted(unknown)))
    arguments.rows = arguments.table or arguments.rows or (arguments.json and arguments.json + ".rows")
    rows = known_rows(arguments.rows)
    if not arguments.table:
        measure(arguments, rows)
    write(arguments.json, rows)
    print("\n".join(tables(rows)))


main()
