# The services that `load` measures: Godwit's service and Watcher's API, each with a database of its own on the same MariaDB; sourced.
# shellcheck shell=bash

load_databases=(load_godwit load_watcher)
load_godwit_port=9325
load_watcher_port=9326

# load_services start|stop: starts both with empty databases, or stops them and removes the databases.
load_services() {
    make_password
    case "${1:-}" in
        start)
            stop_load
            start_load
            ;;
        stop) stop_load ;;
        *) fail "load-services needs start or stop, but this is '${1:-}'." ;;
    esac
}

# Watcher's API has its default number of workers here: one for each CPU. Godwit's service asks no host driver: nothing listens on the port
# of its host, so that it hands its policies to none of those that the other one uses.
configure_load() {
    configure load-godwit.yaml <<CONF
listen: $controller_address:$load_godwit_port
instance: load
auth: {mode: keystone, url: "$identity_url", user: godwit, password: {file: $state/password}}
database: {url: "jdbc:mariadb://$controller_address/load_godwit", user: openstack, password: {file: $state/password}}
hosts:
  - http://$controller_address:9
CONF
    configure load-watcher.conf <<CONF
[api]
port = $load_watcher_port
workers = $(nproc)
[database]
connection = $(database_url load_watcher)
[oslo_concurrency]
lock_path = $state/run/lock-load.d
CONF
}

start_load() {
    local name watcher=(--config-file "$state/etc/watcher.conf" --config-file "$state/etc/load-watcher.conf")
    configure_load
    for name in "${load_databases[@]}"; do
        echo "CREATE DATABASE $name CHARACTER SET utf8mb3;"
        echo "GRANT ALL ON $name.* TO 'openstack'@'%';"
    done | sql
    in_controller watcher-db-manage "${watcher[@]}" create_schema >>"$state/log/load-schema.log" 2>&1 ||
        fail "Watcher's tables cannot be created; read $state/log/load-schema.log."
    start_in_controller load-godwit env GODWIT_LOG="$state/log/load-godwit-debug.log" \
        "$state/programs/watcher-strategy/bin/godwit-strategy" serve --config "$state/etc/load-godwit.yaml"
    start_watcher_api load-watcher "$load_watcher_port" "$(nproc)" "${watcher[@]}"
    await_port "$controller_address" "$load_godwit_port"
    await_port "$controller_address" "$load_watcher_port"
}

stop_load() {
    local name
    for name in load-godwit load-watcher; do
        end_started "$name"
    done
    printf 'DROP DATABASE IF EXISTS %s;\n' "${load_databases[@]}" | sql
}

# end_started NAME: ends a started process with its children and forgets it.
end_started() {
    local pid
    if pid=$(pid_of "$1"); then
        kill -TERM -- "-$pid" 2>/dev/null || true
        await 20 not running "$1" || kill -KILL -- "-$pid" 2>/dev/null || true
        await 10 not running "$1" || fail "$1 was killed but did not end."
    fi
    rm -f "$state/run/$1"
}
