"""Nova, the compute hosts and Godwit's host drivers of devstack/openstack."""
import json
import os
import re
import subprocess
import threading
import time
import urllib.request

import openstack

from trials import BEHAVIOURS
from trials.console import Console, Terminal

STATE = os.environ["GODWIT_CLOUD"]
HOSTS = ("compute1", "compute2")
_MICROVERSION = "2.90"
_BOOT_SECONDS = 90
_VERIFY_SECONDS = 60
# What the names of the servers of each trial begin with.
_SERVERS_OF_TRIALS = ("demo-", "audit-", "abort-", "compare-", "accuracy-")
_BASELINE_SECONDS = 3
_AFTER_SECONDS = 1.5
# A host driver's rates are of the last four seconds.
_RATE_SECONDS = 4
_STEADY = 0.03
_MIGRATION_CLASS = re.compile(r"class htb 4757:1[0-9a-f] ")


def until(look, seconds):
    """What look gives as soon as it gives something; Nova's and Watcher's APIs tell nobody of changes."""
    deadline = time.monotonic() + seconds
    while True:
        seen = look()
        if seen is not None:
            return seen
        if time.monotonic() > deadline:
            raise TimeoutError("nothing after %d s" % seconds)
        time.sleep(0.3)


class Host:
    """A compute host."""

    def __init__(self, name):
        self.name = name
        self.url = "http://10.97.0.1%s:9622" % name[-1]

    def command(self, *command):
        """A command as it is run on the host."""
        with open("%s/run/%s" % (STATE, self.name)) as file:
            pid = file.read().split()[0]
        return ["nsenter", "-t", pid, "-n", "-m", "-u", "--", *command]

    def run(self, *command):
        """What a command on the host prints; empty when it fails."""
        return subprocess.run(self.command(*command), capture_output=True, text=True, timeout=20).stdout

    def pid_of(self, what):
        """The pid of what devstack/openstack started on this host."""
        with open("%s/run/%s-%s" % (STATE, what, self.name)) as file:
            return int(file.read().split()[0])

    def await_job(self, uuid, seconds):
        """Begins to wait for libvirt's completed job info of a migration away from here; job() has it at the end."""
        return subprocess.Popen(
            self.command("virsh", "event", "--domain", uuid, "--event", "job-completed", "--timeout", str(seconds)),
            stdout=subprocess.PIPE, text=True)

    @staticmethod
    def job(waiting, arrived):
        """libvirt's completed job info, empty for a migration that did not arrive."""
        if not arrived:
            waiting.terminate()
        printed = waiting.communicate(timeout=30)[0]
        pairs = (line.split(":", 1) for line in printed.splitlines() if ":" in line)
        return {name.strip(): int(value) for name, value in pairs if value.strip().lstrip("-").isdigit()}

    def capabilities(self, uuid):
        """QEMU's migration capabilities that are on."""
        answer = self.run("virsh", "qemu-monitor-command", uuid, '{"execute":"query-migrate-capabilities"}')
        return [each["capability"] for each in json.loads(answer)["return"] if each["state"]] if answer else []

    def tc_classes(self):
        """The classes of migrations on the host's NIC and on the detour of what comes in."""
        shown = self.run("sh", "-c", "tc class show dev eth0; tc class show dev gw-ifb-eth0 2>/dev/null")
        return [line.split(" burst")[0] for line in shown.splitlines() if _MIGRATION_CLASS.match(line)]

    def migrations(self):
        """What the host driver knows of migrations away from here."""
        return self._ask("/v1/migrations")

    def cpu_load(self):
        """The share of its cores that a host uses, as its host driver sees it."""
        return self._ask("/v1/host")["profile"]["cpuLoad"]

    def settled_load(self):
        """The same once it has stopped to change: servers that have just come or gone are not in it at once."""
        last = [self.cpu_load()]

        def settled():
            time.sleep(_RATE_SECONDS)
            last.append(self.cpu_load())
            return last[-1] if abs(last[-1] - last[-2]) < _STEADY else None
        return until(settled, 60)

    def _ask(self, path):
        with open(STATE + "/etc/token") as file:
            request = urllib.request.Request(self.url + path, headers={"Authorization": "Bearer " + file.read().strip()})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)


