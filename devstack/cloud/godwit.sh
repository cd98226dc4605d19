# Godwit on the compute hosts: a host driver each, which nova-compute asks; sourced.
# shellcheck shell=bash

build_godwit() {
    [ -e "$root/host-driver/target/lib" ] && [ -e "$root/watcher-strategy/target/lib" ] ||
        (cd "$root" && mvn -B -ntp -q package -pl host-driver,watcher-strategy -am -Dmaven.test.skip=true -Dspotless.check.skip)
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
        await_port "$(compute_address "$host")" "$agent_port"
    done
}

start_host_driver() {
    local host=$1
    start_on "$host" "godwit-host-$host" "$root/host-driver/bin/godwit-host" serve --name "$host" \
        --listen "$(compute_address "$host"):$agent_port" --address "$(compute_address "$host")" \
        --state "$(host_directory "$host")/godwit" --token-file "$state/etc/token" \
        --interface eth0 --link "$link" --host-load vms --cores 2 --memory 8G \
        --libvirt qemu:///system --socket "$(agent_socket "$host")" --peers "http://{host}:$agent_port"
}

agent_socket() {
    echo "$(host_directory "$1")/godwit.sock"
}
