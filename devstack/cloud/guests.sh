# Images and flavors for guests that write memory and check it themselves; sourced.
# shellcheck shell=bash

# The kernel is the complete guest, but Nova requires a disk.
make_guests() {
    make -s -C "$root/devstack/lab/src/guest" OUT="$root/devstack/lab/target/images"
    truncate -s 1M "$state/disk.raw"
    as_admin env GUEST_KERNEL="$root/devstack/lab/target/images/guest.elf" GUEST_DISK="$state/disk.raw" \
        /usr/bin/python3 "$root/devstack/cloud/images.py"
}
