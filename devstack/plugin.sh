#!/usr/bin/env bash
# Godwit's DevStack plugin; DevStack sources it with "stack PHASE", "unstack" or "clean".
# shellcheck shell=bash source-path=SCRIPTDIR

# shellcheck source=programs.sh
source "$GODWIT_DIR/devstack/programs.sh"

function install_godwit {
    install_package openjdk-17-jdk-headless maven iproute2
    build_programs "$GODWIT_DIR"
    if is_service_enabled n-cpu; then
        # nova-compute loads drivers from Nova's package only.
        ln -sfn "$GODWIT_DIR/nova-hook/python/nova/virt/godwit" "$NOVA_DIR/nova/virt/godwit"
    fi
    if is_service_enabled watcher-decision-engine; then
        setup_develop "$GODWIT_DIR/watcher-strategy/python"
    fi
}

function configure_godwit {
    sudo install -d -o "$STACK_USER" "$GODWIT_CONF_DIR" "$GODWIT_STATE_DIR"
    if [[ -z "$GODWIT_TOKEN" ]]; then
        die $LINENO "GODWIT_TOKEN is not set. Set it in local.conf, for example to the output of: openssl rand -hex 32"
    fi
    (umask 077 && echo "$GODWIT_TOKEN" >"$GODWIT_CONF_DIR/token")
    if is_service_enabled n-cpu; then
        iniset "$NOVA_CPU_CONF" DEFAULT compute_driver godwit.GodwitLibvirtDriver
        iniset "$NOVA_CPU_CONF" godwit socket "$GODWIT_STATE_DIR/host.sock"
        iniset "$NOVA_CPU_CONF" godwit allow_techniques "$GODWIT_ALLOW_TECHNIQUES"
    fi
    if is_service_enabled godwit-strategy; then
        (umask 077 && echo "$SERVICE_PASSWORD" >"$GODWIT_CONF_DIR/keystone-password")
        service_configuration "$GODWIT_HOST_IP:$GODWIT_SERVICE_PORT" "$KEYSTONE_SERVICE_URI/v3" \
            "$GODWIT_CONF_DIR/keystone-password" "$GODWIT_STATE_DIR/service" "host_token: {file: $GODWIT_CONF_DIR/token}" \
            "$GODWIT_HOSTS" >"$GODWIT_CONF_DIR/strategy.yaml"
    fi
    if is_service_enabled watcher-decision-engine; then
        iniset "$WATCHER_CONF" godwit url "http://$GODWIT_HOST_IP:$GODWIT_SERVICE_PORT"
        local line
        while IFS= read -r line; do
            if [[ "$line" != \#* ]]; then
                iniset "$WATCHER_CONF" watcher_planners.weight "${line%% = *}" "${line#* = }"
            fi
        done <"$GODWIT_DIR/watcher-strategy/python/planner-weights.conf"
    fi
}

function register_godwit {
    create_service_user godwit admin
    if is_service_enabled watcher-api; then
        get_or_create_service godwit godwit "Godwit's optimization service"
    else
        get_or_create_service watcher infra-optim "Godwit's optimization service"
    fi
    get_or_create_endpoint "$(is_service_enabled watcher-api && echo godwit || echo infra-optim)" "$REGION_NAME" \
        "http://$GODWIT_HOST_IP:$GODWIT_SERVICE_PORT"
}

function start_godwit {
    local interface=()
    if is_service_enabled godwit-host; then
        if [[ -n "$GODWIT_INTERFACE" ]]; then
            interface=(--interface "$GODWIT_INTERFACE" --link "$GODWIT_LINK")
        fi
        # root, because it reads the guests' memory and reserves bandwidth with tc.
        run_process godwit-host "$(printf '%q ' "$GODWIT_DIR/host-driver/bin/godwit-host" serve --name "$(hostname)" \
            --listen "$GODWIT_HOST_IP:$GODWIT_HOST_PORT" --address "$GODWIT_HOST_IP" --state "$GODWIT_STATE_DIR/host" \
            --plain-http --token-file "$GODWIT_CONF_DIR/token" --libvirt "$LIBVIRT_URI" --socket "$GODWIT_STATE_DIR/host.sock" \
            --socket-user "$STACK_USER" --peers "http://{host}:$GODWIT_HOST_PORT" --policy "$GODWIT_POLICY" \
            "${interface[@]}")" "" root
    fi
    if is_service_enabled godwit-strategy; then
        run_process godwit-strategy \
            "$GODWIT_DIR/watcher-strategy/bin/godwit-strategy serve --config $GODWIT_CONF_DIR/strategy.yaml"
    fi
}

function stop_godwit {
    stop_process godwit-host
    stop_process godwit-strategy
}

function clean_godwit {
    rm -f "$NOVA_DIR/nova/virt/godwit"
    sudo rm -rf "$GODWIT_CONF_DIR" "$GODWIT_STATE_DIR"
}

LIBVIRT_URI=${LIBVIRT_URI:-qemu:///system}

case "$1-${2:-}" in
    stack-install) install_godwit ;;
    stack-post-config)
        configure_godwit
        if is_service_enabled godwit-strategy key; then
            register_godwit
        fi
        ;;
    stack-extra) start_godwit ;;
    unstack-*) stop_godwit ;;
    clean-*) clean_godwit ;;
esac
