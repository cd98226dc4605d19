"""Drains a host of six servers: by Nova, all requested at once, and by Godwit's maintenance audit with a deadline.

nova-compute is restarted with each value of max_concurrent_live_migrations.
"""
import argparse
import datetime
import statistics
import time

from trials.cloud import Cloud, until
from trials.optimizer import GODWIT, Optimizer, request
from trials.runs import configure, end_in_order, keep, known_rows

SOURCE = "compute1"
PREFIX = "drain-"
# Behaviours by name. All of them arrive by Nova's own flags, if not too many migrate at once.
SERVERS = {"idle": "idle", "quiet": "quiet", "web": "web", "shop": "web", "busy": "busy", "compute": "compute"}
CONCURRENT = (1, 4)
LIMIT_SECONDS = 600
DEADLINE = datetime.timedelta(minutes=10)
SERVICE = Optimizer("Godwit's service", GODWIT, "maintenance", "hotspot_mitigation")
WAYS = ("nova", "godwit")


def gather(cloud):
    """Moves all servers to the source and returns their ids."""
    SERVICE.end_all()
    uuids = []
    for name, behaviour in SERVERS.items():
        uuid = cloud.server(PREFIX + name, behaviour, SOURCE)
        uuids.append(uuid)
        cloud.when_idle(uuid)
        cloud.set_metadata(uuid)
        if cloud.host_of(uuid) != SOURCE:
            cloud.migrate(uuid)
    for uuid in uuids:
        cloud.hosts[SOURCE].profile(uuid)
    return uuids


def left(cloud, uuids):
    return [uuid for uuid in uuids if cloud.host_of(uuid) == SOURCE or cloud.show(uuid)["OS-EXT-STS:task_state"] is not None]


def by_nova(cloud, uuids):
    """Requests all migrations at once, with Nova's own flags, and returns what was measured once no server migrates any more."""
    for uuid in uuids:
        cloud.set_metadata(uuid, **{"godwit:technique": "nova"})
    begun = time.monotonic()
    try:
        for uuid in uuids:
            cloud.action(uuid, **{"os-migrateLive": {"host": None, "block_migration": "auto"}})
        until(lambda: not left(cloud, uuids) or None, LIMIT_SECONDS)
        return {"empty_s": round(time.monotonic() - begun, 1)}
    finally:
        for uuid in uuids:
            cloud.set_metadata(uuid)


def by_godwit(cloud, uuids):
    """Executes the plan of a maintenance audit; also returns when it was predicted to end. The time is that of audit and plan."""
    deadline = (datetime.datetime.now(datetime.timezone.utc) + DEADLINE).isoformat(timespec="seconds")
    begun = time.monotonic()
    plan = SERVICE.empty(SOURCE, deadline=deadline, parallel=len(uuids))
    planned = time.monotonic()
    SERVICE.start(plan)
    state = SERVICE.end(plan, LIMIT_SECONDS)
    ended = time.monotonic()
    schedule = request("GET", GODWIT + "/godwit/v1/action_plans/%s/schedule" % plan)
    return {"empty_s": round(ended - begun, 1), "audit_s": round(planned - begun, 1), "plan_s": round(ended - planned, 1), "plan": state,
            "predicted_s": [schedule["end"]["low"], schedule["end"]["value"], schedule["end"]["high"]],
            "techniques": [each["input_parameters"].get("technique") for each in SERVICE.actions(plan)]}


def measured(cloud, way, concurrent):
    uuids = gather(cloud)
    row = {"way": way, "max_concurrent_live_migrations": concurrent}
    row.update((by_nova if way == "nova" else by_godwit)(cloud, uuids))
    seen = [cloud.when_idle(uuid) for uuid in uuids]
    row["failed"] = sum(each["status"] != "ACTIVE" or each["OS-EXT-SRV-ATTR:host"] == SOURCE for each in seen)
    row["damaged"] = sum(cloud.verify(uuid) != 0 for uuid in uuids)
    return row


def table(rows):
    print("| at once | way | runs | empty s, median | failed | damaged | predicted interval held |\n|---|---|---|---|---|---|---|")
    for concurrent in CONCURRENT:
        for way in WAYS:
            mine = [each for each in rows if each["way"] == way and each["max_concurrent_live_migrations"] == concurrent]
            if not mine:
                continue
            held = [each["predicted_s"][0] <= each["plan_s"] <= each["predicted_s"][2] for each in mine if "predicted_s" in each]
            print("| %d | %s | %d | %.1f | %d | %d | %s |" % (
                concurrent, way, len(mine), statistics.median(each["empty_s"] for each in mine), sum(each["failed"] for each in mine),
                sum(each["damaged"] for each in mine), "%d of %d" % (sum(held), len(held)) if held else "-"))


def main():
    parser = argparse.ArgumentParser(prog="devstack/openstack drain", description=__doc__)
    parser.add_argument("--json", metavar="FILE", help="append the results to this file, one JSON object a line, and continue it")
    parser.add_argument("--runs", type=int, default=1, help="drains by each way and value (1)")
    parser.add_argument("--minutes", type=float, default=60, help="begin no other drain after this time (60)")
    arguments = parser.parse_args()
    end_in_order()
    begun = time.monotonic()
    cloud = Cloud()
    cloud.end_servers_of_others(PREFIX)
    rows = known_rows(arguments.json)
    try:
        for concurrent in CONCURRENT:
            configure("[DEFAULT]\nmax_concurrent_live_migrations = %d\n" % concurrent)
            for way in WAYS:
                done = sum(each["way"] == way and each["max_concurrent_live_migrations"] == concurrent for each in rows)
                for _ in range(done, arguments.runs):
                    if time.monotonic() - begun > 60 * arguments.minutes:
                        break
                    row = measured(cloud, way, concurrent)
                    rows.append(row)
                    keep(row, arguments.json)
    finally:
        configure("")
    table(rows)


main()
