"""Creates images of guests that write memory at different rates, and flavors for them."""
import os

import openstack

from trials import BEHAVIOURS, FLAVORS

cloud = openstack.connect()


def image(name, path, disk_format, **properties):
    found = cloud.image.find_image(name)
    return found or cloud.create_image(
        name, filename=path, disk_format=disk_format,
        container_format=disk_format if disk_format == "aki" else "bare", wait=True, **properties)


kernel = image("guest-kernel", os.environ["GUEST_KERNEL"], "aki")
for behaviour, (flavor, parameters) in BEHAVIOURS.items():
    image("guest-" + behaviour, os.environ["GUEST_DISK"], "raw", kernel_id=kernel.id,
          os_command_line=parameters + " pulse=5", hw_disk_bus="virtio")
for name, ram in FLAVORS.items():
    if not cloud.compute.find_flavor(name):
        cloud.compute.create_flavor(name=name, ram=ram, vcpus=1, disk=0)
