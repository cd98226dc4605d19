"""What migrations should not leave behind."""
import time

# What the driver of the source may still need after Nova says that it is over.
_TIDY_SECONDS = 30
_FINAL = ("COMPLETED", "CANCELLED", "FAILED")


def left_over(cloud):
    """Classes of tc, and migrations that wait or run, once everybody has had the time to tidy up."""
    def look():
        waiting = ["%s: migration %s is %s" % (host.name, each["id"], each["phase"])
                   for host in cloud.hosts.values() for each in host.migrations() if each["phase"] not in _FINAL]
        return waiting + ["%s: %s" % (host.name, line) for host in cloud.hosts.values() for line in host.tc_classes()]
    deadline = time.monotonic() + _TIDY_SECONDS
    while look() and time.monotonic() < deadline:
        time.sleep(0.5)
    return look()
