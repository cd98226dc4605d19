"""Runs one server at a time. The others are paused, so that they do not disturb the measurement."""
import time

from trials.cloud import until

SETTLE_SECONDS = 3
SETTLED_SECONDS = 60


def _settled(cloud, uuid, status):
    until(lambda: cloud.show(uuid)["status"] == status or None, SETTLED_SECONDS)


def working(cloud, name, behaviour, metadata):
    """Returns the id of a server that has been running for some seconds, and sets its metadata."""
    uuid = cloud.server(name, behaviour, "compute1")
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
