#!/bin/sh
# Changes the traffic rules of one lease. Every change runs in here, under one lock and only while the lease still names
# the instance that asks, so that a dead agent's keeper, an agent that was stopped for too long and a new agent never
# change rules at the same time.
#
#   lease.sh open    LEASE INSTANCE   take the lease; what a predecessor left under it is lifted; stdin: how to lift
#   lease.sh apply   LEASE INSTANCE   run stdin, stop at the first error
#   lease.sh retract LEASE INSTANCE   run stdin, go on after errors
#   lease.sh lift    LEASE INSTANCE   lift the rules and give the lease back
#   lease.sh recover LEASE            lift the rules whoever held the lease
#   lease.sh keep    LEASE INSTANCE SECONDS
#       wait for one byte on stdin: r renews for SECONDS, q ends; silence or the end of stdin lifts the rules
#
# The lines on stdin and in a lease begin with ip or tc and are batch lines of that program. The first line of a lease is
# the instance and the boot it was taken in. Exit status 3: the lease is no longer this instance's.
set -u
verb=$1
lease=$2
instance=${3:-}
boot=$(cat /proc/sys/kernel/random/boot_id)

lock() {
    exec 9>"${lease%/*}/lock"
    flock -w 10 9 || {
        echo "The lock ${lease%/*}/lock is held by another process for more than 10 s." >&2
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
    lift)
        lock
        owned || exit 3
        lift
        ;;
    recover)
        lock
        if [ -e "$lease" ]; then lift; fi
        rm -f "$lease.new"
        ;;
    keep)
        # The agent's service may be told to stop: the agent lifts its rules itself then, and its end is seen here.
        trap '' HUP INT TERM
        cd /
        while :; do
            word=$(timeout -s KILL "$4" head -c 1 2>/dev/null) 2>/dev/null
            case $word in
                r) ;;
                q) exit 0 ;;
                *) break ;;
            esac
        done
        # However long it takes: whoever holds the lock is about to end, and nobody else will lift these rules.
        exec 9>"${lease%/*}/lock"
        flock 9
        if owned; then
            lift
            logger -t godwit "lifted ${lease##*/}: its agent did not renew it" 2>/dev/null || :
        fi
        ;;
    *)
        echo "lease.sh: there is no verb '$verb'." >&2
        exit 2
        ;;
esac
