"""Audits of Godwit's service and of the real Watcher: each cools a host and empties one, through Nova, by the planned techniques.

Then a plan of each is cancelled in the middle of a migration, and moves of each are taken back.
"""
import argparse
import json
import os
import subprocess
import sys

from trials.cloud import STATE, Cloud, until
from trials.leftovers import left_over
from trials.optimizer import GODWIT, WATCHER, Optimizer

SERVERS = {"quiet": "quiet", "busy": "busy", "cache": "cache"}
SOURCE = "compute1"
FIRST_MOVE_SECONDS = 180
# Of the source's load when all servers are there: what is over it is hot. Each server is about a third of it, and must fit below.
HOT = 0.6
REVERT_SECONDS = 240


def gather(cloud):
    """All servers on one host; returns their names by UUID."""
    names = {}
    for name, behaviour in SERVERS.items():
        uuid = cloud.server("audit-" + name, behaviour, SOURCE)
        names[uuid] = "audit-" + name
        if cloud.host_of(uuid) != SOURCE:
            cloud.migrate(uuid)
    return names


def technique_away(cloud, host, server):
    """The technique by which a server left a host last, as its host driver saw it."""
    seen = [each for each in cloud.hosts[host].migrations() if each["vm"] == server]
    return seen[-1]["technique"] if seen else None


def moves(cloud, optimizer, plan, servers):
    """What a plan wanted with each server, and what became of it."""
    rows = []
    for action in optimizer.actions(plan):
        wanted = action["input_parameters"]
        if wanted.get("resource_id") in servers and wanted["source_node"] == SOURCE:
            rows.append({
                "server": servers[wanted["resource_id"]], "planned": wanted["technique"], "state": action["state"],
                "used": technique_away(cloud, SOURCE, wanted["resource_id"]),
                "host": cloud.rests(wanted["resource_id"])["OS-EXT-SRV-ATTR:host"]})
    return rows


def carried_out(cloud, optimizer, what, plan, servers, most):
    """Every move by its planned technique, and the server where the plan wants it."""
    optimizer.start(plan)
    state = optimizer.end(plan)
    rows = moves(cloud, optimizer, plan, servers)
    right = state == "SUCCEEDED" and 1 <= len(rows) <= most and all(
        each["planned"] == each["used"] and each["host"] != SOURCE for each in rows)
    told = "; ".join("%s by %s" % (each["server"], each["used"]) for each in rows)
    return {"what": what, "plan": state, "moves": rows, "told": told, "right": right}


def cooled(cloud, optimizer):
    servers = gather(cloud)
    return carried_out(cloud, optimizer, "cooled", optimizer.cool(round(HOT * cloud.hosts[SOURCE].settled_load(), 3)), servers, most=1)


def emptied(cloud, optimizer):
    servers = gather(cloud)
    result = carried_out(cloud, optimizer, "emptied", optimizer.empty(SOURCE), servers, most=len(servers))
    result["right"] = result["right"] and len(result["moves"]) == len(servers)
    return result


def cancelled(cloud, optimizer):
    """Cancelled as soon as the first server is on its way."""
    servers = gather(cloud)
    plan = optimizer.empty(SOURCE)
    optimizer.start(plan)
    until(lambda: any(cloud.look(uuid)["status"] == "MIGRATING" for uuid in servers) or None, FIRST_MOVE_SECONDS)
    optimizer.cancel(plan)
    state = optimizer.end(plan)
    seen = {name: cloud.rests(uuid) for uuid, name in servers.items()}
    stayed = [name for name, server in seen.items() if server["OS-EXT-SRV-ATTR:host"] == SOURCE]
    well = all(server["status"] == "ACTIVE" for server in seen.values())
    return {"what": "cancelled", "plan": state, "stayed": stayed, "told": "stayed: " + ", ".join(stayed),
            "right": state == "CANCELLED" and well and len(stayed) >= 2}


