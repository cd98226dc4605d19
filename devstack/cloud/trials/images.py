"""Images of the lab's guest, one for each behaviour, and flavors for them."""
import openstack

_PREFIX = "guest-"
# A dot on the console for each of so many slices of 2 ms; trials see pauses and lost work as finely as this.
_PULSE = 2


class Images:
    """Glance's images and Nova's flavors of guests."""

    def __init__(self):
        self._cloud = openstack.connect()

    def kernel(self, path):
        """Uploads the program that is the complete guest, unless it is there."""
        return self._image(_PREFIX + "kernel", path, "aki")

    def guest(self, behaviour, parameters, disk):
        """Creates the image of a behaviour, unless it is there. Nova requires a disk, which the guest does not use."""
        return self._image(_PREFIX + behaviour, disk, "raw", kernel_id=self._cloud.image.find_image(_PREFIX + "kernel").id,
                           os_command_line="%s pulse=%d" % (parameters, _PULSE), hw_disk_bus="virtio")

    def end(self, prefix, but):
        """Deletes the images of behaviours whose names begin like this, but not those with these names."""
        for each in list(self._cloud.image.images()):
            behaviour = (each.name or "")[len(_PREFIX):]
            if (each.name or "").startswith(_PREFIX + prefix) and behaviour not in but:
                self._cloud.image.delete_image(each.id)

    def flavor(self, name, ram, vcpus):
        """Creates a flavor, unless it is there. Several vCPUs take one of Placement's, because a host has one and Nova would refuse more."""
        found = self._cloud.compute.find_flavor(name) or self._cloud.compute.create_flavor(name=name, ram=ram, vcpus=vcpus, disk=0)
        if vcpus > 1:
            self._cloud.set_flavor_specs(found.id, {"resources:VCPU": "1"})

    def _image(self, name, path, disk_format, **properties):
        return self._cloud.image.find_image(name) or self._cloud.create_image(
            name, filename=path, disk_format=disk_format,
            container_format=disk_format if disk_format == "aki" else "bare", wait=True, **properties)
