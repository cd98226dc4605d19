# Builds and configures the programs, for the DevStack plugin and devstack/openstack; sourced.
# shellcheck shell=bash

# is_built TREE MODULE: whether a program exists and is newer than all sources of the programs. Maven does not touch a jar whose
# content is unchanged, so the directory next to it carries the time of the last build.
is_built() {
    [ -e "$1/$2/target/lib" ] &&
        [ -z "$(find "$1"/{migration-model,common,host-api,host-driver,nova-hook,watcher-strategy}/{src,pom.xml} -newer "$1/$2/target/lib" -print -quit)" ]
}

# build_programs TREE: builds both programs unless they are up to date.
build_programs() {
    if ! is_built "$1" host-driver || ! is_built "$1" watcher-strategy; then
        (cd "$1" && mvn -B -ntp -q package -pl host-driver,watcher-strategy -am -Dmaven.test.skip=true -Dspotless.check.skip) &&
            touch "$1"/{host-driver,watcher-strategy}/target/lib
    fi
}

# Prints the configuration of the service:
# service_configuration LISTEN KEYSTONE PASSWORD-FILE DATABASE ACCESS "HOST-URL..."
# where ACCESS is the line by which the service identifies itself to the host drivers.
service_configuration() {
    local host
    cat <<CONF
listen: $1
instance: $(hostname)
auth: {mode: keystone, url: "$2", user: godwit, password: {file: $3}}
nova: true
database: {url: "jdbc:h2:file:$4"}
$5
hosts:
CONF
    for host in $6; do
        echo "  - $host"
    done
}