def rolled_back(cloud, optimizer):
    """The last server of a plan is paused before its turn, so that its move fails: what has moved is moved back."""
    servers = gather(cloud)
    plan = optimizer.empty(SOURCE, on_failure="rollback")
    last = optimizer.actions(plan)[-1]["input_parameters"]["resource_id"]
    cloud.action(last, pause=None)
    until(lambda: cloud.look(last)["status"] == "PAUSED" or None, FIRST_MOVE_SECONDS)
    try:
        optimizer.start(plan)
        state = optimizer.end(plan)
    finally:
        cloud.action(last, unpause=None)
    hosts = {name: cloud.rests(uuid)["OS-EXT-SRV-ATTR:host"] for uuid, name in servers.items()}
    rows = moves(cloud, optimizer, plan, servers)
    left = [each["server"] for each in rows if each["state"] == "SUCCEEDED"]
    return {"what": "rolled back", "plan": state, "moves": rows, "hosts": hosts, "told": "back: " + ", ".join(left),
            "right": state == "FAILED" and len(left) == 2 and set(hosts.values()) == {SOURCE}}


def reverted(cloud, optimizer):
    """The plugin's action by itself: no Watcher up to 2026's ever calls the revert of an action that has failed."""
    servers = gather(cloud)
    plan = optimizer.empty(SOURCE)
    action = optimizer.actions(plan)[0]
    wanted = dict(action["input_parameters"])
    run = subprocess.run(
        [sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "revert.py"), STATE + "/etc/watcher.conf",
         json.dumps(wanted)],
        env=dict(os.environ, PYTHONPATH=os.environ["GODWIT_PLUGIN"]), capture_output=True, text=True, timeout=REVERT_SECONDS)
    if run.returncode != 0:
        raise RuntimeError(run.stderr[-3000:])
    seen = dict(json.loads(run.stdout.splitlines()[-1]), server=servers[wanted["resource_id"]])
    seen["back_by"] = technique_away(cloud, wanted["destination_node"], wanted["resource_id"])
    return {"what": "reverted", "plan": "-", "revert": seen,
            "told": "%s to %s and back by %s" % (seen["server"], seen["there"], seen["back_by"]),
            "right": seen["executed"] and seen["reverted"] and seen["there"] != SOURCE and seen["back"] == SOURCE}


SERVICE = Optimizer("Godwit's service", GODWIT, "maintenance", "hotspot_mitigation")
PLUGIN = Optimizer("Watcher with Godwit's plugin", WATCHER, "godwit_maintenance", "godwit_hotspot")
TRIALS = {cooled: (SERVICE, PLUGIN), emptied: (SERVICE, PLUGIN), cancelled: (SERVICE, PLUGIN), rolled_back: (SERVICE,),
          reverted: (PLUGIN,)}


def main():
    parser = argparse.ArgumentParser(prog="devstack/openstack audits", description=__doc__)
    parser.add_argument("--json", metavar="FILE", help="writes all that was seen")
    parser.add_argument("--only", metavar="TRIAL", help="one of %s" % ", ".join(sorted({t.__name__ for t in TRIALS})))
    arguments = parser.parse_args()
    cloud = Cloud()
    cloud.end_servers_of_others("audit-")
    seen = []
    for trial, optimizer in ((trial, optimizer) for trial, optimizers in TRIALS.items() for optimizer in optimizers):
        if arguments.only not in (None, trial.__name__):
            continue
        result = dict(trial(cloud, optimizer), by=optimizer.name)
        seen.append(result)
        print("%-30s %-12s plan %-10s %s" % (result["by"], result["what"], result["plan"], result["told"]), flush=True)
    left = left_over(cloud)
    print("left over: %s" % (left or "nothing"))
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump({"audits": seen, "left_over": left}, file, indent=2)
    if left or not all(each["right"] for each in seen):
        sys.exit("not as it should be: %s" % json.dumps([each for each in seen if not each["right"]]))


main()
