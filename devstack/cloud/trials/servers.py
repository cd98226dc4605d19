"""States of servers: one that works while the others are paused, so that they do not disturb it, and one that loses its destination."""
import time

from trials.cloud import until

SETTLE_SECONDS = 3
SETTLED_SECONDS = 60
# With this value of godwit:technique no technique uses post-copy, in which a server cannot survive the loss of its destination.
PRECOPY = "!POST,!POST-PREEMPT,!PRE-POST"


def _settled(cloud, uuid, status):
    until(lambda: cloud.show(uuid)["status"] == status or None, SETTLED_SECONDS)


def working(cloud, name, behaviour, metadata, flavor=None):
    """Returns the id of a server that has been running for some seconds, and sets its metadata."""
    uuid = cloud.server(name, behaviour, "compute1", flavor)
    if cloud.show(uuid)["status"] == "PAUSED":
        cloud.action(uuid, unpause=None)
    _settled(cloud, uuid, "ACTIVE")
    cloud.set_metadata(uuid, **metadata)
    time.sleep(SETTLE_SECONDS)
    return uuid


def resting(cloud, uuid):
    """Pauses a running server."""
    if cloud.show(uuid)["status"] == "ACTIVE":
        cloud.action(uuid, pause=None)
        _settled(cloud, uuid, "PAUSED")


def lose_destination(cloud, uuid, source, seconds):
    """Destroys the incoming VM of a migration from a host whenever memory is being sent, until Nova has given up; within a time limit."""
    host, target = cloud.hosts[source], cloud.hosts[cloud.other(source)]
    lost = []

    def given_up():
        if (host.query(uuid, "query-migrate") or {}).get("status") == "active":
            target.run("virsh", "destroy", uuid)
            lost.append(uuid)
        return True if lost and cloud.show(uuid)["OS-EXT-STS:task_state"] is None else None
    until(given_up, seconds)
