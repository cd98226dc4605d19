# The controller: MariaDB, RabbitMQ, memcached, Keystone, Glance, Placement, Neutron and Nova's control services; sourced.
# shellcheck shell=bash

databases=(keystone glance placement neutron nova nova_api nova_cell0 watcher)

sql() {
    in_controller mariadb --no-defaults --socket="$state/run/mysql.sock" --user=root "$@"
}

database_url() {
    echo "mysql+pymysql://openstack:$password@$controller_address/$1"
}

queue_url() {
    echo "rabbit://guest:guest@$controller_address:5672/"
}

start_infrastructure() {
    start_database
    start_queue
    start_in_controller memcached memcached -u nobody -l "$controller_address" -m 64
    await_port "$controller_address" 11211
}

start_database() {
    local name
    if [ ! -d "$state/mysql/mysql" ]; then
        in_controller install -d -o mysql "$state/mysql"
        in_controller mariadb-install-db --no-defaults --user=mysql --datadir="$state/mysql" --auth-root-authentication-method=normal \
            --skip-test-db >"$state/log/mysql-install.log" 2>&1
    fi
    in_controller chown mysql "$state/run"
    start_in_controller mysql mariadbd --no-defaults --user=mysql --datadir="$state/mysql" \
        --socket="$state/run/mysql.sock" --pid-file="$state/run/mysql.pid" --bind-address="$controller_address" --port=3306 \
        --max-connections=800 --skip-name-resolve --performance-schema=off
    await_port "$controller_address" 3306
    for name in "${databases[@]}"; do
        echo "CREATE DATABASE IF NOT EXISTS $name CHARACTER SET utf8mb3;"
        echo "GRANT ALL ON $name.* TO 'openstack'@'%' IDENTIFIED BY '$password';"
    done | sql
}

start_queue() {
    local server
    server=$(in_controller find /usr/lib/rabbitmq/lib -name rabbitmq-server -path '*sbin*' | head -n 1)
    mkdir -p "$state/rabbit"/{mnesia,log}
    cat >"$state/rabbit/rabbitmq.conf" <<CONF
listeners.tcp.1 = $controller_address:5672
loopback_users = none
vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 100MB
CONF
    # RabbitMQ 4 is to refuse the queues that OpenStack has by default.
    ! has_root || echo "deprecated_features.permit.transient_nonexcl_queues = true" >>"$state/rabbit/rabbitmq.conf"
    start_in_controller rabbitmq env --chdir="$state/rabbit" HOME="$state/rabbit" ERL_CRASH_DUMP="$state/log/rabbit.dump" \
        RABBITMQ_NODENAME=rabbit@localhost RABBITMQ_MNESIA_BASE="$state/rabbit/mnesia" RABBITMQ_LOG_BASE="$state/rabbit/log" \
        RABBITMQ_CONFIG_FILE="$state/rabbit/rabbitmq.conf" RABBITMQ_ENABLED_PLUGINS_FILE="$state/rabbit/plugins" \
        RABBITMQ_DIST_PORT=25672 ERL_EPMD_ADDRESS=127.0.0.1 RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+S 1:1 +sbwt none" "$server"
    await_port "$controller_address" 5672
}

# configure FILE: writes standard input to a file that only root can read.
configure() {
    (umask 077 && mkdir -p "$(dirname "$state/etc/$1")" && cat >"$state/etc/$1")
}

# credentials SERVICE: prints the options with which a service authenticates.
credentials() {
    cat <<CONF
auth_type = password
auth_url = $identity_url
project_name = service
project_domain_name = Default
user_domain_name = Default
username = $1
password = $password
region_name = RegionOne
CONF
}

# token_validation SERVICE: prints the options with which a service validates tokens.
token_validation() {
    cat <<CONF
[keystone_authtoken]
www_authenticate_uri = $identity_url
memcached_servers = $controller_address:11211
$(credentials "$1")
CONF
}

