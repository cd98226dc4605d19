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

make_token() {
    [ -e "$state/etc/token" ] || (umask 077 && head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$state/etc/token")
}

start_host_drivers() {
    local host
    make_token
    for host in "${computes[@]}"; do
        start_host_driver "$host"
    done
    for host in "${computes[@]}"; do
        await_port "$(compute_address "$host")" "$host_driver_port"
    done
}

start_host_driver() {
    local host=$1
    start_on "$host" "godwit-host-$host" "$state/programs/host-driver/bin/godwit-host" serve --name "$host" \
        --listen "$(compute_address "$host"):$host_driver_port" --address "$(compute_address "$host")" \
        --state "$(host_directory "$host")/godwit" --token-file "$state/etc/token" \
        --interface eth0 --link "$link" --host-load vms --cores 1 --memory 8G \
        --libvirt qemu:///system --socket "$(host_driver_socket "$host")" --peers "http://{host}:$host_driver_port"
}

host_driver_socket() {
    echo "$(host_directory "$1")/godwit.sock"
}
