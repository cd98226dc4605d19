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

# start_on HOST NAME COMMAND...: like start, in the host's namespaces. Only QEMU is bound to the host's CPU, which is for guests.
start_on() {
    local host=$1 name=$2
    shift 2
    start "$name" nsenter -t "$(pid_of "$host")" -n -m -u -- "${release_environment[@]}" "$@"
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
    # shellcheck disable=SC2046
    start cores /usr/bin/python3 -B "$root/devstack/cloud/cores.py" $(printf "$state/hosts/%s/run-libvirt/qemu " "${computes[@]}")
}

# make_migration_certificates HOST: creates the certificate with which QEMU encrypts migrations from and to a host.
make_migration_certificates() {
    local host=$1 directory authority="$state/etc/migration-authority"
    directory=$(host_directory "$host")/certificates
    [ ! -e "$directory/server-cert.pem" ] || return 0
    mkdir -p "$directory"
    if [ ! -e "$authority.pem" ]; then
        openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=migration" \
            -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign \
            -keyout "$authority.key" -out "$authority.pem" 2>>"$state/log/certificates.log"
    fi
    openssl req -newkey rsa:2048 -nodes -subj "/CN=$host" -keyout "$directory/server-key.pem" \
        -out "$directory/request.pem" 2>>"$state/log/certificates.log"
    openssl x509 -req -in "$directory/request.pem" -CA "$authority.pem" -CAkey "$authority.key" -CAcreateserial -days 3650 \
        -extfile <(echo "subjectAltName=IP:$(compute_address "$host"),DNS:$host
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth,clientAuth") -out "$directory/server-cert.pem" 2>>"$state/log/certificates.log"
    cp "$authority.pem" "$directory/ca-cert.pem"
    cp "$directory/server-cert.pem" "$directory/client-cert.pem"
    cp "$directory/server-key.pem" "$directory/client-key.pem"
    in_controller chown -R libvirt-qemu: "$directory"
    chmod 600 "$directory"/*-key.pem
}

configure_host() {
    local host=$1 number=${1#compute} address directory name
    address=$(compute_address "$host")
    directory=$(host_directory "$host")
    mkdir -p "$directory"/{nova,lock,run-libvirt,var-lib-libvirt,var-log-libvirt,var-cache-libvirt,etc-libvirt/qemu}
    make_migration_certificates "$host"
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
user = "${qemu_user:-root}"
group = "$(in_controller id -gn "${qemu_user:-root}")"
security_driver = "none"
security_default_confined = 0
dynamic_ownership = $([ "${qemu_user:-root}" = root ] && echo 0 || echo 1)
remember_owner = 0
cgroup_controllers = [ ]
namespaces = [ ]
clear_emulator_capabilities = $([ "${qemu_user:-root}" = root ] && echo 0 || echo 1)
migrate_tls_x509_cert_dir = "$directory/certificates"
migrate_tls_x509_verify = 1
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
# The guests do not react to ACPI.
shutdown_timeout = 0
# Nova 2026.2 would wait for minutes, also for migrations whose end only the source has seen.
manager_shutdown_timeout = 0
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
[workarounds]
# Both hosts are this machine. Later releases than Zed compare its CPU with what QEMU offers, which may lack features of a virtual one.
skip_cpu_compare_on_dest = $(has_root && echo True || echo False)
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
    accelerator=$(in_controller "$state/programs/host-driver/bin/godwit-host" accelerator 2>/dev/null) ||
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
$(use_programs)
mount -t sysfs sysfs /sys
echo $(cpu_of "$host") >"$directory/cpus"
mount --bind "$directory/cpus" /sys/devices/system/cpu/online
for name in run/libvirt var/lib/libvirt var/log/libvirt var/cache/libvirt etc/libvirt; do
    mkdir -p "/\$name"
    mount --bind "$directory/\${name//\//-}" "/\$name"
done
mount --bind "$directory/hosts" /etc/hosts
mkdir -p "$state/local" "$directory/local"
mount --bind "$directory/local" "$state/local"
touch "$directory/ready"
exec sleep infinity
SCRIPT
    start "$host" nsenter --net="/run/netns/$controller-$host" unshare -m -u bash "$directory/enter"
    await 10 test -e "$directory/ready" || fail "host $host did not start; read $state/log/$host.log."
}

# Makes the compute driver part of Nova. In Zed, Nova's package joins with another directory of the same name in PYTHONPATH; later ones do
# not, so that it is linked into the release's root.
install_driver() {
    ! has_root || ln -sfn "$root/nova-hook/python/nova/virt/godwit" "$release_root/usr/lib/python3/dist-packages/nova/virt/godwit"
}

# The options of nova-trial.conf, which only trials write, override those of the other files.
start_computes() {
    local host since path="PYTHONPATH=$root/nova-hook/python"
    install_driver
    ! has_root || path=PYTHONPATH=
    since=$(sql --skip-column-names --execute "SELECT UTC_TIMESTAMP()")
    for host in "${computes[@]}"; do
        start_on "$host" "nova-compute-$host" env PATH="$ssh_directory/bin:$PATH" "$path" nova-compute \
            --config-file "$state/etc/nova.conf" --config-file "$state/etc/nova-$host.conf" --config-file "$state/etc/nova-trial.conf"
    done
    await 90 computes_known "$since" || fail "nova-compute did not register; read $state/log/nova-compute-*.log."
    in_controller nova-manage "${nova_files[@]}" cell_v2 discover_hosts >>"$state/log/discover.log" 2>&1
}

# computes_known SINCE: whether all have reported themselves since then, after their start. While one starts, it takes a migration that
# runs for one that its end had interrupted, and Nova loses the server.
computes_known() {
    [ "$(sql --skip-column-names --execute "SELECT COUNT(*) FROM nova.services s JOIN nova.compute_nodes c ON c.host = s.host
        WHERE s.binary = 'nova-compute' AND s.last_seen_up > '$1'")" = ${#computes[@]} ]
}

not() {
    ! "$@"
}

# stop_on_hosts NAME: ends a process of each host and waits for its end.
stop_on_hosts() {
    local host pid
    for host in "${computes[@]}"; do
        ! pid=$(pid_of "$1-$host") || kill "$pid"
    done
    for host in "${computes[@]}"; do
        await 30 not running "$1-$host" || fail "$1 of $host does not exit; read $state/log/$1-$host.log."
    done
}

# restart_computes DRIVER: restarts nova-compute on all hosts with a driver, and with the options of nova.conf that it reads.
restart_computes() {
    local host
    compute_driver=$1
    configure nova-trial.conf
    stop_on_hosts nova-compute
    for host in "${computes[@]}"; do
        configure_host "$host"
    done
    start_computes
}

# restart_libvirt USER: restarts libvirt on all hosts. Guests that it starts from then on run as this user.
restart_libvirt() {
    qemu_user=$1
    stop_on_hosts libvirtd
    start_hosts
}

# restart [--qemu-user USER | --no-host-drivers]: restarts nova-compute on all hosts with the options that it reads; before that, libvirt
# if a user is given. Ends the host drivers or starts those that do not run.
restart() {
    if [ "${1:-}" = --qemu-user ]; then
        restart_libvirt "$2"
    fi
    if [ "${1:-}" = --no-host-drivers ]; then
        stop_on_hosts godwit-host
    else
        start_host_drivers
    fi
    restart_computes "$compute_driver"
}