write_configuration() {
    configure keystone.conf <<CONF
[database]
connection = $(database_url keystone)
[token]
provider = fernet
expiration = 86400
[fernet_tokens]
key_repository = $state/etc/fernet
[credential]
key_repository = $state/etc/credential
[cache]
backend = dogpile.cache.memcached
memcache_servers = $controller_address:11211
CONF
    configure glance/glance-api.conf <<CONF
[DEFAULT]
bind_host = $controller_address
workers = 1
enabled_backends = fs:file
[glance_store]
default_backend = fs
[fs]
filesystem_store_datadir = $state/glance/images
[os_glance_tasks_store]
filesystem_store_datadir = $state/glance/tasks
[os_glance_staging_store]
filesystem_store_datadir = $state/glance/staging
[database]
connection = $(database_url glance)
[paste_deploy]
flavor = keystone
config_file = /etc/glance/glance-api-paste.ini
[oslo_concurrency]
lock_path = $state/run/lock-glance.d
$(token_validation glance)
CONF
    configure placement/placement.conf <<CONF
[placement_database]
connection = $(database_url placement)
[api]
auth_strategy = keystone
$(token_validation placement)
CONF
    configure neutron.conf <<CONF
[DEFAULT]
bind_host = $controller_address
core_plugin = ml2
service_plugins =
transport_url = $(queue_url)
api_workers = 1
rpc_workers = 1
state_path = $state/neutron
[database]
connection = $(database_url neutron)
[nova]
$(credentials nova)
[oslo_concurrency]
lock_path = $state/run/lock-neutron.d
[ml2]
type_drivers = flat,vxlan
tenant_network_types = vxlan
mechanism_drivers = $(has_root && echo openvswitch || echo linuxbridge)
[ml2_type_vxlan]
vni_ranges = 1:1000
[experimental]
linuxbridge = true
$(token_validation neutron)
CONF
    # without a database, because nova-compute must not have one
    configure nova.conf <<CONF
[DEFAULT]
transport_url = $(queue_url)
my_ip = $controller_address
state_path = $state/nova
enabled_apis = osapi_compute
osapi_compute_listen = $controller_address
osapi_compute_workers = 1
vif_plugging_timeout = 60
[api]
auth_strategy = keystone
[conductor]
workers = 1
[quota]
instances = -1
cores = -1
ram = -1
[scheduler]
workers = 1
[filter_scheduler]
enabled_filters = ComputeFilter,ComputeCapabilitiesFilter,ImagePropertiesFilter,ServerGroupAntiAffinityFilter,ServerGroupAffinityFilter
[wsgi]
api_paste_config = /etc/nova/api-paste.ini
[glance]
api_servers = $image_url
[placement]
$(credentials placement)
[neutron]
$(credentials neutron)
[service_user]
send_service_user_token = true
$(credentials nova)
[cinder]
catalog_info = volumev3::publicURL
[vnc]
enabled = false
[oslo_concurrency]
lock_path = $state/run/lock-nova.d
[notifications]
notification_format = both
notify_on_state_change = vm_and_task_state
[oslo_messaging_notifications]
driver = messagingv2
topics = notifications,watcher_notifications
$(token_validation nova)
CONF
    configure nova-db.conf <<CONF
[api_database]
connection = $(database_url nova_api)
[database]
connection = $(database_url nova)
CONF
}

nova_files=(--config-file "$state/etc/nova.conf" --config-file "$state/etc/nova-db.conf")

# The schemas do not depend on each other, so two groups are created in parallel.
create_schemas() {
    local identity
    create_identity_schemas >"$state/log/schemas-1.log" 2>&1 &
    identity=$!
    create_compute_schemas >"$state/log/schemas-2.log" 2>&1
    wait "$identity"
}

create_identity_schemas() {
    local keystone=(in_controller keystone-manage --config-file "$state/etc/keystone.conf")
    install -d -m 700 "$state/etc/fernet" "$state/etc/credential"
    "${keystone[@]}" db_sync
    "${keystone[@]}" fernet_setup --keystone-user root --keystone-group root
    "${keystone[@]}" credential_setup --keystone-user root --keystone-group root
    OS_BOOTSTRAP_PASSWORD=$password "${keystone[@]}" bootstrap --bootstrap-region-id RegionOne \
        --bootstrap-admin-url "$identity_url" --bootstrap-internal-url "$identity_url" --bootstrap-public-url "$identity_url"
    in_controller glance-manage --config-file "$state/etc/glance/glance-api.conf" db_sync
    in_controller neutron-db-manage --config-file "$state/etc/neutron.conf" upgrade heads
}

