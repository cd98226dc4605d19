# Names, addresses and ports of the OpenStack on this machine; sourced.
# shellcheck shell=bash disable=SC2034

state=$(state_of "$release")

# Network namespaces: the controller's, which contains the bridge, and one for each compute host.
controller=gwcloud
computes=(compute1 compute2)
subnet=10.97.0
controller_address=$subnet.1

compute_address() {
    echo "$subnet.1${1#compute}"
}

# Rate of the compute hosts' links, and port of their host drivers.
link=1gbit
host_driver_port=9622

# Nova's stock driver is libvirt.LibvirtDriver.
compute_driver="${GODWIT_CLOUD_DRIVER:-godwit.GodwitLibvirtDriver}"

identity_url=http://$controller_address:5000/v3
image_url=http://$controller_address:9292
placement_url=http://$controller_address:8778
network_url=http://$controller_address:9696
watcher_url=http://$controller_address:9322
godwit_url=https://$controller_address:9323
compute_url=http://$controller_address:8774/v2.1

# The authority of the certificate of Godwit's service.
service_authority=$state/etc/tls/ca.pem

conformance_packages=(tempest watcher-tempest-plugin)
packages=(keystone glance-api placement-api nova-api nova-conductor nova-scheduler nova-compute nova-compute-kvm
    neutron-server mariadb-server rabbitmq-server memcached uwsgi-core uwsgi-plugin-python3
    watcher-api watcher-decision-engine watcher-applier python3-watcherclient python3-setuptools
    python3-openstackclient python3-osc-placement curl)

# In the root of a release, "a|b" is the first of them that its suite has.
rooted_packages=("${packages[@]/neutron-server/neutron-api|neutron-server}" openssh-server default-jre-headless iproute2 procps
    "${conformance_packages[@]}")

# Reads the password of all services and of the administrator; generates it at the first start.
make_password() {
    [ -e "$state/password" ] || (umask 077 && head -c 18 /dev/urandom | base64 | tr -d '/+=' >"$state/password")
    password=$(<"$state/password")
}

has_packages() {
    local program
    if has_root; then
        for program in debootstrap mvn gcc make openssl tc; do
            command -v "$program" >/dev/null || return
        done
        has_java && [ -d "$release_root" ]
    else
        dpkg -s "${packages[@]}" openssh-server >/dev/null 2>&1
    fi
}

# The packages of another release are in its root; what builds Godwit and its guest is on this machine.
install_cloud_packages() {
    if has_root; then
        install_packages gcc make binutils openssl debootstrap && install_root "${rooted_packages[@]}"
    else
        install_zed
    fi
}

# QEMU and libvirt come from the backports; OpenStack stays at the release of Debian 12 (Zed).
install_zed() {
    install_sshd || return
    install_packages gcc make binutils
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    without_servers apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-confold \
        -t bookworm-backports "${packages[@]}" >/dev/null
}

# Installs Debian's sshd, not the one of the backports, which would replace the SSH of this machine. Debian would start a new one at the
# next boot, for the whole machine.
install_sshd() {
    ! dpkg -s openssh-server >/dev/null 2>&1 || return 0
    install_packages openssh-server || return
    ! command -v systemctl >/dev/null || systemctl --quiet disable ssh.service
}
