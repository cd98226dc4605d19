"""Servers that work one at a time: those that wait for their turn are paused, so that they do not disturb."""
import time

from trials.cloud import until

SETTLE_SECONDS = 3
SETTLED_SECONDS = 60


def _settled(cloud, uuid, status):
    until(lambda: cloud.look(uuid)["status"] == status or None, SETTLED_SECONDS)


def working(cloud, name, behaviour, metadata):
    """A server that has been at its work for some seconds, with this metadata."""
    uuid = cloud.server(name, behaviour, "compute1")
    if cloud.look(uuid)["status"] == "PAUSED":
        cloud.action(uuid, unpause=None)
    _settled(cloud, uuid, "ACTIVE")
    cloud.set_metadata(uuid, **metadata)
    time.sleep(SETTLE_SECONDS)
    return uuid


def resting(cloud, uuid):
    """Pauses a server that works."""
    if cloud.look(uuid)["status"] == "ACTIVE":
        cloud.action(uuid, pause=None)
        _settled(cloud, uuid, "PAUSED")
