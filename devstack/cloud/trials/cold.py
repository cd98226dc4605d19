"""Cold migrations: Godwit's service empties a host of a running and a stopped server, for which live migration is disabled.

Nova stops a running server, copies its disk by SSH unless both hosts share their storage, and starts it on the other host. The service
confirms the migration.
"""
import contextlib
import os
import subprocess

from trials.cloud import HOSTS, STATE, until
from trials.console import Console
from trials.optimizer import GODWIT, Optimizer
from trials.runs import configure

SERVICE = Optimizer("Godwit's service", GODWIT, "host_maintenance", "hotspot_mitigation")
SOURCE = "compute1"
SHARED, LOCAL = "instances", "local"
# A byte for the disk of each server, by its name, so that an empty disk and the disk of the other one differ.
RUNNING, STOPPED = "audit-cold-running", "audit-cold-stopped"
PATTERNS = {RUNNING: 0xA5, STOPPED: 0x5A}
# the beginning and the end of a disk of 1 MiB
OFFSETS = ("0", "960k")
LENGTH = "64k"
NO_SSH = "not able to execute ssh command"
_STATUS_SECONDS = 60
_BOOT_SECONDS = 90
_MICROVERSION = "2.90"


def moved_cold(cloud, service):
    """Both hosts share the directory of instances, so that Nova only has to find that out by SSH."""
    return _emptied(cloud, service, "moved cold", SHARED)


def copied_cold(cloud, service):
    """Each host has its own directory of instances, so that Nova copies the disks by SSH."""
    with _local_disks(cloud):
        return _emptied(cloud, service, "copied cold", LOCAL)


def refused_cold(cloud, service):
    """The destination does not accept Nova's key, as where keys were not distributed: nothing has happened to the servers."""
    servers = _servers(cloud, SHARED)
    with _without_key(cloud.other(SOURCE)):
        state, actions = _maintenance(cloud, service)
    seen = [_seen(cloud, uuid, SHARED) for uuid in servers]
    reasons = [each["status_message"] or "" for each in actions]
    right = (state == "FAILED" and len(actions) == len(servers) and all(NO_SSH in reason for reason in reasons)
             and all(_unharmed(each) and each["host"] == SOURCE and each["migration"] == "error" for each in seen))
    return _row("refused cold", state, seen, reasons, right)


def _emptied(cloud, service, what, directory):
    servers = _servers(cloud, directory)
    state, actions = _maintenance(cloud, service)
    seen = [_seen(cloud, uuid, directory) for uuid in servers]
    right = (state == "SUCCEEDED" and all(
        _unharmed(each) and each["host"] != SOURCE and each["migration"] == "confirmed" for each in seen)
        and _boots(cloud, next(each["uuid"] for each in seen if each["server"] == RUNNING)))
    return _row(what, state, seen, [each["status_message"] or "" for each in actions], right)


def _row(what, state, seen, reasons, right):
    told = "; ".join("%s %s on %s, %s, disk %s" % (
        each["server"], each["status"], each["host"], each["migration"], "intact" if each["intact"] else "DAMAGED") for each in seen)
    why = "" if state == "SUCCEEDED" else "; " + " ".join(reasons[:1]).replace("\n", " ")
    return {"what": what, "plan": state, "servers": seen, "reasons": reasons, "told": told + why, "right": right}


def _servers(cloud, directory):
    """Returns the ids of a running and a stopped server on the source with marked disks; there are no others, which would be moved too."""
    _give_keys_back()
    cloud.end_servers(("audit-",))
    return [_server(cloud, name, directory) for name in PATTERNS]


def _server(cloud, name, directory):
    uuid = cloud.server(name, "quiet", SOURCE)
    _change(cloud, uuid, "os-stop", "SHUTOFF")
    _disk(cloud, uuid, directory, ["write -P %d %s %s" % (PATTERNS[name], offset, LENGTH) for offset in OFFSETS], check=True)
    if name == RUNNING:
        _change(cloud, uuid, "os-start", "ACTIVE")
    return uuid


def _change(cloud, uuid, action, status):
    cloud.action(uuid, **{action: None})
    until(lambda: cloud.show(uuid)["status"] == status or None, _STATUS_SECONDS)


def _disk(cloud, uuid, directory, commands, *options, check=False):
    """Runs commands of qemu-io on the disk of a server, as its host sees it; returns whether all of them did what they should."""
    path = "%s/%s/%s/disk" % (STATE, directory, uuid)
    command = ["qemu-io", "-f", "qcow2", *options, *(part for each in commands for part in ("-c", each)), path]
    ran = subprocess.run(cloud.hosts[cloud.host_of(uuid)].command(*command), capture_output=True, text=True, timeout=60)
    well = ran.returncode == 0 and "failed" not in ran.stdout + ran.stderr
    if check and not well:
        raise RuntimeError("qemu-io: " + ran.stdout + ran.stderr)
    return well


def _maintenance(cloud, service):
    """Empties the source without live migration; returns the state of the plan and its migrations. Enables the host again."""
    try:
        plan = service.empty(SOURCE, disable_live_migration=True)
        service.start(plan)
        state = service.end(plan)
        return state, [each for each in service.actions(plan) if each["action_type"] == "migrate"]
    finally:
        cloud.nova.enable_service(cloud.compute_service(SOURCE))


def _seen(cloud, uuid, directory):
    """Returns what became of a server: its name, status and host, the status of its newest cold migration, and whether its disk is intact."""
    server = cloud.when_idle(uuid)
    records = cloud.nova.get("/os-migrations?migration_type=migration&instance_uuid=" + uuid, microversion=_MICROVERSION).json()["migrations"]
    reads = ["read -P %d %s %s" % (PATTERNS[server["name"]], offset, LENGTH) for offset in OFFSETS]
    return {"uuid": uuid, "server": server["name"], "status": server["status"], "host": server["OS-EXT-SRV-ATTR:host"],
            "migration": records[0]["status"] if records else "not migrated",
            "intact": _disk(cloud, uuid, directory, reads, "-r", "-U")}


def _unharmed(seen):
    return seen["intact"] and seen["status"] == ("ACTIVE" if seen["server"] == RUNNING else "SHUTOFF")


def _boots(cloud, uuid):
    """Returns True once the guest of a server that was started again works."""
    console = Console(cloud.console_log(uuid), begin=True)
    try:
        return until(console.ticks, _BOOT_SECONDS)
    finally:
        console.close()


@contextlib.contextmanager
def _local_disks(cloud):
    """nova-compute with a directory of instances of its own on each host, and no servers from before or afterwards."""
    cloud.end_servers(("audit-",))
    configure("[DEFAULT]\ninstances_path = %s/%s\n" % (STATE, LOCAL))
    try:
        yield
    finally:
        cloud.end_servers(("audit-",))
        configure("")


def _keys(host):
    return "%s/hosts/%s/ssh/authorized_keys" % (STATE, host)


@contextlib.contextmanager
def _without_key(host):
    os.rename(_keys(host), _keys(host) + ".withheld")
    try:
        yield
    finally:
        _give_keys_back()


def _give_keys_back():
    """Also undoes what a killed trial has left."""
    for host in HOSTS:
        with contextlib.suppress(FileNotFoundError):
            os.rename(_keys(host) + ".withheld", _keys(host))
