"""Trials on devstack/openstack: migrations of servers with known workloads, as Nova, libvirt and the guests report them."""

# Workloads of the lab's guest with their flavors, by the name of a typical server. touched and ws are in MiB, dirty is in KiB/s.
# The larger ones write faster than their link sends.
BEHAVIOURS = {
    "idle": ("small", "touched=32 ws=4 dirty=100"),
    "quiet": ("small", "touched=64 ws=16 dirty=400"),
    "web": ("small", "touched=160 ws=32 dirty=8000 pattern=random change=512"),
    "busy": ("small", "touched=160 ws=128 dirty=60000 pattern=random entropy=900"),
    "cache": ("small", "touched=160 ws=128 dirty=200000 pattern=hotspot change=16"),
    "stream": ("small", "touched=160 ws=160 dirty=100000 pattern=seq change=4096 entropy=1000"),
    "compute": ("medium", "touched=128 ws=8 dirty=1000 cpu=600"),
    "build": ("medium", "touched=420 ws=300 dirty=150000 pattern=random change=2048"),
    "mixed": ("medium", "touched=420 ws=256 dirty=180000 pattern=random change=1024 cpu=300"),
    "log": ("large", "touched=900 ws=500 dirty=160000 pattern=seq change=4096 entropy=300"),
    "hotspot": ("large", "touched=900 ws=600 dirty=300000 pattern=hotspot change=64"),
    "database": ("large", "touched=900 ws=700 dirty=250000 pattern=random change=64"),
}
# Memory in MB and vCPUs of the flavors. The guest works on its first vCPU; the others halt.
FLAVORS = {"small": (256, 1), "medium": (512, 1), "large": (1024, 1), "pair": (1024, 2), "big": (2048, 1), "quad": (2048, 4),
           "huge": (4096, 2)}
