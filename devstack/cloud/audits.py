"""Runs audits of Godwit's service and of a real Watcher. Each relieves a hot host and empties a host through Nova.

Then an action plan of each is cancelled during a migration, and migrations of each are rolled back. At last the service migrates cold.
"""
import argparse
import json
import os
import subprocess
import sys

from trials import cold
from trials.cloud import STATE, Cloud, until
from trials.leftovers import left_over
from trials.optimizer import GODWIT, WATCHER, Optimizer
from trials.runs import end_in_order
from trials.servers import PRECOPY, lose_destination

SERVERS = {"quiet": "quiet", "busy": "busy", "cache": "cache"}
SOURCE = "compute1"
FIRST_MOVE_SECONDS = 180
# The threshold of a hot host as a share of the source's load with all servers. Each server is about a third of that load and
# must fit below the threshold.
HOT = 0.6
REVERT_SECONDS = 240


def gather(cloud):
    """Moves all servers to one host and returns their names by UUID."""
    names = {}
    for name, behaviour in SERVERS.items():
        uuid = cloud.server("audit-" + name, behaviour, SOURCE)
        names[uuid] = "audit-" + name
        if cloud.host_of(uuid) != SOURCE:
            cloud.migrate(uuid)
    return names


def technique_away(cloud, host, server):
    """Returns the technique of the last migration of a server away from a host, as its host driver reports it."""
    seen = [each for each in cloud.hosts[host].migrations() if each["vm"] == server]
    return seen[-1]["technique"] if seen else None


def moves(cloud, optimizer, plan, servers):
    """Returns the planned and the actual migration of each server of a plan."""
    rows = []
    for action in optimizer.actions(plan):
        wanted = action["input_parameters"]
        if wanted.get("resource_id") in servers and wanted["source_node"] == SOURCE:
            rows.append({
                "server": servers[wanted["resource_id"]], "planned": wanted["technique"], "state": action["state"],
                "used": technique_away(cloud, SOURCE, wanted["resource_id"]),
                "host": cloud.when_idle(wanted["resource_id"])["OS-EXT-SRV-ATTR:host"]})
    return rows


def executed(cloud, optimizer, what, plan, servers, most):
    """Executes a plan and checks that each server arrived by the planned technique."""
    optimizer.start(plan)
    state = optimizer.end(plan)
    rows = moves(cloud, optimizer, plan, servers)
    right = state == "SUCCEEDED" and 1 <= len(rows) <= most and all(
        each["planned"] == each["used"] and each["host"] != SOURCE for each in rows)
    summary = "; ".join("%s by %s" % (each["server"], each["used"]) for each in rows)
    return {"what": what, "plan": state, "moves": rows, "told": summary, "right": right}


def cooled(cloud, optimizer):
    servers = gather(cloud)
    return executed(cloud, optimizer, "cooled", optimizer.cool(round(HOT * cloud.hosts[SOURCE].settled_load(), 3)), servers, most=1)


def emptied(cloud, optimizer):
    servers = gather(cloud)
    result = executed(cloud, optimizer, "emptied", optimizer.empty(SOURCE), servers, most=len(servers))
    result["right"] = result["right"] and len(result["moves"]) == len(servers)
    return result


def cancelled(cloud, optimizer):
    """Cancels a plan as soon as the first server migrates."""
    servers = gather(cloud)
    plan = optimizer.empty(SOURCE)
    optimizer.start(plan)
    until(lambda: any(cloud.show(uuid)["status"] == "MIGRATING" for uuid in servers) or None, FIRST_MOVE_SECONDS)
    optimizer.cancel(plan)
    state = optimizer.end(plan)
    seen = {name: cloud.when_idle(uuid) for uuid, name in servers.items()}
    stayed = [name for name, server in seen.items() if server["OS-EXT-SRV-ATTR:host"] == SOURCE]
    well = all(server["status"] == "ACTIVE" for server in seen.values())
    return {"what": "cancelled", "plan": state, "stayed": stayed, "told": "stayed: " + ", ".join(stayed),
            "right": state == "CANCELLED" and well and len(stayed) >= 2}


def rolled_back(cloud, optimizer):
    """The last server of a plan loses its destination, so that its migration fails and the plan rolls the earlier ones back.

    The plan disables the source. It has to be enabled first, because Nova sends no server back to a disabled host.
    """
    servers = gather(cloud)
    for uuid in servers:
        cloud.set_metadata(uuid, **{"godwit:technique": PRECOPY})
    try:
        plan = optimizer.empty(SOURCE, on_failure="rollback", disable_hosts=True)
        last = optimizer.actions(plan)[-1]["input_parameters"]["resource_id"]
        optimizer.start(plan)
        lose_destination(cloud, last, SOURCE, FIRST_MOVE_SECONDS)
        state = optimizer.end(plan)
        enabled = cloud.compute_service(SOURCE).status == "enabled"
    finally:
        cloud.nova.enable_service(cloud.compute_service(SOURCE))
        for uuid in servers:
            cloud.set_metadata(uuid)
    hosts = {name: cloud.when_idle(uuid)["OS-EXT-SRV-ATTR:host"] for uuid, name in servers.items()}
    rows = moves(cloud, optimizer, plan, servers)
    left = [each["server"] for each in rows if each["state"] == "SUCCEEDED"]
    return {"what": "rolled back", "plan": state, "moves": rows, "hosts": hosts, "told": "back: " + ", ".join(left),
            "right": state == "FAILED" and enabled and len(left) == 2 and set(hosts.values()) == {SOURCE}}


def reverted(cloud, optimizer):
    """Executes and reverts the plugin's action directly, because Watcher (up to 2026) never reverts a failed action."""
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
          reverted: (PLUGIN,), cold.moved_cold: (cold.SERVICE,), cold.copied_cold: (cold.SERVICE,), cold.refused_cold: (cold.SERVICE,)}


def main():
    parser = argparse.ArgumentParser(prog="devstack/openstack audits", description=__doc__)
    parser.add_argument("--json", metavar="FILE", help="also write the results to this file")
    parser.add_argument("--only", metavar="TRIAL", help="run only this trial: %s" % ", ".join(sorted({t.__name__ for t in TRIALS})))
    arguments = parser.parse_args()
    end_in_order()
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
        sys.exit("failed trials: %s" % json.dumps([each for each in seen if not each["right"]]))


main()
