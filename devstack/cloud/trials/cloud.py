"""Nova, the compute hosts and Godwit's host drivers of devstack/openstack."""
import functools
import json
import os
import re
import ssl
import subprocess
import threading
import time
import urllib.request

import openstack

from trials import BEHAVIOURS
from trials.console import Console, Terminal
from trials.job import Job

STATE = os.environ["GODWIT_CLOUD"]
HOSTS = ("compute1", "compute2")
_MICROVERSION = "2.90"
_BOOT_SECONDS = 90
_VERIFY_SECONDS = 60
# prefixes of the server names of each trial
_SERVERS_OF_TRIALS = ("demo-", "audit-", "abort-", "compare-", "accuracy-", "safety-", "drain-", "surge-", "shadow-", "trial-")
_BASELINE_SECONDS = 4
_AFTER_SECONDS = 1.5
# host drivers average rates over the last four seconds
_RATE_SECONDS = 4
_STEADY = 0.03
# QEMU's states in which the capabilities and parameters are those of the migration
_RUNNING = ("active", "postcopy-active")
_MIGRATION_CLASS = re.compile(r"class htb 4757:1[0-9a-f] ")


def until(read, seconds):
    """Polls until read returns something other than None, because the APIs of Nova and Watcher do not report changes."""
    deadline = time.monotonic() + seconds
    while True:
        seen = read()
        if seen is not None:
            return seen
        if time.monotonic() > deadline:
            raise TimeoutError("The expected state was not reached within %d s." % seconds)
        time.sleep(0.3)


@functools.lru_cache(maxsize=None)
def _service():
    """Returns the TLS context of Godwit's service, which may call everything on the host drivers."""
    context = ssl.create_default_context(cafile=STATE + "/etc/tls/ca.pem")
    context.load_cert_chain(STATE + "/etc/tls/godwit-strategy.pem", STATE + "/etc/tls/godwit-strategy.key")
    return context


class Host:
    """A compute host."""

    def __init__(self, name):
        self.name = name
        self.url = "https://10.97.0.1%s:9622" % name[-1]

    def command(self, *command):
        """Returns the command that runs a command in the host's namespaces."""
        with open("%s/run/%s" % (STATE, self.name)) as file:
            pid = file.read().split()[0]
        return ["nsenter", "-t", pid, "-n", "-m", "-u", "--", *command]

    def run(self, *command):
        """Runs a command on the host and returns its output, which is empty if it fails."""
        ran = subprocess.run(self.command(*command), capture_output=True, text=True, timeout=20)
        return ran.stdout if ran.returncode == 0 else ""

    def pid_of(self, what):
        """Returns the PID of a process that devstack/openstack started on this host."""
        with open("%s/run/%s-%s" % (STATE, what, self.name)) as file:
            return int(file.read().split()[0])

    def await_job(self, uuid, seconds):
        """Starts to wait for the end of libvirt's job of a migration away from this host."""
        return Job(self.command("virsh"), uuid, seconds)

    def capabilities(self, uuid):
        """Returns the enabled migration capabilities of QEMU."""
        return [each["capability"] for each in self.query(uuid, "query-migrate-capabilities") or [] if each["state"]]

    def tc_classes(self):
        """Returns the tc classes of migrations on the host's NIC and on the ifb device of its inbound traffic."""
        shown = self.run("sh", "-c", "tc class show dev eth0; tc class show dev gw-ifb-eth0 2>/dev/null || true")
        return [line.split(" burst")[0] for line in shown.splitlines() if _MIGRATION_CLASS.match(line)]

    def query(self, uuid, command):
        """Returns the answer of a VM's QEMU to a QMP query, or None if it is not here."""
        answer = self.run("virsh", "qemu-monitor-command", uuid, json.dumps({"execute": command}))
        return json.loads(answer)["return"] if answer else None

    def migrations(self):
        """Returns the migrations away from this host, as the host driver reports them."""
        return self._ask("/v1/migrations")

    def profile(self, uuid):
        """Has the host driver profile a VM, so that a technique can be chosen at once."""
        return self._ask("/v1/vms/%s/profile" % uuid)

    def forbidden(self):
        """Returns the techniques that the operator of this host forbids, with the reasons."""
        return self._ask("/v1/host")["capabilities"]["forbidden"]

    def switch(self, enabled):
        """Switches the host driver's influence on migrations on or off."""
        return self._ask("/v1/switch", {"enabled": enabled, "reason": "a trial"})

    def cpu_load(self):
        """Returns the CPU load of the host as a share of its cores, as its host driver reports it."""
        return self._ask("/v1/host")["profile"]["cpuLoad"]

    def settled_load(self):
        """Returns the CPU load once it is steady; it changes for some seconds after a server arrives or leaves."""
        last = [self.cpu_load()]

        def settled():
            time.sleep(_RATE_SECONDS)
            last.append(self.cpu_load())
            return last[-1] if abs(last[-1] - last[-2]) < _STEADY else None
        return until(settled, 60)

    def _ask(self, path, body=None):
        request = urllib.request.Request(
            self.url + path, None if body is None else json.dumps(body).encode(), {"Content-Type": "application/json"},
            method="PUT" if body else "GET")
        with urllib.request.urlopen(request, timeout=30, context=_service()) as answer:
            return json.loads(answer.read() or "null")


