"""libvirt's job of a migration, as its host reports the end of it."""
import datetime
import re
import subprocess
import time

_END_SECONDS = 30
_STAMP = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\+\d{4}): event 'job-completed'", re.MULTILINE)


class Job:
    """Waits for the end of a migration."""

    def __init__(self, virsh, uuid, seconds):
        self._waiting = subprocess.Popen(
            [*virsh, "event", "--domain", uuid, "--event", "job-completed", "--timestamp", "--timeout", str(seconds)],
            stdout=subprocess.PIPE, text=True)

    def result(self, arrived):
        """Returns what libvirt printed about the completed job: its values, and when it ended by the host's monotonic clock.

        Without values, and without a time, for a migration that did not arrive.
        """
        if not arrived:
            self._waiting.terminate()
        printed = self._waiting.communicate(timeout=_END_SECONDS)[0]
        return values(printed), ended(printed, time.monotonic() - time.time())


def values(printed):
    """Returns the numbers of a job-completed event by name; times are in milliseconds, amounts in bytes."""
    pairs = (line.split(":", 1) for line in printed.splitlines() if ":" in line)
    return {name.strip(): int(value) for name, value in pairs if value.strip().lstrip("-").isdigit()}


def ended(printed, offset):
    """Returns the time of a job-completed event plus an offset in seconds, or None if there was none."""
    stamp = _STAMP.search(printed)
    return datetime.datetime.strptime(stamp[1], "%Y-%m-%d %H:%M:%S.%f%z").timestamp() + offset if stamp else None