create_compute_schemas() {
    local nova=(in_controller nova-manage "${nova_files[@]}")
    "${nova[@]}" api_db sync
    "${nova[@]}" cell_v2 map_cell0 --database_connection "$(database_url nova_cell0)"
    "${nova[@]}" cell_v2 create_cell --name cell1
    "${nova[@]}" db sync
    in_controller placement-manage --config-file "$state/etc/placement/placement.conf" db sync
}

# serve NAME PORT APPLICATION PROCESSES VARIABLE=VALUE [ARGUMENTS]: runs an API in uWSGI. The application is a script, or a Python module
# that gets the arguments.
serve() {
    local application=(--module "$3")
    [ "${3#/}" = "$3" ] || application=(--wsgi-file "$3")
    [ -z "${6:-}" ] || application+=(--pyargv "$6")
    start_in_controller "$1" env "$5" uwsgi --plugins python3 --http-socket "$controller_address:$2" \
        "${application[@]}" --processes "$4" --enable-threads --master --lazy-apps --die-on-term --need-app \
        --buffer-size 65535 --add-header "Connection: close"
}

# await_service NAME PORT: uWSGI listens before it has loaded the application and may lose the requests until then.
await_service() {
    await 90 in_controller curl --silent --fail --max-time 5 --output /dev/null "http://$controller_address:$2/" ||
        fail "$1 does not answer; read $state/log/$1.log."
}

# wsgi SCRIPT MODULE: prints the application of an API, which is a module in later releases, and else a script.
wsgi() {
    if has_root && [ -e "$release_root/usr/lib/python3/dist-packages/${2//.//}.py" ]; then echo "$2"; else echo "/usr/bin/$1"; fi
}

start_keystone() {
    serve keystone 5000 "$(wsgi keystone-wsgi-public keystone.wsgi.api)" 3 "OS_KEYSTONE_CONFIG_FILES=$state/etc/keystone.conf"
    await_service keystone 5000
}

register_services() {
    as_admin env SERVICE_PASSWORD="$password" SERVICES="glance=image=$image_url placement=placement=$placement_url \
        nova=compute=$compute_url neutron=network=$network_url" /usr/bin/python3 "$root/devstack/cloud/register.py"
}

start_controller() {
    local name
    mkdir -p "$state"/glance/{images,tasks,staging}
    for name in conductor scheduler; do
        start_in_controller "nova-$name" "nova-$name" "${nova_files[@]}"
    done
    serve placement 8778 "$(wsgi placement-api placement.wsgi.api)" 2 "OS_PLACEMENT_CONFIG_DIR=$state/etc/placement"
    if has_root; then
        serve_apis
    else
        start_apis
    fi
    await_service placement 8778
    await_port "$controller_address" 9292
    await_port "$controller_address" 9696
    await_port "$controller_address" 8774
}

# Zed's APIs are servers themselves.
start_apis() {
    start_in_controller glance glance-api --config-file "$state/etc/glance/glance-api.conf"
    start_in_controller neutron neutron-server --config-file "$state/etc/neutron.conf"
    start_in_controller nova-api nova-api "${nova_files[@]}"
}

# Those of later releases run in a server for WSGI. Neutron has no agents here, so that nothing needs its server for RPC.
serve_apis() {
    serve glance 9292 "$(wsgi glance-wsgi-api glance.wsgi.api)" 2 "OS_GLANCE_CONFIG_DIR=$state/etc/glance"
    serve neutron 9696 "$(wsgi neutron-api neutron.wsgi.api)" 1 "OS_NEUTRON_CONFIG_FILES=$state/etc/neutron.conf"
    serve nova-api 8774 "$(wsgi nova-api-wsgi nova.wsgi.osapi_compute)" 2 \
        "OS_NOVA_CONFIG_FILES=/etc/nova/api-paste.ini;$state/etc/nova.conf;$state/etc/nova-db.conf"
    await_service glance 9292
    await_service neutron 9696
    await_service nova-api 8774
}
