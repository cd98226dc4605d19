"""Gives guests their cores: on a core that a guest or its QEMU needs, all other processes get a hundredth of it at most.

On hardware Nova's services do not run on the cores of guests. Here they have to. Each QEMU is moved into a cgroup with a hundred times the
weight of other processes (version 1 or 2 of cgroups), or gets the highest niceness where cgroups cannot be written. Runs until it is
terminated; `remove` gives the cgroup back.
"""
import glob
import os
import select
import sys

from trials.inotify import CREATED, DELETED, MODIFY, MOVED_TO, Inotify

NAME = "godwit-guests"
# a hundred times the default of either version
_SHARES = 102400
_WEIGHT = 10000
_NICENESS = -20
# libvirtd writes its own beside those of QEMUs
_OF_LIBVIRT = "driver.pid"


def cgroup_parents(mounts, own):
    """Returns where a cgroup for CPU weights may be made, as (directory, version), from /proc/self/mounts and /proc/self/cgroup.

    In version 1 that is below the own cgroup, so that it competes with the processes of it. In version 2 only the root may have both
    processes and children with weights.
    """
    parents = []
    for _, directory, kind, options in (line.split()[:4] for line in mounts.splitlines()):
        if kind == "cgroup" and "cpu" in options.split(","):
            paths = [line.split(":", 2)[2] for line in own.splitlines() if "cpu" in line.split(":")[1].split(",")]
            parents.append((directory + (paths[0] if paths else "/").rstrip("/"), 1))
        elif kind == "cgroup2":
            parents.append((directory, 2))
    return parents


class Cgroup:
    """A cgroup whose processes together have a hundred times the weight of any other."""

    def __init__(self, parent, version):
        self._directory = os.path.join(parent, NAME)
        if version == 2:
            _write(os.path.join(parent, "cgroup.subtree_control"), "+cpu")
        os.makedirs(self._directory, exist_ok=True)
        _write(os.path.join(self._directory, "cpu.shares" if version == 1 else "cpu.weight"),
               _SHARES if version == 1 else _WEIGHT)

    def __str__(self):
        return "the cgroup " + self._directory

    def take(self, pid):
        _write(os.path.join(self._directory, "cgroup.procs"), pid)


class Niceness:
    """The highest niceness, also for the scheduler's group of the process's session if it has one."""

    def __str__(self):
        return "niceness %d" % _NICENESS

    @staticmethod
    def take(pid):
        for thread in os.listdir("/proc/%d/task" % pid):
            os.setpriority(os.PRIO_PROCESS, int(thread), _NICENESS)
        if os.path.exists("/proc/%d/autogroup" % pid):
            _write("/proc/%d/autogroup" % pid, _NICENESS)


def _write(path, value):
    with open(path, "w") as file:
        file.write(str(value))


def _parents():
    with open("/proc/self/mounts") as mounts, open("/proc/self/cgroup") as own:
        return cgroup_parents(mounts.read(), own.read())


def means():
    """Returns the first way to favour processes that this machine permits."""
    for parent, version in _parents():
        try:
            return Cgroup(parent, version)
        except OSError as e:
            print("no CPU weights by version %d of cgroups: %s" % (version, e), flush=True)
    return Niceness()


def guests(directories):
    """Returns the PIDs of the QEMUs whose PID files libvirt keeps in these directories."""
    found = set()
    for path in (path for directory in directories for path in glob.glob(directory + "/*.pid")):
        if os.path.basename(path) == _OF_LIBVIRT:
            continue
        try:
            with open(path) as file:
                pid = int(file.read().split()[0])
            with open("/proc/%d/cmdline" % pid, "rb") as command:
                line = command.read()
                if b"qemu-system" in line or b"libvirtd" in line:  # libvirt's child writes the file just before it becomes QEMU
                    found.add(pid)
        except (OSError, ValueError, IndexError):
            pass  # the guest ends, or libvirt is about to write the file
    return found


def watch(directories):
    """Favours each guest from its start on, by the PID files that libvirt writes."""
    way, known = means(), set()
    print("guests get their cores by %s" % way, flush=True)
    with Inotify() as changes:
        for directory in directories:
            changes.watch(directory, CREATED | MODIFY | MOVED_TO | DELETED)
        waiting = select.poll()
        waiting.register(changes, select.POLLIN)
        while True:
            changes.take()
            running = guests(directories)
            for pid in running - known:
                try:
                    way.take(pid)
                except OSError as e:
                    running.discard(pid)
                    print("guest %d is not favoured: %s" % (pid, e), flush=True)
            known = running
            waiting.poll()


def remove():
    """Removes the cgroup; one that still has processes stays."""
    for parent, _ in _parents():
        try:
            os.rmdir(os.path.join(parent, NAME))
        except OSError:
            pass


if __name__ == "__main__":
    if sys.argv[1:] == ["remove"]:
        remove()
    else:
        watch(sys.argv[1:])
