#!/bin/sh
# Changes the traffic rules of one lease. All changes are made by this script, under one lock, and only while the lease
# names the calling instance. So the keeper of a dead host driver, a host driver that was stopped for too long and a new
# host driver never change rules at the same time.
#
#   lease.sh open    LEASE INSTANCE   take the lease and remove the rules of its previous holder; stdin: lines that
#                                     remove the rules of this one
#   lease.sh apply   LEASE INSTANCE   run stdin, stop at the first error
#   lease.sh retract LEASE INSTANCE   run stdin, ignore errors
#   lease.sh record  LEASE INSTANCE   replace the lines that remove the rules by stdin
#   lease.sh lift    LEASE INSTANCE   remove the rules and release the lease
#   lease.sh drop    LEASE INSTANCE   release the lease and leave all rules as they are
#   lease.sh recover LEASE            remove the rules and release the lease, whoever holds it
#   lease.sh keep    LEASE INSTANCE SECONDS
#       read single bytes from stdin: r renews for SECONDS, q ends; without a byte in that time, and at the end of
#       stdin, remove the rules
#
# The lines on stdin and in a lease begin with ip or tc and are batch lines of that program; "ingress NIC" removes the
# ingress qdisc of that NIC unless somebody has a filter there. Lines of Open vSwitch are commands: ovs-vsctl and
# ovs-ofctl with their arguments, "ovs-queue PORT NUMBER COLUMNS" sets columns of a queue, "ovs-drop PORT NUMBER" removes
# a queue, and "ovs-clear PORT BRIDGE" removes all rows and flows of Godwit. The first line of a lease is the instance and the id of the
# boot in which it was taken. Exit status 3: the instance does not hold the lease.
set -uf
verb=$1
# A service manager sends these signals to the keeper too, but the host driver removes its rules itself.
if [ "$verb" = keep ]; then trap '' HUP INT TERM; fi
lease=$2
instance=${3:-}
boot=$(cat /proc/sys/kernel/random/boot_id)

lock() {
    exec 9>"${lease%/*}/lock"
    flock -w 10 9 || {
        echo "Another process has held the lock ${lease%/*}/lock for more than 10 s." >&2
        exit 4
    }
}

owned() {
    [ -e "$lease" ] && read -r holder _ <"$lease" && [ "$holder" = "$instance" ]
}

vsctl() {
    ovs-vsctl --timeout=5 "$@"
}

ovs_queue_of() { # PORT NUMBER
    vsctl --bare --columns=_uuid find queue "external_ids:godwit=$1" "external_ids:number=$2"
}

ovs_set_queue() { # PORT NUMBER COLUMNS...
    queue=$(ovs_queue_of "$1" "$2")
    [ -n "$queue" ] || return 1
    shift 2
    vsctl set queue "$queue" "$@"
}

ovs_drop() { # PORT NUMBER
    queue=$(ovs_queue_of "$1" "$2")
    [ -z "$queue" ] || vsctl -- remove qos "$1" queues "$2" -- destroy queue "$queue"
}

ovs_clear() { # PORT BRIDGE
    ovs-ofctl --timeout=5 del-flows "$2" cookie=0x47570000/0xffff0000 || :
    for qos in $(vsctl --bare --columns=_uuid find qos "external_ids:godwit=$1"); do
        if [ "$(vsctl get port "$1" qos)" = "$qos" ]; then vsctl clear port "$1" qos; fi
        vsctl destroy qos "$qos"
    done
    for queue in $(vsctl --bare --columns=_uuid find queue "external_ids:godwit=$1"); do
        vsctl destroy queue "$queue"
    done
}

ovs_line() {
    case $1 in
        ovs-vsctl) shift && vsctl "$@" ;;
        ovs-ofctl) shift && ovs-ofctl --timeout=5 "$@" ;;
        ovs-queue) shift && ovs_set_queue "$@" ;;
        ovs-drop) shift && ovs_drop "$@" ;;
        ovs-clear) shift && ovs_clear "$@" ;;
    esac
}

# Runs the lines of Open vSwitch on stdin: all of them, or until the first error.
ovs_lines() { # all|first
    grep '^ovs-' | while read -r line; do
        # shellcheck disable=SC2086
        ovs_line $line >/dev/null </dev/null || [ "$1" = all ] || exit 1
    done
}

lift() {
    read -r _ taken <"$lease"
    if [ "$taken" = "$boot" ]; then
        sed -n 's/^tc //p' "$lease" | tc -force -batch - 2>/dev/null
        sed -n 's/^ingress //p' "$lease" | while read -r nic; do
            [ -n "$(tc filter show dev "$nic" ingress 2>/dev/null)" ] || tc qdisc del dev "$nic" ingress 2>/dev/null
        done
        sed -n 's/^ip //p' "$lease" | ip -force -batch - 2>/dev/null
        ovs_lines all <"$lease" 2>/dev/null
    fi
    rm -f "$lease"
}

case $verb in
    open)
        lock
        if [ -e "$lease" ]; then lift; fi
        { echo "$instance $boot" && cat; } >"$lease.new" && mv -f "$lease.new" "$lease"
        ;;
    apply)
        lock
        owned || exit 3
        lines=$(cat)
        printf '%s\n' "$lines" | sed -n 's/^ip //p' | ip -batch - &&
            printf '%s\n' "$lines" | sed -n 's/^tc //p' | tc -batch - &&
            printf '%s\n' "$lines" | ovs_lines first
        ;;
    retract)
        lock
        owned || exit 3
        lines=$(cat)
        printf '%s\n' "$lines" | sed -n 's/^tc //p' | tc -force -batch - || :
        printf '%s\n' "$lines" | ovs_lines all || :
        ;;
    record)
        lock
        owned || exit 3
        { echo "$instance $boot" && cat; } >"$lease.new" && mv -f "$lease.new" "$lease"
        ;;
    lift)
        lock
        owned || exit 3
        lift
        ;;
    drop)
        lock
        owned || exit 3
        rm -f "$lease"
        ;;
    recover)
        lock
        if [ -e "$lease" ]; then lift; fi
        rm -f "$lease.new"
        ;;
    keep)
        cd /
        while :; do
            word=$(timeout -s KILL "$4" head -c 1 2>/dev/null) 2>/dev/null
            case $word in
                r) ;;
                q) exit 0 ;;
                *) break ;;
            esac
        done
        # Without a timeout: the holder of the lock is about to end, and nobody else will remove these rules.
        exec 9>"${lease%/*}/lock"
        flock 9
        if owned; then
            lift
            logger -t godwit "removed the rules of ${lease##*/}: its host driver did not renew it" 2>/dev/null || :
        fi
        ;;
    *)
        echo "lease.sh: unknown verb '$verb'." >&2
        exit 2
        ;;
esac
