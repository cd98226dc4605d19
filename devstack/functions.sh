# Functions that the scripts in devstack share; sourced.
# shellcheck shell=bash

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

fail() {
    echo "${0##*/}: $*" >&2
    exit 1
}

say() {
    printf '%s\n' "==> $*"
}

# require_machine VERSION...: fails unless this is one of these versions of Debian.
require_machine() {
    local version versions=$*
    local wanted="Debian ${versions// / or }"
    [ "$(id -u)" -eq 0 ] || fail "run this as root, because the lab creates network namespaces and traffic rules."
    # shellcheck source=/dev/null
    . /etc/os-release 2>/dev/null || fail "$wanted is required, but this system has no /etc/os-release."
    for version in "$@"; do
        [ "${ID:-} ${VERSION_ID:-}" != "debian $version" ] || break
    done
    [ "${ID:-} ${VERSION_ID:-}" = "debian $version" ] ||
        fail "$wanted is required, but this is ${PRETTY_NAME:-an unknown system}."
    [ "$(uname -m)" = x86_64 ] || fail "an x86_64 machine is required, but this is $(uname -m)."
}

# where apt is configured
apt_etc=/etc/apt

# Prints the options with which apt installs QEMU 10, which is in the backports of Debian 12 and in Debian 13 itself.
from_backports() {
    ! grep -qs 'VERSION_ID="12"' /etc/os-release || echo "-t bookworm-backports"
}

add_backports() {
    [ -n "$(from_backports)" ] || return 0
    apt-cache policy qemu-system-x86 2>/dev/null | grep -q '1:10\.' && return 0
    add_apt_entry bookworm-backports /etc/apt/sources.list.d/godwit-backports
}

# add_apt_entry "SUITE..." FILE: writes the system's own apt entry of Debian with other suites to FILE.sources or FILE.list.
add_apt_entry() {
    local own=$apt_etc/sources.list.d/debian.sources suite
    if [ -f "$own" ]; then
        awk 'BEGIN { RS = ""; ORS = "\n\n" } !/security/' "$own" |
            sed "s/^Suites:.*/Suites: $1/; s/^Components:.*/Components: main/" >"$2.sources"
    elif [ -f "$apt_etc/sources.list" ]; then
        for suite in $1; do
            sed -n "s/^\(deb .*\) bookworm main.*/\1 $suite main/p" "$apt_etc/sources.list" | head -n 1
        done >"$2.list"
        [ -s "$2.list" ] || fail "$apt_etc/sources.list has no entry 'bookworm main' to copy; add $1 by hand."
    else
        fail "there is no apt source to copy; add Debian's $1 by hand."
    fi
}

# Prints the URI of the archive in the system's own apt entry of Debian.
archive_uri() {
    local directory status=0
    directory=$(mktemp -d)
    add_apt_entry bookworm "$directory/own" || status=$?
    sed -n 's/^URIs: *\([^ ]*\).*/\1/p; s/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p' "$directory"/own.* 2>/dev/null | head -n 1
    rm -r "$directory"
    return "$status"
}

has_qemu() {
    qemu-system-x86_64 --version 2>/dev/null | grep -qE 'version (1[0-9]|[2-9][0-9])\.'
}

has_java() {
    javac -version 2>&1 | grep -qE '^javac (1[7-9]|[2-9][0-9])'
}

# Runs a command that installs packages and keeps them from starting their servers.
without_servers() {
    local policy=/usr/sbin/policy-rc.d status=0
    grep -qs godwit "$policy" && rm "$policy"
    if [ -e "$policy" ]; then
        "$@"
        return
    fi
    printf '#!/bin/sh\n# Created by godwit while it installs packages. Remove it if no installation is running.\nexit 101\n' >"$policy"
    chmod +x "$policy"
    "$@" || status=$?
    rm -f "$policy"
    return "$status"
}

has_setuptools() {
    /usr/bin/python3 -c 'import setuptools' 2>/dev/null
}

# Installs the missing ones of a JDK, Maven, setuptools, QEMU 10, iproute2, iperf3, OpenSSL, gcc, make and the given packages.
install_packages() {
    local missing=() package
    has_java || missing+=(default-jdk-headless)
    command -v mvn >/dev/null || missing+=(maven)
    has_setuptools || missing+=(python3-setuptools)
    command -v tc >/dev/null || missing+=(iproute2)
    command -v iperf3 >/dev/null || missing+=(iperf3)
    command -v openssl >/dev/null || missing+=(openssl)
    command -v gcc >/dev/null || missing+=(gcc libc6-dev)
    command -v make >/dev/null || missing+=(make)
    for package in "$@"; do
        dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
    done
    has_qemu && [ ${#missing[@]} -eq 0 ] && return 0
    say "Installing ${missing[*]}$(has_qemu || echo ' qemu-system-x86 (10)')"
    export DEBIAN_FRONTEND=noninteractive
    if ! has_qemu; then
        apt-get update -qq
        add_backports
        apt-get update -qq
        # shellcheck disable=SC2046 # no or two options
        without_servers apt-get install -y -qq --no-install-recommends $(from_backports) qemu-system-x86 >/dev/null
    elif [ ${#missing[@]} -gt 0 ]; then
        apt-get update -qq
    fi
    [ ${#missing[@]} -eq 0 ] ||
        without_servers apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Installs the daemons and the client of libvirt, from where QEMU is.
install_libvirt() {
    local packages=(libvirt-daemon libvirt-daemon-driver-qemu libvirt-clients)
    dpkg -s "${packages[@]}" >/dev/null 2>&1 && return 0
    say "Installing ${packages[*]}"
    apt-get update -qq
    add_backports
    apt-get update -qq
    # shellcheck disable=SC2046 # no or two options
    DEBIAN_FRONTEND=noninteractive without_servers apt-get install -y -qq --no-install-recommends $(from_backports) \
        "${packages[@]}" >/dev/null
}

# Builds the programs and the guest if a source file is newer than the last build.
build() {
    local stamp="$root/target/godwit-built"
    if [ -f "$stamp" ] &&
        [ -z "$(find "$root" \( -name target -o -name .git \) -prune -o -type f -newer "$stamp" -print -quit)" ]; then
        return 0
    fi
    say "Building (the first build also downloads libraries)"
    mkdir -p "$root/target"
    touch "$stamp.new"
    (cd "$root" && mvn -B -q -Dmaven.test.skip=true -Dspotless.check.skip package)
    make -s -C "$root/devstack/lab/src/guest" OUT="$root/devstack/lab/target/images"
    mv "$stamp.new" "$stamp"
}
