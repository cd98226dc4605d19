#!/bin/sh
# Tests the kernel features that a reservation needs, in a network namespace that ends with this script. Prints the first
# missing one as a sentence without a full stop, or nothing.
set -u

missing() {
    echo "$1"
    exit 0
}

if [ "${1:-}" != inside ]; then
    for need in ip:iproute2 tc:iproute2 flock:util-linux setsid:util-linux unshare:util-linux timeout:coreutils head:coreutils; do
        command -v "${need%:*}" >/dev/null || missing "${need%:*} is not installed (package ${need#*:})"
    done
    unshare -n true 2>/dev/null || missing "the host driver may not change network rules; run it as root"
    exec unshare -n sh "$0" inside
fi

attempt() { # what-is-missing command...
    sentence=$1
    shift
    "$@" >/dev/null 2>&1 || missing "this kernel has no $sentence"
}

attempt "ifb devices (module ifb)" ip link add gw-probe type ifb
attempt "ifb devices that can be switched on (module ifb)" ip link set gw-probe up
attempt "htb qdisc (module sch_htb)" tc qdisc add dev gw-probe root handle 4757: htb default 2
attempt "htb classes (module sch_htb)" tc class add dev gw-probe parent 4757: classid 4757:2 htb rate 1gbit quantum 131072
attempt "bfifo qdisc (module sch_fifo)" tc qdisc add dev gw-probe parent 4757:2 bfifo limit 1000000
attempt "u32 classifier (module cls_u32)" \
    tc filter add dev gw-probe parent 4757: protocol ip pref 1 u32 match ip dport 1 0xffff flowid 4757:2
attempt "ingress qdisc (module sch_ingress)" tc qdisc add dev gw-probe handle ffff: ingress
attempt "mirred action (module act_mirred)" tc filter add dev gw-probe parent ffff: protocol all pref 1 \
    u32 match u32 0 0 action mirred egress redirect dev gw-probe
