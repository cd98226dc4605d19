# The compute hosts: each in its own namespaces, with its own libvirt and nova-compute; sourced.
# shellcheck shell=bash

host_directory() {
    echo "$state/hosts/$1"
}

# cpu_of HOST: prints the CPU of a host. Each host has its own where this process may use enough CPUs.
cpu_of() {
    local cpus part
    for part in $(taskset -cp $$ | sed 's/.*: //; s/,/ /g'); do
        cpus+=" $(seq -s ' ' "${part%-*}" "${part#*-}")"
    done
    # shellcheck disable=SC2086
    set -- "${1#compute}" $cpus
    shift $((($1 - 1) % ($# - 1) + 1))
    echo "$1"
}

# start_on HOST NAME COMMAND...: like start, in the host's namespaces and on its CPU
start_on() {
    local host=$1 name=$2
    shift 2
    start "$name" taskset -c "$(cpu_of "$host")" nsenter -t "$(pid_of "$host")" -n -m -u -- "$@"
}

start_hosts() {
    local host
    for host in "${computes[@]}"; do
        configure_host "$host"
        enter_host "$host"
        start_on "$host" "virtlogd-$host" virtlogd -p /run/libvirt/virtlogd.pid
        start_on "$host" "libvirtd-$host" libvirtd --listen -p /run/libvirt/libvirtd.pid
    done
    for host in "${computes[@]}"; do
        await_port "$(compute_address "$host")" 16509
    done
}

configure_host() {
    local host=$1 number=${1#compute} address directory name
    address=$(compute_address "$host")
    directory=$(host_directory "$host")
    mkdir -p "$directory"/{nova,lock,run-libvirt,var-lib-libvirt,var-log-libvirt,var-cache-libvirt,etc-libvirt/qemu}
    : >"$directory/etc-libvirt/virtlogd.conf"
    cat >"$directory/etc-libvirt/libvirtd.conf" <<CONF
host_uuid = "0000000$number-0000-4000-8000-00000000000$number"
listen_tls = 0
listen_tcp = 1
listen_addr = "$address"
auth_tcp = "none"
auth_unix_rw = "none"
auth_unix_ro = "none"
log_outputs = "2:file:/var/log/libvirt/libvirtd.log"
CONF
    # Both hosts use the same directory of instances, on a file system that libvirt does not recognise as shared.
    cat >"$directory/etc-libvirt/qemu.conf" <<CONF
user = "root"
group = "root"
security_driver = "none"
security_default_confined = 0
dynamic_ownership = 0
remember_owner = 0
cgroup_controllers = [ ]
namespaces = [ ]
clear_emulator_capabilities = 0
set_process_name = 0
migration_address = "$address"
migration_host = "$address"
max_core = 0
stdio_handler = "file"
shared_filesystems = [ "$state/instances" ]
CONF
    cp /etc/hosts "$directory/hosts"
    for name in "${computes[@]}"; do
        echo "$(compute_address "$name") $name" >>"$directory/hosts"
    done
    configure "nova-$host.conf" <<CONF
[DEFAULT]
host = $host
my_ip = $address
state_path = $directory/nova
instances_path = $state/instances
compute_driver = $compute_driver
resume_guests_state_on_host_boot = true
reserved_host_memory_mb = 256
heal_instance_info_cache_interval = -1
report_interval = 5
update_resources_interval = 30
initial_ram_allocation_ratio = 4.0
initial_cpu_allocation_ratio = 16.0
[libvirt]
virt_type = $(hypervisor)
cpu_mode = none
hw_machine_type = x86_64=pc
live_migration_inbound_addr = $address
live_migration_scheme = tcp
${live_migration_options:-}
[oslo_concurrency]
lock_path = $directory/lock
[godwit]
socket = $(host_driver_socket "$host")
# Nova permits neither post-copy nor auto-converge by default.
allow_techniques = POST,PRE-POST,POST-PREEMPT,THR
CONF
}

# Prints Nova's virt_type for the accelerator of this machine.
hypervisor() {
    local accelerator
    accelerator=$("$state/programs/host-driver/bin/godwit-host" accelerator 2>/dev/null) ||
        fail "the accelerator of this machine is unknown; run 'host-driver/bin/godwit-host accelerator' to see why."
    if [ "$accelerator" = kvm ]; then echo kvm; else echo qemu; fi
}

# Starts a process that holds the host's namespaces. Its new sysfs mount contains the devices of its network namespace, which Nova
# reads, and only the host's CPU, so libvirt runs every QEMU there.
enter_host() {
    local host=$1 directory
    directory=$(host_directory "$host")
    running "$host" && return 0
    rm -f "$directory/ready"
    cat >"$directory/enter" <<SCRIPT
set -e
hostname $host
mount --make-rprivate /
mount -t sysfs sysfs /sys
echo $(cpu_of "$host") >"$directory/cpus"
mount --bind "$directory/cpus" /sys/devices/system/cpu/online
for name in run/libvirt var/lib/libvirt var/log/libvirt var/cache/libvirt etc/libvirt; do
    mkdir -p "/\$name"
    mount --bind "$directory/\${name//\//-}" "/\$name"
done
mount --bind "$directory/hosts" /etc/hosts
touch "$directory/ready"
exec sleep infinity
SCRIPT
    start "$host" nsenter --net="/run/netns/$controller-$host" unshare -m -u bash "$directory/enter"
    await 10 test -e "$directory/ready" || fail "host $host did not start; read $state/log/$host.log."
}

start_computes() {
    local host
    for host in "${computes[@]}"; do
        start_on "$host" "nova-compute-$host" env PYTHONPATH="$root/nova-hook/python" nova-compute --config-file "$state/etc/nova.conf" --config-file "$state/etc/nova-$host.conf"
    done
    await 90 computes_known || fail "nova-compute did not register; read $state/log/nova-compute-*.log."
    in_controller nova-manage "${nova_files[@]}" cell_v2 discover_hosts >>"$state/log/discover.log" 2>&1
}

computes_known() {
    [ "$(sql --skip-column-names --execute "SELECT COUNT(*) FROM nova.services s JOIN nova.compute_nodes c ON c.host = s.host
        WHERE s.binary = 'nova-compute' AND s.last_seen_up > UTC_TIMESTAMP() - INTERVAL 15 SECOND")" = ${#computes[@]} ]
}
