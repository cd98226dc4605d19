# Tests Nova's migrations with dead, hung or faulty host drivers; sourced.
# shellcheck shell=bash

trial() {
    as_admin env GODWIT_CLOUD="$state" /usr/bin/python3 "$root/devstack/cloud/trial.py" "$@"
}

break_host_driver() {
    local fault=$1 host=$2 pid
    pid=$(pid_of "godwit-host-$host")
    case $fault in
        killed) kill -KILL "$pid" ;;
        hung) kill -STOP "$pid" ;;
        faulty)
            kill -KILL "$pid"
            start_on "$host" "rubbish-$host" /usr/bin/python3 "$root/devstack/cloud/trials/rubbish.py" "$(host_driver_socket "$host")"
            await 10 test -S "$(host_driver_socket "$host")"
            ;;
    esac
}

restore_host_driver() {
    local host=$1 pid
    if pid=$(pid_of "rubbish-$host"); then
        kill "$pid"
        await 10 not running "rubbish-$host"
    fi
    if pid=$(pid_of "godwit-host-$host"); then
        kill -CONT "$pid"
    else
        start_host_driver "$host"
    fi
    await_port "$(compute_address "$host")" "$host_driver_port"
}

# nova_seconds JSON: prints the seconds that Nova took; fails unless the server arrived intact and no traffic class is left.
nova_seconds() {
    /usr/bin/python3 -c '
import json, sys
seen = json.loads(sys.argv[1])
if not seen["arrived"] or seen["guest_bad"] != 0 or seen["tc_after"]:
    sys.exit("the server did not arrive intact: " + sys.argv[1])
print(seen["nova_seconds"])' "$1"
}

# faults ROUNDS: measures Nova alone first, then with broken host drivers on both hosts.
faults() {
    local rounds=${1:-20} round fault seconds host kinds=(killed hung faulty) alone=() usual late=0
    restart_computes libvirt.LibvirtDriver </dev/null
    for round in 1 2 3 4 5; do
        seconds=$(nova_seconds "$(trial web)") || return 1
        alone+=("$seconds")
        echo "Nova alone, round $round: $seconds s"
    done
    restart_computes godwit.GodwitLibvirtDriver </dev/null
    usual=$(printf '%s\n' "${alone[@]}" | sort -n | sed -n 3p)
    for ((round = 1; round <= rounds; round++)); do
        fault=${kinds[$((round % 3))]}
        for host in "${computes[@]}"; do
            break_host_driver "$fault" "$host"
        done
        seconds=$(nova_seconds "$(trial web)") || return 1
        for host in "${computes[@]}"; do
            restore_host_driver "$host"
        done
        echo "host drivers $fault, round $round: $seconds s"
        awk -v s="$seconds" -v u="$usual" 'BEGIN { exit s <= u + 3 ? 0 : 1 }' || late=$((late + 1))
    done
    echo "$((rounds - late)) of $rounds rounds within 3 s of Nova alone (median $usual s)"
    [ "$late" = 0 ]
}
