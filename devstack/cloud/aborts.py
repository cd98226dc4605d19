"""Starts migrations that fail, because Nova aborts or refuses them or the destination dies, and checks what they leave."""
import argparse
import json
import sys
import uuid as uuids

from trials.cloud import Cloud, until
from trials.leftovers import left_over
from trials.optimizer import GODWIT, request

# large, and writes faster than the link sends, so that no technique completes at once
BEHAVIOUR = "database"
SERVER = "abort-" + BEHAVIOUR
LIMIT_SECONDS = 90
# A decision expires after two minutes if Nova does not start its migration; a refused one must be dropped within this time.
DROPPED_SECONDS = 20


class Trial:
    """One server to migrate from its host."""

    def __init__(self, cloud):
        self.cloud = cloud
        self.uuid = cloud.server(SERVER, BEHAVIOUR, "compute1")
        self.source = cloud.hosts[cloud.host_of(self.uuid)]
        self.target = cloud.hosts[cloud.other(self.source.name)]

    def begin(self, technique, phases=("MIGRATING", "POSTCOPY")):
        """Starts a migration through Nova and returns it as soon as the host driver reports one of the phases."""
        self.cloud.set_metadata(self.uuid, **{"godwit:technique": technique})
        self.cloud.action(self.uuid, **{"os-migrateLive": {"host": None, "block_migration": "auto"}})

        # read it now, because Nova does not list a migration in post-copy
        migration = until(lambda: self.cloud.migration(self.uuid), LIMIT_SECONDS)

        def in_phase():
            seen = [each["phase"] for each in self.source.migrations() if each["vm"] == self.uuid]
            return migration if seen and seen[-1] in phases else None
        return until(in_phase, LIMIT_SECONDS)

    def abort(self, migration):
        answer = self.cloud.nova.delete("/servers/%s/migrations/%d" % (self.uuid, migration["id"]), microversion="2.90")
        return answer.status_code

    def migrate(self, destination):
        """Requests a migration from Godwit's service, as Watcher's plugin does, and returns its end."""
        path = GODWIT + "/godwit/v1/hosts/%s/migrations/%s" % (self.source.name, uuids.uuid4())
        request("PUT", path, {
            "resource_id": self.uuid, "source_node": self.source.name, "destination_node": destination,
            "migration_type": "live", "technique": "PRE"})

        def ended():
            seen = request("GET", path)
            return seen if seen["phase"] in ("COMPLETED", "CANCELLED", "FAILED") else None
        return until(ended, DROPPED_SECONDS)


def aborted(trial, technique, *phase):
    """An administrator aborts the migration in a phase; one in post-copy cannot be aborted and completes."""
    return "Nova answers %d to the abort" % trial.abort(trial.begin(technique, *phase))


def destination_dies(trial):
    """The incoming VM is destroyed; Nova's own flags then migrate the server, which writes too fast to arrive, so that it is aborted."""
    migration = trial.begin("PRE")
    # A QEMU that ends before it receives memory may have ended because of the technique, which is then not used for an hour.
    until(lambda: (trial.source.query(trial.uuid, "query-migrate") or {}).get("status") == "active" or None, LIMIT_SECONDS)
    destroyed = trial.target.run("virsh", "domid", trial.uuid).strip()
    trial.target.run("virsh", "destroy", trial.uuid)
    until(lambda: trial.target.run("virsh", "domid", trial.uuid).strip() not in ("", "-", destroyed) or None, LIMIT_SECONDS)
    return "destroyed, begun again; Nova answers %d to the abort" % trial.abort(migration)


def refused(trial):
    """Nova's scheduler refuses the destination of a decision, because that host is disabled."""
    service = next(each for each in trial.cloud.nova.services(binary="nova-compute") if each.host == trial.target.name)
    trial.cloud.nova.disable_service(service, disabled_reason="a trial")
    try:
        seen = trial.migrate(trial.target.name)
    finally:
        trial.cloud.nova.enable_service(service)
    return "Godwit's migration is %s" % seen["phase"]


# name, function, and whether the server is on the destination afterwards; None if it may be, because Nova switches to post-copy at once and
# then refuses the abort
TRIALS = (
    ("pre-copy aborted", lambda trial: aborted(trial, "PRE"), False),
    ("multifd aborted", lambda trial: aborted(trial, "MULTIFD"), False),
    ("aborted before post-copy", lambda trial: aborted(trial, "POST-PREEMPT"), None),
    ("hybrid aborted", lambda trial: aborted(trial, "PRE-POST"), False),
    ("destination dies", destination_dies, False),
    ("refused by the scheduler", refused, False),
    # last, because the server moves to a host whose driver has not profiled it yet
    ("aborted in post-copy", lambda trial: aborted(trial, "POST-PREEMPT", ("POSTCOPY",)), True),
)


def main():
    parser = argparse.ArgumentParser(prog="devstack/openstack aborts", description=__doc__)
    parser.add_argument("--json", metavar="FILE", help="also write the results to this file")
    arguments = parser.parse_args()
    cloud = Cloud()
    cloud.end_servers_of_others("abort-")
    rows = []
    for name, trial_of, moves in TRIALS:
        trial = Trial(cloud)
        print(name, file=sys.stderr)
        what = trial_of(trial)
        server = cloud.when_idle(trial.uuid)
        left = left_over(cloud) + half_state(cloud, trial, server)
        bad = cloud.verify(trial.uuid)
        moved = server["OS-EXT-SRV-ATTR:host"] == trial.target.name
        rows.append({"trial": name, "what": what, "status": server["status"], "moved": moved, "guest_bad": bad,
                     "left_over": left,
                     "right": moves in (moved, None) and server["status"] == "ACTIVE" and bad == 0 and not left})
        print("%-26s %-50s %s, %s; guest bad=%s; left over: %s" % (
            name, what, server["status"], "moved" if moved else "stays", bad, left or "nothing"), flush=True)
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump({"aborts": rows}, file, indent=2)
    wrong = [each["trial"] for each in rows if not each["right"]]
    if wrong:
        sys.exit("failed trials: %s" % ", ".join(wrong))


def half_state(cloud, trial, server):
    """Returns what is wrong with the VM: on two hosts or none, paused, or still configured for post-copy or multifd."""
    wrong = []
    for host in cloud.hosts.values():
        state = host.run("virsh", "domstate", trial.uuid).strip()
        here = host.name == server["OS-EXT-SRV-ATTR:host"]
        if state != ("running" if here else ""):
            wrong.append("libvirt on %s: %r" % (host.name, state))
    on = cloud.hosts[server["OS-EXT-SRV-ATTR:host"]].capabilities(trial.uuid)
    return wrong + [each for each in on if each.startswith("postcopy") or each == "multifd"]


main()
