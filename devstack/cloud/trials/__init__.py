"""Trials on the OpenStack of devstack/openstack: servers of known behaviour are migrated, and everybody is asked how it went."""

# What the lab's guest does, by a name that one would give such a server. touched and ws in MiB, dirty in KiB/s.
BEHAVIOURS = {
    "idle": "touched=32 ws=4 dirty=100",
    "quiet": "touched=64 ws=16 dirty=400",
    "web": "touched=160 ws=32 dirty=8000 pattern=random change=512",
    "build": "touched=192 ws=96 dirty=30000 pattern=random change=2048",
    "busy": "touched=160 ws=128 dirty=60000 pattern=random entropy=900",
    "database": "touched=200 ws=160 dirty=120000 pattern=random change=64",
    "hotspot": "touched=200 ws=160 dirty=150000 pattern=hotspot change=64",
    "cache": "touched=160 ws=128 dirty=200000 pattern=hotspot change=16",
    "stream": "touched=160 ws=160 dirty=100000 pattern=seq change=4096 entropy=1000",
    "log": "touched=200 ws=64 dirty=80000 pattern=seq change=4096 entropy=300",
    "compute": "touched=64 ws=8 dirty=1000 cpu=600",
    "mixed": "touched=160 ws=128 dirty=90000 pattern=random change=1024 cpu=300",
}
