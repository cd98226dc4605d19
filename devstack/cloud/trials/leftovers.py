"""Finds what migrations should not leave behind."""
import time

# time that the source's driver may need after Nova reports the end
_TIDY_SECONDS = 30
_FINAL = ("COMPLETED", "CANCELLED", "FAILED")


def left_over(cloud):
    """Returns tc classes, and migrations that have not ended, after time for the cleanup."""
    def remaining():
        waiting = ["%s: migration %s is %s" % (host.name, each["id"], each["phase"])
                   for host in cloud.hosts.values() for each in host.migrations() if each["phase"] not in _FINAL]
        return waiting + ["%s: %s" % (host.name, line) for host in cloud.hosts.values() for line in host.tc_classes()]
    deadline = time.monotonic() + _TIDY_SECONDS
    while remaining() and time.monotonic() < deadline:
        time.sleep(0.5)
    return remaining()
