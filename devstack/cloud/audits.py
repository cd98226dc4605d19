"""One audit in Godwit's service and one in the real Watcher: each empties a host through Nova, by the planned techniques.

Then a plan of each is cancelled in the middle of a migration, and a move is taken back.
"""
import argparse
import json
import sys
import time

import openstack

from trials.cloud import Cloud

SERVERS = {"quiet": "quiet", "busy": "busy", "cache": "cache"}
VERSION = {"OpenStack-API-Version": "infra-optim latest"}
PLAN_SECONDS = 180
BOOT_SECONDS = 25
# What the driver of the source may still need after the service says that it is over.
TIDY_SECONDS = 30


class Optimizer:
    """Somebody who speaks Watcher's API."""

    def __init__(self, name, url, strategy):
        self.name, self._url, self._strategy = name, url, strategy
        self._session = openstack.connect().session

    def _call(self, method, path, body=None):
        answer = self._session.request(self._url + path, method, json=body, headers=VERSION, raise_exc=False)
        if answer.status_code // 100 != 2:
            raise RuntimeError("%s: %s %s: %d %s" % (self.name, method, path, answer.status_code, answer.text))
        return answer.json() if answer.text else None

    def plan(self, host):
        """A plan that empties a host."""
        audit = self._call("POST", "/v1/audits", {
            "goal": "cluster_maintaining", "strategy": self._strategy, "audit_type": "ONESHOT",
            "parameters": {"maintenance_node": host}})["uuid"]
        ended = until(lambda: self._state("/v1/audits/" + audit, ("PENDING", "ONGOING")), PLAN_SECONDS)
        if ended["state"] != "SUCCEEDED":
            raise RuntimeError("%s: the audit is %s" % (self.name, ended))
        return self._call("GET", "/v1/action_plans?audit_uuid=" + audit)["action_plans"][0]["uuid"]

    def _state(self, path, going):
        seen = self._call("GET", path)
        return None if seen["state"] in going else seen

    def start(self, plan):
        self._call("POST", "/v1/action_plans/%s/start" % plan, {})

    def cancel(self, plan):
        self._call("PATCH", "/v1/action_plans/" + plan, [{"op": "replace", "path": "/state", "value": "CANCELLING"}])

    def end(self, plan):
        going = ("RECOMMENDED", "PENDING", "ONGOING", "CANCELLING")
        return until(lambda: self._state("/v1/action_plans/" + plan, going), PLAN_SECONDS)["state"]

    def actions(self, plan):
        return self._call("GET", "/v1/actions/detail?action_plan_uuid=" + plan)["actions"]


def until(look, seconds):
    """What look gives as soon as it gives something; neither service tells of changes."""
    deadline = time.monotonic() + seconds
    while True:
        seen = look()
        if seen is not None:
            return seen
        if time.monotonic() > deadline:
            raise TimeoutError("nothing after %d s" % seconds)
        time.sleep(0.3)


def gather(cloud, host):
    """All servers on one host; returns their names by UUID."""
    names = {}
    fresh = any(cloud.nova.find_server("audit-" + name) is None for name in SERVERS)
    for name, behaviour in SERVERS.items():
        uuid = cloud.server("audit-" + name, behaviour, host)
        names[uuid] = "audit-" + name
        if cloud.host_of(uuid) != host:
            cloud.migrate(uuid)
    # A server that boots takes more than it will.
    time.sleep(BOOT_SECONDS if fresh else 0)
    return names


def really(cloud, host, server):
    """The technique by which a server left a host last, as its host driver saw it."""
    seen = [each for each in cloud.hosts[host].migrations() if each["vm"] == server]
    return seen[-1]["technique"] if seen else None


def rests(cloud, server):
    """Waits until Nova is done with a server."""
    return until(lambda: cloud.look(server) if cloud.look(server)["OS-EXT-STS:task_state"] is None else None, 90)


def carried_out(cloud, optimizer, source):
    servers = gather(cloud, source)
    plan = optimizer.plan(source)
    optimizer.start(plan)
    state = optimizer.end(plan)
    moves = []
    for action in optimizer.actions(plan):
        wanted = action["input_parameters"]
        if wanted.get("resource_id") in servers:
            moves.append({
                "server": servers[wanted["resource_id"]], "planned": wanted["technique"], "state": action["state"],
                "used": really(cloud, source, wanted["resource_id"]),
                "host": rests(cloud, wanted["resource_id"])["OS-EXT-SRV-ATTR:host"]})
    right = state == "SUCCEEDED" and len(moves) == len(servers) and all(
        each["planned"] == each["used"] and each["host"] != source for each in moves)
    return {"by": optimizer.name, "what": "carried out", "plan": state, "moves": moves, "right": right}


def cancelled(cloud, optimizer, source):
    """Cancelled as soon as the first server is on its way."""
    servers = gather(cloud, source)
    plan = optimizer.plan(source)
    optimizer.start(plan)
    until(lambda: any(cloud.look(uuid)["status"] == "MIGRATING" for uuid in servers) or None, PLAN_SECONDS)
    optimizer.cancel(plan)
    state = optimizer.end(plan)
    hosts = {name: rests(cloud, uuid) for uuid, name in servers.items()}
    stayed = [name for name, seen in hosts.items() if seen["OS-EXT-SRV-ATTR:host"] == source]
    well = all(seen["status"] == "ACTIVE" for seen in hosts.values())
    return {"by": optimizer.name, "what": "cancelled", "plan": state, "stayed": stayed,
            "right": state == "CANCELLED" and well and len(stayed) >= 2}


def left_over(cloud):
    """What should not be there any more: classes of tc, and migrations that wait or run."""
    def look():
        open_ones = [(host.name, each["id"]) for host in cloud.hosts.values() for each in host.migrations()
                     if each["phase"] not in ("COMPLETED", "CANCELLED", "FAILED")]
        return (open_ones + [line for host in cloud.hosts.values() for line in host.tc_classes()]) or None
    deadline = time.monotonic() + TIDY_SECONDS
    while look() is not None and time.monotonic() < deadline:
        time.sleep(0.5)
    return look() or []


def main():
    parser = argparse.ArgumentParser(prog="devstack/openstack audits", description=__doc__)
    parser.add_argument("--json", metavar="FILE", help="writes all that was seen")
    arguments = parser.parse_args()
    cloud = Cloud()
    optimizers = (Optimizer("Godwit's service", "http://10.97.0.1:9323", "maintenance"),
                  Optimizer("Watcher with Godwit's plugin", "http://10.97.0.1:9322", "godwit_maintenance"))
    seen = []
    source = "compute1"
    for trial in (carried_out, cancelled):
        for optimizer in optimizers:
            result = trial(cloud, optimizer, source)
            seen.append(result)
            print("%-30s %-12s plan %-10s %s" % (
                result["by"], result["what"], result["plan"],
                "; ".join("%s by %s" % (each["server"], each["used"]) for each in result.get("moves", ()))
                or "stayed: " + ", ".join(result.get("stayed", ()))), flush=True)
    left = left_over(cloud)
    print("left over: %s" % (left or "nothing"))
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump({"audits": seen, "left_over": left}, file, indent=2)
    if left or not all(each["right"] for each in seen):
        sys.exit("not as it should be: %s" % json.dumps([each for each in seen if not each["right"]]))


main()
