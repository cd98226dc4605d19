# What the DevStack plugin and devstack/openstack have in common: building the programs, and their configuration; sourced.
# shellcheck shell=bash

# build_programs TREE: both programs, unless they are built of what is there now.
build_programs() {
    local jar
    jar=$(find "$1"/watcher-strategy/target -maxdepth 1 -name 'watcher-strategy-*.jar' -print -quit 2>/dev/null)
    if [ -z "$jar" ] || [ -n "$(find "$1"/{migration-model,host-driver,nova-hook,watcher-strategy}/{src,pom.xml} -newer "$jar" -print -quit)" ]; then
        (cd "$1" && mvn -B -ntp -q package -pl host-driver,watcher-strategy -am -Dmaven.test.skip=true -Dspotless.check.skip)
    fi
}

# service_configuration LISTEN KEYSTONE PASSWORD-FILE DATABASE TOKEN-FILE "HOST-URL..."
service_configuration() {
    local host
    cat <<CONF
listen: $1
instance: $(hostname)
auth: {mode: keystone, url: "$2", user: godwit, password: {file: $3}}
nova: true
database: {url: "jdbc:h2:file:$4"}
host_token: {file: $5}
hosts:
CONF
    for host in $6; do
        echo "  - $host"
    done
}
