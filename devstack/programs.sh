# What the DevStack plugin and devstack/openstack have in common: building the programs, and their configuration; sourced.
# shellcheck shell=bash

# is_built TREE MODULE: whether a program is there, and newer than all that the programs are made of. Maven leaves a jar as old as
# it is where nothing in it has changed; the directory beside it tells when it was last made sure of.
is_built() {
    [ -e "$1/$2/target/lib" ] &&
        [ -z "$(find "$1"/{migration-model,common,host-api,host-driver,nova-hook,watcher-strategy}/{src,pom.xml} -newer "$1/$2/target/lib" -print -quit)" ]
}

# build_programs TREE: both programs, unless they are built of what is there now.
build_programs() {
    if ! is_built "$1" host-driver || ! is_built "$1" watcher-strategy; then
        (cd "$1" && mvn -B -ntp -q package -pl host-driver,watcher-strategy -am -Dmaven.test.skip=true -Dspotless.check.skip) &&
            touch "$1"/{host-driver,watcher-strategy}/target/lib
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
