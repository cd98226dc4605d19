# Starts the libvirt of one host, in mount and UTS namespaces of this shell's own, and becomes it.
# $1: name of the host, $2: directory of its libvirt, $3: its CPUs, $4: directory of its VMs, $5: directory of what libvirt finds out about
# QEMU, which takes it seconds, the same for all hosts
set -e
hostname "$1"
mount --make-rprivate /
# libvirt lets a QEMU run on all CPUs that it finds here.
printf '%s\n' "$3" >"$2/cpus"
mount --bind "$2/cpus" /sys/devices/system/cpu/online
for name in run/libvirt var/lib/libvirt var/log/libvirt etc/libvirt; do
    own=$2/$(echo "$name" | tr / -)
    mkdir -p "/$name" "$own"
    mount --bind "$own" "/$name"
done
mkdir -p /var/cache/libvirt /var/lib/libvirt/guests
mount --bind "$5" /var/cache/libvirt
mount --bind "$4" /var/lib/libvirt/guests
virtlogd --pid-file /run/libvirt/virtlogd.pid &
exec libvirtd --listen --pid-file /run/libvirt/libvirtd.pid
