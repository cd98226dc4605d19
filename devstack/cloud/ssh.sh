# SSH between the compute hosts, by which Nova copies the disks of cold migrations and resizes; sourced.
# shellcheck shell=bash

# Keys, known hosts and the programs with which nova-compute calls ssh and scp.
ssh_directory="$state/etc/ssh"

start_ssh() {
    local host
    configure_ssh
    for host in "${computes[@]}"; do
        start_on "$host" "sshd-$host" unshare -m sh "$(host_directory "$host")/ssh/enter"
    done
    for host in "${computes[@]}"; do
        await_port "$(compute_address "$host")" 22
    done
}

configure_ssh() {
    local host name
    mkdir -p "$ssh_directory/bin"
    make_ssh_key "$ssh_directory/id"
    for host in "${computes[@]}"; do
        configure_sshd "$host"
    done
    known_ssh_hosts >"$ssh_directory/known_hosts.new"
    mv "$ssh_directory/known_hosts.new" "$ssh_directory/known_hosts"
    configure ssh/config <<CONF
IdentityFile $ssh_directory/id
IdentitiesOnly yes
IdentityAgent none
UserKnownHostsFile $ssh_directory/known_hosts
GlobalKnownHostsFile /dev/null
StrictHostKeyChecking yes
UpdateHostKeys no
ConnectTimeout 10
ServerAliveInterval 5
CONF
    # With -F neither the user's nor the system's configuration is read.
    for name in ssh scp; do
        cat >"$ssh_directory/bin/$name" <<SCRIPT
#!/bin/sh
exec /usr/bin/$name -F "$ssh_directory/config" "\$@"
SCRIPT
        chmod 755 "$ssh_directory/bin/$name"
    done
}

make_ssh_key() {
    [ -e "$1" ] || in_controller ssh-keygen -q -t ed25519 -N "" -C "$controller" -f "$1"
}

# Prints the public keys of all hosts, by the addresses that Nova uses and by their names.
known_ssh_hosts() {
    local host
    for host in "${computes[@]}"; do
        echo "$(compute_address "$host"),$host $(cut -d ' ' -f 1,2 "$(host_directory "$host")/ssh/host_key.pub")"
    done
}

# configure_sshd HOST: its sshd knows one user, root, with another home and shell than on this machine and an account that is not
# locked. It has its own /run, because it needs the directory /run/sshd.
configure_sshd() {
    local directory
    directory=$(host_directory "$1")/ssh
    mkdir -p "$directory"
    make_ssh_key "$directory/host_key"
    cp "$ssh_directory/id.pub" "$directory/authorized_keys"
    { echo "root:x:0:0::$state/home:/bin/sh" && in_controller grep '^sshd:' /etc/passwd; } >"$directory/passwd"
    echo "root:*:::::::" >"$directory/shadow"
    cat >"$directory/sshd_config" <<CONF
ListenAddress $(compute_address "$1")
HostKey $directory/host_key
PidFile none
AuthenticationMethods publickey
AuthorizedKeysFile $directory/authorized_keys
PermitRootLogin prohibit-password
AllowUsers root
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
# The state's directory may be below one that everybody may write to, such as /tmp.
StrictModes no
PermitUserRC no
DisableForwarding yes
PermitTTY no
PrintMotd no
MaxStartups 100
ClientAliveInterval 5
SetEnv $mark
Subsystem sftp internal-sftp
CONF
    cat >"$directory/enter" <<SCRIPT
set -e
mount --bind "$directory/passwd" /etc/passwd
mount --bind "$directory/shadow" /etc/shadow
mount -t tmpfs -o mode=755,size=1m tmpfs /run
mkdir -m 755 /run/sshd
exec /usr/sbin/sshd -D -e -f "$directory/sshd_config"
SCRIPT
}
