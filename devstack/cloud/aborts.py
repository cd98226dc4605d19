"""Migrations that come to nothing: Nova aborts or refuses them, or the destination dies. Then it is looked at what is left."""
import argparse
import json
import sys
import uuid as uuids

from trials.cloud import Cloud, until
from trials.leftovers import left_over
from trials.optimizer import GODWIT, request

# Large, and writes faster than the link sends: no technique is done with it at once.
BEHAVIOUR = "database"
SERVER = "abort-" + BEHAVIOUR
LIMIT_SECONDS = 90
# A decision whose migration Nova never begins is dropped by itself after two minutes; here it is dropped at once.
DROPPED_SECONDS = 20


class Trial:
    """One server that is about to leave its host."""

    def __init__(self, cloud):
        self.cloud = cloud
        self.uuid = cloud.server(SERVER, BEHAVIOUR, "compute1")
        self.source = cloud.hosts[cloud.host_of(self.uuid)]
        self.target = cloud.hosts[cloud.other(self.source.name)]

    def begin(self, technique, phases=("MIGRATING", "POSTCOPY")):
        """Has Nova begin; gives the migration as soon as it is so far, as the host driver sees it."""
        self.cloud.set_metadata(self.uuid, **{"godwit:technique": technique})
        self.cloud.action(self.uuid, **{"os-migrateLive": {"host": None, "block_migration": "auto"}})

        # Nova does not list it any more when it is in post-copy.
        migration = until(lambda: self.cloud.migration(self.uuid), LIMIT_SECONDS)

        def so_far():
            seen = [each["phase"] for each in self.source.migrations() if each["vm"] == self.uuid]
            return migration if seen and seen[-1] in phases else None
        return until(so_far, LIMIT_SECONDS)

    def abort(self, migration):
        answer = self.cloud.nova.delete("/servers/%s/migrations/%d" % (self.uuid, migration["id"]), microversion="2.90")
        return answer.status_code

    def order(self, destination):
        """Orders a move of Godwit's service, as Watcher's plugin does; gives how it ended."""
        path = GODWIT + "/godwit/v1/hosts/%s/migrations/%s" % (self.source.name, uuids.uuid4())
        request("PUT", path, {
            "resource_id": self.uuid, "source_node": self.source.name, "destination_node": destination,
            "migration_type": "live", "technique": "PRE"})

        def ended():
            seen = request("GET", path)
            return seen if seen["phase"] in ("COMPLETED", "CANCELLED", "FAILED") else None
        return until(ended, DROPPED_SECONDS)


def aborted(trial, technique, *phase):
    """An administrator aborts it in the middle; in post-copy nobody can, and it goes to its end."""
    return "Nova answers %d to the abort" % trial.abort(trial.begin(technique, *phase))


def destination_dies(trial):
    """The VM that comes in is destroyed."""
    trial.begin("PRE")
    trial.target.run("virsh", "destroy", trial.uuid)
    return "the incoming VM is destroyed"


def refused(trial):
    """Godwit has decided, and Nova's scheduler refuses the destination, which was disabled."""
    service = next(each for each in trial.cloud.nova.services(binary="nova-compute") if each.host == trial.target.name)
    trial.cloud.nova.disable_service(service, disabled_reason="a trial")
    try:
        seen = trial.order(trial.target.name)
    finally:
        trial.cloud.nova.enable_service(service)
    return "Godwit's migration is %s" % seen["phase"]


# By name what is done, and whether the server is on its destination afterwards.
TRIALS = (
    ("pre-copy aborted", lambda trial: aborted(trial, "PRE"), False),
    ("multifd aborted", lambda trial: aborted(trial, "MULTIFD"), False),
    ("aborted before post-copy", lambda trial: aborted(trial, "POST-PREEMPT"), False),
    ("hybrid aborted", lambda trial: aborted(trial, "PRE-POST"), False),
    ("destination dies", destination_dies, False),
    ("refused by the scheduler", refused, False),
    # Last, because the server moves: its new host has not looked at it yet.
    ("aborted in post-copy", lambda trial: aborted(trial, "POST-PREEMPT", ("POSTCOPY",)), True),
)


def main():
    parser = argparse.ArgumentParser(prog="devstack/openstack aborts", description=__doc__)
    parser.add_argument("--json", metavar="FILE", help="writes all that was seen")
    arguments = parser.parse_args()
    cloud = Cloud()
    cloud.end_servers_of_others("abort-")
    rows = []
    for name, trial_of, moves in TRIALS:
        trial = Trial(cloud)
        print(name, file=sys.stderr)
        what = trial_of(trial)
        server = cloud.rests(trial.uuid)
        left = left_over(cloud) + half_state(cloud, trial, server)
        bad = cloud.verify(trial.uuid)
        moved = server["OS-EXT-SRV-ATTR:host"] == trial.target.name
        rows.append({"trial": name, "what": what, "status": server["status"], "moved": moved, "guest_bad": bad,
                     "left_over": left,
                     "right": moved == moves and server["status"] == "ACTIVE" and bad == 0 and not left})
        print("%-26s %-50s %s, %s; guest bad=%s; left over: %s" % (
            name, what, server["status"], "moved" if moved else "stays", bad, left or "nothing"), flush=True)
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump({"aborts": rows}, file, indent=2)
    wrong = [each["trial"] for each in rows if not each["right"]]
    if wrong:
        sys.exit("not as it should be: %s" % ", ".join(wrong))


def half_state(cloud, trial, server):
    """What would be wrong with the VM: on two hosts or none, paused, or set up for post-copy."""
    wrong = []
    for host in cloud.hosts.values():
        state = host.run("virsh", "domstate", trial.uuid).strip()
        here = host.name == server["OS-EXT-SRV-ATTR:host"]
        if state != ("running" if here else ""):
            wrong.append("libvirt on %s: %r" % (host.name, state))
    on = cloud.hosts[server["OS-EXT-SRV-ATTR:host"]].capabilities(trial.uuid)
    return wrong + [each for each in on if each.startswith("postcopy") or each == "multifd"]


main()
