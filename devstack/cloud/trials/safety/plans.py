"""Action plans of Godwit's service that meet servers and hosts in states of their own, and migrations that take long."""
import contextlib
import os
import signal
import subprocess
import time
import uuid as uuids

import openstack

from trials.cloud import STATE, until
from trials.leftovers import left_over
from trials.optimizer import GODWIT, Optimizer, request
from trials.safety.migrations import PREFIX, by_technique, row, server
from trials.servers import PRECOPY, lose_destination

SERVICE = Optimizer("Godwit's service", GODWIT, "maintenance", "hotspot_mitigation")
FINAL = ("COMPLETED", "CANCELLED", "FAILED")
STATE_SECONDS = 60
# longer than any time limit of the servers in these trials
END_SECONDS = 600
REPORTED_SECONDS = 30
LINK, NARROW = "1gbit", "100mbit"
DISK_GIB = 4


def solution(host):
    """Returns what the service would do to empty a host."""
    return request("POST", GODWIT + "/godwit/v1/strategies/maintenance/solutions", {"parameters": {"maintenance_node": host}})


def reported(host):
    """Returns the servers that a host driver reports; a new one comes some seconds after Nova has started it."""
    return {each["name"] for each in request("GET", GODWIT + "/godwit/v1/hosts/" + host)["vms"]}


def planned(found):
    return {each["input_parameters"].get("resource_id") for each in found["actions"]}


def stopped_and_locked(cloud):
    """A stopped and a locked server are not planned, but they are listed, and the host is not called empty."""
    stopped, locked = server(cloud, "quiet"), server(cloud, "busy", beside="quiet")
    at_home(cloud, stopped, locked)
    cloud.action(stopped, **{"os-stop": None})
    cloud.action(locked, lock=None)
    try:
        until(lambda: cloud.show(stopped)["status"] == "SHUTOFF" or None, STATE_SECONDS)
        found = solution("compute1")
    finally:
        cloud.action(locked, unlock=None)
        cloud.action(stopped, **{"os-start": None})
        until(lambda: cloud.show(stopped)["status"] == "ACTIVE" or None, STATE_SECONDS)
    verdict = found["verdict"]
    ok = not {stopped, locked} & planned(found) and "SHUTOFF" in verdict and "locked" in verdict and "becomes empty" not in verdict
    return row("a stopped and a locked server", "neither is planned, both are listed", verdict, "%d actions" % len(found["actions"]), ok)


def two_zones(cloud):
    """A server that was created in a zone is not planned into another."""
    compute = openstack.connect().compute
    cloud.end_servers((PREFIX,))  # later releases of Nova do not change the zone of a host that has servers
    zones = {host: compute.create_aggregate(name="safety-" + host, availability_zone="safety-" + host) for host in cloud.hosts}
    try:
        for host, aggregate in zones.items():
            compute.add_host_to_aggregate(aggregate, host)
        body = {"server": {"name": PREFIX + "zone", "imageRef": openstack.connect().image.find_image("guest-quiet").id,
                           "flavorRef": compute.find_flavor("small").id, "networks": "none",
                           "availability_zone": "safety-compute1"}}
        answer = compute.post("/servers", json=body, microversion="2.90")
        openstack.exceptions.raise_from_response(answer)
        pinned = answer.json()["server"]["id"]
        compute.wait_for_server(compute.get_server(pinned), wait=120)
        until(lambda: pinned in reported("compute1") or None, REPORTED_SECONDS)
        found = solution("compute1")
    finally:
        cloud.end_servers((PREFIX,))
        for host, aggregate in zones.items():
            with contextlib.suppress(openstack.exceptions.NotFoundException):
                compute.remove_host_from_aggregate(aggregate, host)
            compute.delete_aggregate(aggregate)
    return row("two zones; a server of one of them", "not planned into the other", found["verdict"],
               "%d actions" % len(found["actions"]), pinned not in planned(found) and "safety-compute1" in found["verdict"])


def at_home(cloud, *servers):
    for uuid in servers:
        if cloud.host_of(uuid) != "compute1":
            cloud.migrate(uuid)


def disabled_host_stays_disabled(cloud):
    """A plan that fails and is rolled back leaves a host disabled, with the administrator's reason."""
    servers = [server(cloud, "quiet", technique=PRECOPY), server(cloud, "busy", beside="quiet", technique=PRECOPY)]
    at_home(cloud, *servers)
    service = cloud.compute_service("compute1")
    cloud.nova.disable_service(service, disabled_reason="bad DIMM")
    try:
        plan = SERVICE.empty("compute1", disable_hosts=True, on_failure="rollback")
        last = SERVICE.actions(plan)[-1]["input_parameters"].get("resource_id") or servers[-1]
        SERVICE.start(plan)
        lose_destination(cloud, last, "compute1", END_SECONDS)
        state = SERVICE.end(plan)
        now = cloud.compute_service("compute1")
        seen = (now.status, now.disabled_reason)
    finally:
        cloud.nova.enable_service(service)
    hosts = {cloud.when_idle(uuid)["OS-EXT-SRV-ATTR:host"] for uuid in servers}
    # Nova does not migrate a server back to a disabled host.
    return row("host disabled by an administrator; a plan with disable_hosts fails and is rolled back", "disabled, bad DIMM",
               "%s, %s" % seen, "plan %s, servers on %s" % (state, ", ".join(sorted(hosts))),
               seen == ("disabled", "bad DIMM") and state == "FAILED")


