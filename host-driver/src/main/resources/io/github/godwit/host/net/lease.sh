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
# ingress qdisc of that NIC unless somebody has a filter there. The first line of a lease is the instance and the id of the
# boot in which it was taken. Exit status 3: the instance does not hold the lease.
set -u
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

lift() {
    read -r _ taken <"$lease"
    if [ "$taken" = "$boot" ]; then
        sed -n 's/^tc //p' "$lease" | tc -force -batch - 2>/dev/null
        sed -n 's/^ingress //p' "$lease" | while read -r nic; do
            [ -n "$(tc filter show dev "$nic" ingress 2>/dev/null)" ] || tc qdisc del dev "$nic" ingress 2>/dev/null
        done
        sed -n 's/^ip //p' "$lease" | ip -force -batch - 2>/dev/null
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
            printf '%s\n' "$lines" | sed -n 's/^tc //p' | tc -batch -
        ;;
    retract)
        lock
        owned || exit 3
        sed -n 's/^tc //p' | tc -force -batch - || :
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
