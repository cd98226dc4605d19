# Godwit on the compute hosts: one host driver each, which nova-compute asks; sourced.
# shellcheck shell=bash source-path=SCRIPTDIR/..

# shellcheck source=../programs.sh
. "$root/devstack/programs.sh"

# Copies both programs out of the build tree, so that a build does not change the running ones.
build_godwit() {
    local module
    build_programs "$root"
    for module in host-driver watcher-strategy; do
        if [ ! -e "$state/programs/$module" ] || ! programs_run; then
            rm -rf "$state/programs/$module"
            mkdir -p "$state/programs/$module/target"
            cp -r "$root/$module/bin" "$state/programs/$module"
            cp -r "$root/$module"/target/*.jar "$root/$module/target/lib" "$state/programs/$module/target"
        fi
    done
}

programs_run() {
    local host
    for host in "${computes[@]}"; do
        ! running "godwit-host-$host" || return 0
    done
    running godwit
}

# Makes a certificate for each host driver and one for the service. The key of their authority is deleted.
make_certificates() {
    local tls=$state/etc/tls host
    [ ! -e "$tls/godwit-strategy.pem" ] || return 0
    (umask 077 && mkdir -p "$tls")
    new_certificate "$tls/ca" Godwit || return
    for host in "${computes[@]}"; do
        issue_certificate "$host" "DNS:$host,IP:$(compute_address "$host")" || return
    done
    issue_certificate godwit-strategy "DNS:godwit-strategy,IP:$controller_address" && rm "$tls/ca.key"
}

issue_certificate() {
    local tls=$state/etc/tls
    new_certificate "$tls/$1" "$1" -CA "$tls/ca.pem" -CAkey "$tls/ca.key" -addext basicConstraints=CA:FALSE -addext "subjectAltName=$2"
}

# new_certificate FILE NAME OPTIONS...
new_certificate() {
    local file=$1 name=$2
    shift 2
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=$name" \
        -keyout "$file.key" -out "$file.pem" "$@" 2>>"$state/log/certificates.log"
}

start_host_drivers() {
    local host
    make_certificates || fail "The certificates cannot be made; read $state/log/certificates.log."
    for host in "${computes[@]}"; do
        start_host_driver "$host"
    done
    for host in "${computes[@]}"; do
        await_port "$(compute_address "$host")" "$host_driver_port"
    done
}

start_host_driver() {
    local host=$1 tls=$state/etc/tls
    start_on "$host" "godwit-host-$host" "$state/programs/host-driver/bin/godwit-host" serve --name "$host" \
        --listen "$(compute_address "$host"):$host_driver_port" --address "$(compute_address "$host")" \
        --state "$(host_directory "$host")/godwit" \
        --tls-certificate "$tls/$host.pem" --tls-key "$tls/$host.key" --tls-ca "$tls/ca.pem" \
        --interface eth0 --link "$link" --host-load vms --cores 1 --memory 8G \
        --libvirt qemu:///system --socket "$(host_driver_socket "$host")" --peers "https://{host}:$host_driver_port"
}

host_driver_socket() {
    echo "$(host_directory "$1")/godwit.sock"
}