def requested(cloud, uuid, technique=None):
    """Requests a migration from the service, as Watcher's plugin does, and returns its path."""
    source = cloud.host_of(uuid)
    path = GODWIT + "/godwit/v1/hosts/%s/migrations/%s" % (source, uuids.uuid4())
    how = {"technique": technique} if technique else {"policy": "ensure_performance"}
    request("PUT", path, dict(how, resource_id=uuid, source_node=source, destination_node=cloud.other(source),
                              migration_type="live"))
    return path


def end_of(cloud, uuid, path):
    """Waits for the end that the service reports, and returns it with Nova's view at that moment."""
    def ended():
        seen = request("GET", path)
        return seen if seen["phase"] in FINAL else None
    return until(ended, END_SECONDS), cloud.show(uuid)


def agrees(source, seen, nova):
    """Returns whether the reported end is Nova's: nothing runs any more, and the server is where the report says."""
    moved = nova["OS-EXT-SRV-ATTR:host"] != source
    return nova["OS-EXT-STS:task_state"] is None and nova["status"] == "ACTIVE" and moved == (seen["phase"] == "COMPLETED")


def throttled(cloud):
    """A migration that is throttled to 1 MiB/s while it runs ends at its time limit, and Nova has ended it by then."""
    uuid = server(cloud, "stream")
    source = cloud.hosts[cloud.host_of(uuid)]
    path = requested(cloud, uuid, "PRE")
    slow_down(source, uuid, 1)
    seen, nova = end_of(cloud, uuid, path)
    error = seen.get("error") or ""
    return row("a planned migration is throttled to 1 MiB/s", "aborted at its time limit; Nova has ended it", "PRE",
               "%s, task_state %s: %s" % (seen["phase"], nova["OS-EXT-STS:task_state"], error),
               agrees(source.name, seen, nova) and seen["phase"] != "COMPLETED" and "limit" in error and not left_over(cloud))


def slow_down(source, uuid, mebibytes):
    until(lambda: (source.query(uuid, "query-migrate") or {}).get("status") == "active" or None, STATE_SECONDS)
    source.run("virsh", "migrate-setspeed", uuid, str(mebibytes))


@contextlib.contextmanager
def load(cloud, processes=3):
    """Busy loops on the CPUs of both hosts, for a limited time."""
    busy = [subprocess.Popen(["taskset", "-c", cpu_of(host), "timeout", "300", "sh", "-c", "while :; do :; done"])
            for host in cloud.hosts.values() for _ in range(processes)]
    try:
        yield
    finally:
        for each in busy:
            each.terminate()
        for each in busy:
            each.wait(timeout=10)


def cpu_of(host):
    with open("%s/hosts/%s/cpus" % (STATE, host.name)) as file:
        return file.read().strip()


def loaded_host(times):
    """Returns a trial that migrates a 1 GB server between loaded hosts, each time with an end that Nova confirms."""
    def trial(cloud):
        wrong = []
        techniques = set()
        with load(cloud):
            for number in range(times):
                uuid = server(cloud, "log")
                source = cloud.hosts[cloud.host_of(uuid)]
                earlier = {each["id"] for each in source.migrations()}
                seen, nova = end_of(cloud, uuid, requested(cloud, uuid))
                techniques.add(by_technique(source, uuid, earlier))
                if not agrees(source.name, seen, nova) or seen["phase"] != "COMPLETED":
                    wrong.append("%d: %s, but Nova: %s on %s, task %s; %s" % (
                        number + 1, seen["phase"], nova["status"], nova["OS-EXT-SRV-ATTR:host"], nova["OS-EXT-STS:task_state"],
                        seen.get("error")))
        return row("a 1 GB server between loaded hosts, %d times" % times, "COMPLETED each time, as Nova says",
                   ", ".join(sorted(techniques)), "; ".join(wrong) or "%d of %d" % (times, times), not wrong)
    trial.__name__ = "loaded_host"
    return trial


