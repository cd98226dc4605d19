# The optimizers: Godwit's service, and a real Watcher with Godwit's plugin; sourced.
# shellcheck shell=bash

watcher_plugin="$root/watcher-strategy/python"

configure_optimization() {
    local host hosts=()
    for host in "${computes[@]}"; do
        hosts+=("https://$(compute_address "$host"):$host_driver_port")
    done
    service_configuration "$controller_address:9323" "$identity_url" "$state/password" "$state/godwit/service" \
        "tls: {certificate: $state/etc/tls/godwit-strategy.pem, key: $state/etc/tls/godwit-strategy.key, ca: $state/etc/tls/ca.pem}" \
        "${hosts[*]}" | configure godwit.yaml
    configure watcher.conf <<CONF
[DEFAULT]
transport_url = $(queue_url)
state_path = $state/watcher
control_exchange = watcher
[api]
host = $controller_address
port = 9322
workers = 1
[database]
connection = $(database_url watcher)
[oslo_concurrency]
lock_path = $state/run/lock-watcher.d
[watcher_clients_auth]
cafile = $service_authority
$(credentials watcher)
[nova_client]
api_version = 2.56
[collector]
collector_plugins = compute
[watcher_cluster_data_model_collectors.compute]
period = 60
[watcher_planners.weight]
$(cat "$watcher_plugin/planner-weights.conf")
[watcher_decision_engine]
max_audit_workers = 1
[godwit]
url = $godwit_url
$(token_validation watcher)
CONF
}

# Watcher finds the entry points in the metadata that setup.py writes.
describe_plugin() {
    (cd "$watcher_plugin" && in_controller /usr/bin/python3 setup.py -q egg_info --egg-base "$state/plugin" >>"$state/log/plugin.log" 2>&1)
}

create_optimization() {
    mkdir -p "$state"/{watcher,godwit,plugin}
    describe_plugin
    in_controller watcher-db-manage --config-file "$state/etc/watcher.conf" create_schema >>"$state/log/schemas-3.log" 2>&1
    as_admin env SERVICE_PASSWORD="$password" SERVICES="watcher=infra-optim=$watcher_url godwit=godwit=$godwit_url" \
        /usr/bin/python3 "$root/devstack/cloud/register.py"
}

# start_watcher_api NAME PORT PROCESSES OPTIONS...
start_watcher_api() {
    local name=$1 port=$2 processes=$3 path="PYTHONPATH=$state/plugin:$watcher_plugin"
    shift 3
    if has_root; then
        serve "$name" "$port" "$(wsgi watcher-api-wsgi watcher.wsgi.api)" "$processes" "$path" "$*"
    else
        start_in_controller "$name" env "$path" watcher-api "$@"
    fi
}

start_optimization() {
    local name
    configure_optimization
    [ -e "$state/optimization" ] || { create_optimization && touch "$state/optimization"; }
    start_in_controller godwit "$state/programs/watcher-strategy/bin/godwit-strategy" serve --config "$state/etc/godwit.yaml"
    for name in decision-engine applier; do
        start_in_controller "watcher-$name" env PYTHONPATH="$state/plugin:$watcher_plugin" \
            "watcher-$name" --config-file "$state/etc/watcher.conf"
    done
    start_watcher_api watcher-api 9322 1 --config-file "$state/etc/watcher.conf"
    await_port "$controller_address" 9323
    await_port "$controller_address" 9322
}
