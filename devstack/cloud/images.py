"""Images of guests that write memory at different rates, and a flavor for them."""
import os

import openstack

BEHAVIOURS = {
    "quiet": "touched=64 ws=16 dirty=400",
    "busy": "touched=160 ws=128 dirty=60000 pattern=random entropy=900",
    "cache": "touched=160 ws=128 dirty=200000 pattern=hotspot change=16",
    "stream": "touched=160 ws=160 dirty=100000 pattern=seq change=4096 entropy=1000",
}

cloud = openstack.connect()


def image(name, path, disk_format, **properties):
    found = cloud.image.find_image(name)
    return found or cloud.create_image(
        name, filename=path, disk_format=disk_format,
        container_format=disk_format if disk_format == "aki" else "bare", wait=True, **properties)


kernel = image("guest-kernel", os.environ["GUEST_KERNEL"], "aki")
for behaviour, parameters in BEHAVIOURS.items():
    image("guest-" + behaviour, os.environ["GUEST_DISK"], "raw", kernel_id=kernel.id,
          os_command_line=parameters + " tick=1", hw_disk_bus="virtio")
if not cloud.compute.find_flavor("small"):
    cloud.compute.create_flavor(name="small", ram=256, vcpus=1, disk=0)