class Cloud:
    """Nova with the permissions of an administrator."""

    def __init__(self):
        self.nova = openstack.connect(compute_api_version="2").compute
        self.hosts = {name: Host(name) for name in HOSTS}

    def server(self, name, behaviour, host, flavor=None):
        """Returns the id of a running server; a missing one is created on the given host and returned when its guest runs.

        The flavor is the usual one of the behaviour if none is given.
        """
        found = self.nova.find_server(name)
        if found is not None and self.show(found.id)["status"] not in ("ACTIVE", "PAUSED"):
            self._end(found)  # a guest does not outlive devstack/openstack down
            found = None
        if found is None:
            body = {"server": {
                "name": name, "imageRef": openstack.connect().image.find_image("guest-" + behaviour).id,
                "flavorRef": self.nova.find_flavor(flavor or BEHAVIOURS[behaviour][0]).id, "networks": "none", "host": host}}
            answer = self.nova.post("/servers", json=body, microversion=_MICROVERSION)
            openstack.exceptions.raise_from_response(answer)
            found = self.nova.get_server(answer.json()["server"]["id"])
            self.nova.wait_for_server(found, wait=120)
            console = Console(self.console_log(found.id), begin=True)
            try:
                until(console.ticks, _BOOT_SECONDS)
            finally:
                console.close()
        return found.id

    def end_servers_of_others(self, trial):
        """Deletes the servers of other trials, because their load would be measured, too."""
        self.end_servers(tuple(each for each in _SERVERS_OF_TRIALS if each != trial))

    def end_servers(self, prefixes, but=()):
        """Deletes the servers whose names start with one of the prefixes, but not those with these names."""
        for server in [each for each in self.nova.servers() if each.name.startswith(prefixes) and each.name not in but]:
            self._end(server)

    def end_server(self, name):
        """Deletes a server, if there is one of this name."""
        found = self.nova.find_server(name)
        if found is not None:
            self._end(found)

    def end_migration(self, uuid):
        """Aborts the live migration that a killed trial has left, if Nova still can, and waits until Nova has no task for the server."""
        running = self.migration(uuid)
        if running is not None and running["status"] == "running":
            self._abort(uuid, running)
        self.when_idle(uuid)

    def _abort(self, uuid, running):
        self.nova.delete("/servers/%s/migrations/%d" % (uuid, running["id"]), microversion=_MICROVERSION)

    def _end(self, server):
        self.nova.delete_server(server)
        self.nova.wait_for_delete(server, wait=60)

    def console_log(self, uuid):
        """Returns the path of a server's console log, in the directory that the hosts share or in that of its host."""
        local = "%s/hosts/%s/local/%s/console.log" % (STATE, self.host_of(uuid), uuid)
        return local if os.path.exists(local) else "%s/instances/%s/console.log" % (STATE, uuid)

    def verify(self, uuid):
        """Has the guest check all its memory and returns the number of damaged pages."""
        console = Console(self.console_log(uuid))
        try:
            with Terminal(self.hosts[self.host_of(uuid)], uuid) as terminal:
                terminal.say("verify")
                return until(console.bad, _VERIFY_SECONDS)
        finally:
            console.close()

    def when_idle(self, uuid):
        """Returns a server once Nova has no task for it."""
        def idle():
            server = self.show(uuid)
            return server if server["OS-EXT-STS:task_state"] is None else None
        return until(idle, 90)

    def show(self, uuid):
        return self.nova.get("/servers/" + uuid, microversion=_MICROVERSION).json()["server"]

    def host_of(self, uuid):
        return self.show(uuid)["OS-EXT-SRV-ATTR:host"]

    def compute_service(self, host):
        """Returns the nova-compute of a host with its status in Nova."""
        return next(each for each in self.nova.services(binary="nova-compute") if each.host == host)

    def action(self, uuid, **body):
        answer = self.nova.post("/servers/%s/action" % uuid, json=body, microversion=_MICROVERSION)
        openstack.exceptions.raise_from_response(answer)

    def set_metadata(self, uuid, **metadata):
        answer = self.nova.put("/servers/%s/metadata" % uuid, json={"metadata": metadata}, microversion=_MICROVERSION)
        openstack.exceptions.raise_from_response(answer)

    def migration(self, uuid):
        """Returns the running live migration of a server, or None."""
        answer = self.nova.get("/servers/%s/migrations" % uuid, microversion=_MICROVERSION)
        running = answer.json().get("migrations", []) if answer.ok else []
        return running[0] if running else None

    def other(self, host):
        return next(name for name in HOSTS if name != host)

    def migrate(self, uuid, limit=120, while_it_runs=None):
        """Live-migrates a server to the other host as openstack server migrate --live-migration does.

        Aborts it when it takes longer than the limit. while_it_runs(seconds) is called several times a second. Returns the
        results of Nova, libvirt and the guest.
        """
        source = self.hosts[self.host_of(uuid)]
        target = self.hosts[self.other(source.name)]
        waiting = source.await_job(uuid, limit + 90)
        console = Console(self.console_log(uuid))
        time.sleep(_BASELINE_SECONDS)
        begun = time.monotonic()
        self.action(uuid, **{"os-migrateLive": {"host": None, "block_migration": "auto"}})
        try:
            server, aborted = self._followed(uuid, begun, limit, while_it_runs)
        except SystemExit:
            self.end_migration(uuid)  # nova-compute does not exit while it migrates
            raise
        ended = time.monotonic()
        time.sleep(_AFTER_SECONDS)
        console.close()
        arrived = server["OS-EXT-SRV-ATTR:host"] == target.name
        job, job_ended = waiting.result(arrived)
        usual = console.usual_rate(begun - _BASELINE_SECONDS, begun)
        window = (job_ended - job["time_elapsed"] / 1000, job_ended) if job_ended and "time_elapsed" in job else (begun, ended)
        return {
            "server": uuid, "from": source.name, "to": server["OS-EXT-SRV-ATTR:host"], "arrived": arrived,
            "nova_seconds": round(ended - begun, 2), "libvirt": job, "guest_bad": self.verify(uuid),
            # what had been sent some seconds before the abort; Nova stores it now and then
            "aborted_bytes": aborted or 0,
            "guest_gap_ms": round(console.longest_gap_ms(begun, ended)),
            "guest_usual_gap_ms": round(console.usual_gap_ms(begun - _BASELINE_SECONDS, begun), 1),
            # work that the guest did not do between the request and the end that Nova reports, as time of its usual work
            "guest_lost_ms": round(1000 * (1 - console.rate(begun, ended) / usual) * (ended - begun)) if usual else None,
            # the guest's speed during libvirt's job relative to its usual one
            "perf": round(console.rate(*window) / usual, 3) if usual else None}

    def _followed(self, uuid, begun, limit, while_it_runs):
        """Waits for the end of a live migration; returns the server, and the bytes that were sent before it was aborted, or None."""
        aborted = None
        while True:
            server = self.show(uuid)
            passed = time.monotonic() - begun
            if server["OS-EXT-STS:task_state"] is None:
                return server, aborted
            if passed > limit + 60:
                raise TimeoutError("%s is still %s after %d s" % (uuid, server["OS-EXT-STS:task_state"], passed))
            if passed > limit and aborted is None:
                running = self.migration(uuid)
                if running is not None and running["status"] == "running":
                    self._abort(uuid, running)
                    aborted = running["memory_processed_bytes"] or 0
            if while_it_runs is not None:
                while_it_runs(passed)
            time.sleep(0.2)


class Sampler:
    """Samples the tc classes and QEMU's capabilities, parameters and states of a migration on both hosts, in a thread."""

    def __init__(self, source, target, uuid):
        self.capabilities = []
        self.parameters = {}
        self.states = set()
        self.downtime_limits = set()
        self.tc_classes = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, args=(source, target, uuid), daemon=True)
        self._thread.start()

    def _sample(self, source, target, uuid):
        while not self._ended.is_set():
            classes = {host.name: host.tc_classes() for host in (source, target)}
            if any(classes.values()):
                self.tc_classes.update((name, lines) for name, lines in classes.items() if lines)
            state = (source.query(uuid, "query-migrate") or {}).get("status")
            self.states.add(state)
            if state in _RUNNING:
                self.capabilities = source.capabilities(uuid) or self.capabilities
                self.parameters = source.query(uuid, "query-migrate-parameters") or self.parameters
                if "downtime-limit" in self.parameters:
                    self.downtime_limits.add(self.parameters["downtime-limit"])
            self._ended.wait(0.2)

    def close(self):
        self._ended.set()
        self._thread.join()
        return self