def queued(cloud):
    """Nova queues a migration for longer than two minutes, because another one leaves the same host; it keeps its technique."""
    first, second = server(cloud, "stream", technique="PRE"), server(cloud, "quiet", beside="stream")
    at_home(cloud, first, second)
    source = cloud.hosts["compute1"]
    cloud.action(first, **{"os-migrateLive": {"host": None, "block_migration": "auto"}})
    slow_down(source, first, 1)
    earlier = {each["id"] for each in source.migrations()}
    path = requested(cloud, second, "DCZstd")
    begun = time.monotonic()
    early = []
    while time.monotonic() < begun + 150:
        phase = request("GET", path)["phase"]
        if phase in FINAL:
            early.append("%s after %d s" % (phase, time.monotonic() - begun))
            break
        time.sleep(1)
    source.run("virsh", "migrate-setspeed", first, "1000")
    seen, nova = end_of(cloud, second, path)
    technique = by_technique(source, second, earlier)
    return row("Nova queues a planned migration for 150 s", "waits, then DCZstd", technique,
               "; ".join(early + ["%s: %s" % (seen["phase"], seen.get("error"))]),
               not early and agrees("compute1", seen, nova) and seen["phase"] == "COMPLETED" and technique == "DCZstd")


def nova_compute_killed(cloud):
    """nova-compute is killed before it could start post-copy: the migration ends, and the server runs on one host."""
    uuid = server(cloud, "stream", technique="PRE-POST")
    source = cloud.hosts[cloud.host_of(uuid)]
    cloud.action(uuid, **{"os-migrateLive": {"host": None, "block_migration": "auto"}})
    slow_down(source, uuid, 5)
    os.kill(source.pid_of("nova-compute"), signal.SIGKILL)
    begun = time.monotonic()
    until(lambda: (source.query(uuid, "query-migrate") or {}).get("status") not in ("active", "setup") or None, END_SECONDS)
    seconds = time.monotonic() - begun
    states = {name: host.run("virsh", "domstate", uuid).strip() for name, host in cloud.hosts.items()}
    subprocess.run([os.environ["GODWIT_OPENSTACK"], "restart"], stdin=subprocess.DEVNULL, check=True, timeout=180)
    nova = cloud.when_idle(uuid)
    bad = cloud.verify(uuid)
    left = left_over(cloud)
    running = [name for name, state in states.items() if state == "running"]
    return row("nova-compute killed before the switch to post-copy", "the migration ends, the server runs on one host",
               "ended after %.0f s" % seconds, "%s on %s, libvirt: %s, bad=%s; %s" % (
                   nova["status"], nova["OS-EXT-SRV-ATTR:host"], ", ".join(running), bad, left or "nothing left"),
               nova["status"] == "ACTIVE" and running == [nova["OS-EXT-SRV-ATTR:host"]] and bad == 0 and not left)


def local_disks(cloud):
    """A server with a local disk is migrated over a slow link: the plan waits for Nova, which copies the disk, too."""
    compute = openstack.connect().compute
    flavor = "safety-disk-%d" % DISK_GIB
    if not compute.find_flavor(flavor):
        compute.create_flavor(name=flavor, ram=256, vcpus=1, disk=DISK_GIB)
    uuid = server(cloud, "quiet", flavor)
    source = cloud.hosts[cloud.host_of(uuid)]
    fill_disk(cloud, uuid, source)
    source.profile(uuid)
    narrow(NARROW)
    try:
        path = requested(cloud, uuid)
        begun = time.monotonic()
        seen, nova = end_of(cloud, uuid, path)
        seconds = time.monotonic() - begun
    finally:
        narrow(LINK)
    estimates = (((seen.get("outcome") or {}).get("prediction") or {}).get("estimates") or {})
    # The hosts report the rate of their NICs; that the link between them is slower they cannot see, so that data is compared, not time.
    predicted = (estimates.get("TD") or {}).get("value", 0) / 1e3
    return row("%d GiB local disk at %s/s" % (DISK_GIB, NARROW), "COMPLETED, as Nova says; the prediction has the disk",
               "%s, TD predicted %.1f GB" % (seen.get("technique"), predicted),
               "%s after %.0f s on %s, bad=%s; %s" % (
                   seen["phase"], seconds, nova["OS-EXT-SRV-ATTR:host"], cloud.verify(uuid), seen.get("error") or "no error"),
               agrees(source.name, seen, nova) and seen["phase"] == "COMPLETED" and predicted > DISK_GIB)


def fill_disk(cloud, uuid, host):
    cloud.action(uuid, **{"os-stop": None})
    until(lambda: cloud.show(uuid)["status"] == "SHUTOFF" or None, STATE_SECONDS)
    writes = [each for gib in range(DISK_GIB) for each in ("-c", "write -P 7 %dG 1G" % gib)]
    subprocess.run(host.command("qemu-io", "-f", "qcow2", *writes, "%s/local/%s/disk" % (STATE, uuid)),
                   check=True, timeout=300, capture_output=True)
    cloud.action(uuid, **{"os-start": None})
    until(lambda: cloud.show(uuid)["status"] == "ACTIVE" or None, STATE_SECONDS)


def narrow(rate):
    """Sets the rate of both hosts' links."""
    for host in ("compute1", "compute2"):
        subprocess.run(["tc", "qdisc", "change", "dev", host, "root", "tbf", "rate", rate, "burst", "256k", "latency", "20ms"],
                       check=True, timeout=10)
