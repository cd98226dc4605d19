# Releases of OpenStack: which one is used, where its data is, and where its programs are; sourced before the settings.
# shellcheck shell=bash

# Name of the release, its suite of Debian, and the name of its root; then another suite, and which packages are from there. Forky has no
# Glance in November 2026.
releases_and_suites="
zed bookworm -
epoxy trixie trixie
epoxy-backports trixie trixie-backports trixie-backports *qemu*,*libvirt*
gazpacho forky forky trixie glance-api,glance-common,python3-glance
newest sid sid"

# Root file systems with the programs of releases other than this machine's own.
roots="${GODWIT_ROOTS:-/var/lib/godwit/roots}"

release_names() {
    awk 'NF { print $1 }' <<<"$releases_and_suites"
}

# state_of RELEASE: prints the directory of its data. GODWIT_CLOUD is the directory of one OpenStack of any release.
state_of() {
    if [ -n "${GODWIT_CLOUD:-}" ]; then
        echo "$GODWIT_CLOUD"
    elif [ "$1" = zed ]; then
        echo /var/lib/godwit/openstack
    else
        echo "/var/lib/godwit/openstack-$1"
    fi
}

# Prints the release that was started and not taken down, if there is one.
started_release() {
    local name
    if [ -n "${GODWIT_CLOUD:-}" ]; then
        cat "$GODWIT_CLOUD/release" 2>/dev/null || [ ! -d "$GODWIT_CLOUD/run" ] || echo zed
        return
    fi
    for name in $(release_names); do
        if [ -d "$(state_of "$name")/run" ]; then
            echo "$name"
            return
        fi
    done
}

# choose_release [RELEASE]: sets release, suite, other_suite, others and release_root for a release, by default the started one, otherwise
# Zed.
choose_release() {
    release=${1:-$(started_release)}
    release=${release:-zed}
    read -r _ suite release_root other_suite others < <(awk -v name="$release" '$1 == name' <<<"$releases_and_suites") ||
        fail "there is no release '$release'; choose one of $(release_names | tr '\n' ' ')."
    if [ "$release_root" = - ]; then release_root=''; else release_root=$roots/$release_root; fi
}

# Whether no other release was started; all of them have the same namespaces and addresses.
is_only_release() {
    local started
    started=$(started_release)
    [ -z "$started" ] || [ "$started" = "$release" ]
}

require_no_other_release() {
    is_only_release || fail "$(started_release) is up, or was not taken down, and only one release can be;" \
        "run: devstack/openstack --release $(started_release) down"
}

# Whether the release has its own root; Zed's programs are those of this machine.
has_root() {
    [ -n "$release_root" ]
}

# Prints shell commands that put the release's programs in place of this machine's, in the mount namespace in which they run. All other
# paths stay as they are. None for a release without a root.
use_programs() {
    ! has_root || echo "mount --bind '$release_root/usr' /usr && mount --bind '$release_root/etc' /etc"
}

# Installs the given packages into the release's root, which is made if it is missing. Another installation that still runs, such as
# one whose caller was killed, is waited for.
install_root() {
    mkdir -p "$roots" || return
    (
        flock 9
        if [ ! -d "$release_root" ]; then
            "$root/devstack/cloud/make_root" "$release_root" "$suite" "$other_suite" "$others" "$@" >"$release_root.log" 2>&1
        fi
    ) 9>"$release_root.lock" || fail "the root of $release cannot be made; read $release_root.log."
}