class Cloud:
    """Nova as an administrator sees it."""

    def __init__(self):
        self.nova = openstack.connect(compute_api_version="2").compute
        self.hosts = {name: Host(name) for name in HOSTS}

    def server(self, name, behaviour, host):
        """A server that runs; one that is made is made on this host, and at its work when it is given."""
        found = self.nova.find_server(name)
        if found is not None and self.look(found.id)["status"] not in ("ACTIVE", "PAUSED"):
            self._end(found)  # a guest does not outlive devstack/openstack down
            found = None
        if found is None:
            body = {"server": {
                "name": name, "imageRef": openstack.connect().image.find_image("guest-" + behaviour).id,
                "flavorRef": self.nova.find_flavor(BEHAVIOURS[behaviour][0]).id, "networks": "none", "host": host}}
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
        """Deletes servers that other trials than this left: what they take would count."""
        others = tuple(each for each in _SERVERS_OF_TRIALS if each != trial)
        for server in [each for each in self.nova.servers() if each.name.startswith(others)]:
            self._end(server)

    def _end(self, server):
        self.nova.delete_server(server)
        self.nova.wait_for_delete(server, wait=60)

    @staticmethod
    def console_log(uuid):
        return "%s/instances/%s/console.log" % (STATE, uuid)

    def verify(self, uuid):
        """How many pages a guest finds wrong when it looks at all of its memory."""
        console = Console(self.console_log(uuid))
        try:
            with Terminal(self.hosts[self.host_of(uuid)], uuid) as terminal:
                terminal.say("verify")
                return until(console.bad, _VERIFY_SECONDS)
        finally:
            console.close()

    def rests(self, uuid):
        """A server when Nova is done with it."""
        def rest():
            server = self.look(uuid)
            return server if server["OS-EXT-STS:task_state"] is None else None
        return until(rest, 90)

    def look(self, uuid):
        return self.nova.get("/servers/" + uuid, microversion=_MICROVERSION).json()["server"]

    def host_of(self, uuid):
        return self.look(uuid)["OS-EXT-SRV-ATTR:host"]

    def action(self, uuid, **body):
        answer = self.nova.post("/servers/%s/action" % uuid, json=body, microversion=_MICROVERSION)
        openstack.exceptions.raise_from_response(answer)

    def set_metadata(self, uuid, **metadata):
        answer = self.nova.put("/servers/%s/metadata" % uuid, json={"metadata": metadata}, microversion=_MICROVERSION)
        openstack.exceptions.raise_from_response(answer)

    def migration(self, uuid):
        """The live migration that a server is in, or None."""
        answer = self.nova.get("/servers/%s/migrations" % uuid, microversion=_MICROVERSION)
        running = answer.json().get("migrations", []) if answer.ok else []
        return running[0] if running else None

    def other(self, host):
        return next(name for name in HOSTS if name != host)

    def migrate(self, uuid, limit=120, while_it_runs=None):
        """Live-migrates a server to the other host as openstack server migrate --live-migration does.

        Aborts it when it takes longer than the limit. while_it_runs(seconds) is called now and then. Gives what Nova,
        libvirt and the guest tell.
        """
        source = self.hosts[self.host_of(uuid)]
        target = self.hosts[self.other(source.name)]
        waiting = source.await_job(uuid, limit + 90)
        console = Console(self.console_log(uuid))
        time.sleep(_BASELINE_SECONDS)
        begun = time.monotonic()
        self.action(uuid, **{"os-migrateLive": {"host": None, "block_migration": "auto"}})
        aborted = False
        while True:
            server = self.look(uuid)
            passed = time.monotonic() - begun
            if server["OS-EXT-STS:task_state"] is None:
                break
            if passed > limit + 60:
                raise TimeoutError("%s is %s for %d s" % (uuid, server["OS-EXT-STS:task_state"], passed))
            if passed > limit and not aborted:
                running = self.migration(uuid)
                if running is not None and running["status"] == "running":
                    self.nova.delete("/servers/%s/migrations/%d" % (uuid, running["id"]), microversion=_MICROVERSION)
                    aborted = True
            if while_it_runs is not None:
                while_it_runs(passed)
            time.sleep(0.2)
        ended = time.monotonic()
        time.sleep(_AFTER_SECONDS)
        console.close()
        arrived = server["OS-EXT-SRV-ATTR:host"] == target.name
        job = source.job(waiting, arrived)
        usual = console.rate(begun - _BASELINE_SECONDS, begun)
        return {
            "server": uuid, "from": source.name, "to": server["OS-EXT-SRV-ATTR:host"], "arrived": arrived,
            "nova_seconds": round(ended - begun, 2), "libvirt": job, "guest_bad": self.verify(uuid),
            "guest_gap_ms": round(console.longest_gap_ms(begun, ended)),
            "perf": round(self._perf(console, usual, begun, ended, job), 3) if usual else None}

    @staticmethod
    def _perf(console, usual, begun, ended, job):
        """The guest's pace in the migration against its usual one: what it lost since Nova was asked, over libvirt's time."""
        seconds = job.get("time_elapsed", 1000 * (ended - begun)) / 1000
        lost = (usual - console.rate(begun, ended)) * (ended - begun)
        return 1 - lost / (usual * seconds)


class Sampler:
    """Looks now and then, in a thread, at what a migration does on its hosts."""

    def __init__(self, source, target, uuid):
        self.capabilities = []
        self.tc_classes = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, args=(source, target, uuid), daemon=True)
        self._thread.start()

    def _look(self, source, target, uuid):
        while not self._ended.is_set():
            classes = {host.name: host.tc_classes() for host in (source, target)}
            if any(classes.values()):
                self.tc_classes.update((name, lines) for name, lines in classes.items() if lines)
            if '"active"' in source.run("virsh", "qemu-monitor-command", uuid, '{"execute":"query-migrate"}'):
                self.capabilities = source.capabilities(uuid) or self.capabilities
            self._ended.wait(0.2)

    def close(self):
        self._ended.set()
        self._thread.join()
        return self
