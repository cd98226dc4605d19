# Starts and stops the processes and network namespaces of the OpenStack on this machine; sourced.
# shellcheck shell=bash

# All processes that are started here have this in their environment, and so do most of their children.
mark="GODWIT_CLOUD_OWNER=$state"

# start NAME COMMAND...: runs a command in the background with its output in a log, unless it runs already.
start() {
    local name=$1
    shift
    running "$name" && return 0
    setsid env "$mark" HOME="$state/home" "$@" >>"$state/log/$name.log" 2>&1 </dev/null &
    echo "$! $(start_time $!)" >"$state/run/$name"
    disown
}

# start_time PID: prints the start time in clock ticks since boot, which together with the PID identifies a process.
start_time() {
    sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20
}

# pid_of NAME: prints the PID of a started process, the leader of its process group; fails when it has ended.
pid_of() {
    local pid time
    read -r pid time 2>/dev/null <"$state/run/$1" && [ -n "$time" ] && [ "$(start_time "$pid")" = "$time" ] && echo "$pid"
}

started() {
    [ ! -d "$state/run" ] || (cd "$state/run" && find . -type f ! -name '*.*' -printf '%P\n' | sort)
}

running() {
    [ -e "$state/run/$1" ] && pid_of "$1" >/dev/null
}

# The command that runs another one in the environment of the release, whose Java is not where this machine's is.
release_environment=(env)
! has_root || release_environment+=(-u JAVA_HOME)

# The command that runs another one in the controller's network namespace, by the programs of the release.
controller_entry=(ip netns exec "$controller")
! has_root || controller_entry+=(sh -c "$(use_programs) && exec \"\$@\"" sh "${release_environment[@]}")

in_controller() {
    "${controller_entry[@]}" "$@"
}

# start_in_controller NAME COMMAND...: like start, in the controller.
start_in_controller() {
    local name=$1
    shift
    start "$name" "${controller_entry[@]}" "$@"
}

# on_host HOST COMMAND...: runs a command in the network, mount and UTS namespaces of a compute host.
on_host() {
    local host=$1
    shift
    nsenter -t "$(pid_of "$host")" -n -m -u -- "$@"
}

# await SECONDS COMMAND...: repeats a command until it succeeds.
await() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.2
    done
}

await_port() {
    await 90 in_controller bash -c "exec 3<>/dev/tcp/$1/$2" || fail "nothing listens on $1:$2; read the logs in $state/log."
}

# Runs a command in the controller with the administrator's credentials. Only Godwit's service has a certificate.
as_admin() {
    make_password
    in_controller env "$mark" OS_AUTH_URL="$identity_url" OS_USERNAME=admin OS_PASSWORD="$password" \
        OS_PROJECT_NAME=admin OS_USER_DOMAIN_NAME=Default OS_PROJECT_DOMAIN_NAME=Default OS_IDENTITY_API_VERSION=3 \
        OS_REGION_NAME=RegionOne OS_COMPUTE_API_VERSION=2.90 OS_CACERT="$service_authority" "$@"
}

# The same by this machine's own programs, whatever the release.
as_admin_here() {
    local controller_entry=(ip netns exec "$controller")
    as_admin "$@"
}

make_network() {
    local host
    [ -e "/run/netns/$controller" ] && return 0
    ip netns add "$controller"
    ip -n "$controller" link set lo up
    ip -n "$controller" link add br0 type bridge
    ip -n "$controller" addr add "$controller_address/24" dev br0
    ip -n "$controller" link set br0 up
    for host in "${computes[@]}"; do
        ip netns add "$controller-$host"
        ip link add "$host" netns "$controller" type veth peer name eth0 netns "$controller-$host"
        ip -n "$controller" link set "$host" master br0 up
        tc -n "$controller" qdisc add dev "$host" root tbf rate "$link" burst 256k latency 20ms
        ip -n "$controller-$host" link set lo up
        ip -n "$controller-$host" addr add "$(compute_address "$host")/24" dev eth0
        ip -n "$controller-$host" link set eth0 up
    done
}

remove_network() {
    local name
    for name in "${computes[@]/#/$controller-}" "$controller"; do
        [ ! -e "/run/netns/$name" ] || ip netns del "$name"
    done
}

# Prints the PIDs of all processes of this OpenStack: the started ones, whose environment may be hidden, and all with the mark.
ours() {
    local file pid name
    for name in $(started); do
        pid=$(pid_of "$name") && pgrep --session "$pid"
    done
    for file in /proc/[0-9]*/environ; do
        pid=${file#/proc/}
        pid=${pid%/environ}
        if [ "$pid" != "$BASHPID" ] && [ "$pid" != $$ ] && tr '\0' '\n' 2>/dev/null <"$file" | grep -qxF "$mark"; then
            echo "$pid"
        fi
    done
}

# Prints the PIDs of the guests. libvirt starts them with another environment; their PID files are in the hosts' directories.
guests() {
    local file pid
    for file in "$state"/hosts/*/run-libvirt/qemu/*.pid; do
        pid=$(cat "$file" 2>/dev/null) || continue
        if grep -qa qemu-system "/proc/$pid/cmdline" 2>/dev/null; then
            echo "$pid"
        fi
    done
}

nothing_left() {
    [ -z "$(ours)$(guests)" ]
}

stop_all() {
    local pids
    mapfile -t pids < <(guests)
    [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
    mapfile -t pids < <(ours | sort -u)
    [ ${#pids[@]} -eq 0 ] || kill -TERM "${pids[@]}" 2>/dev/null || true
    if ! await 20 nothing_left; then
        mapfile -t pids < <({ guests && ours; } | sort -u)
        [ ${#pids[@]} -eq 0 ] || kill -KILL "${pids[@]}" 2>/dev/null || true
        await 10 nothing_left || fail "these processes were killed but did not end: $(ours | sort -u | tr '\n' ' ')"
    fi
    rm -rf "$state/run"
}
