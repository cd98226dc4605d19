"""What nova.conf, flavors, policies and switches permit."""
import os
import signal

import openstack

from trials.cloud import STATE, until
from trials.optimizer import GODWIT, request
from trials.runs import configure
from trials.safety.migrations import MIB, NOVA, POSTCOPY, Expected, migrated, row, server

_SWITCH_SECONDS = 30
_POLICY = "safety_no_postcopy"
# the name that libvirt gives to QEMU's credentials
_TLS = {"tls-creds": "objlibvirt_migrate_tls0"}


def chosen_without_permission(cloud):
    return migrated(cloud, "both permits False", Expected(off=POSTCOPY + ("auto-converge",)), behaviour="cache")


def postcopy_without_permission(cloud):
    return migrated(cloud, "both permits False; metadata POST-PREEMPT", Expected(NOVA, off=POSTCOPY + ("auto-converge",)),
                    technique="POST-PREEMPT")


def throttling_without_permission(cloud):
    return migrated(cloud, "both permits False; metadata THR", Expected(NOVA, off=POSTCOPY + ("auto-converge",)), technique="THR")


def postcopy_permitted(cloud):
    return migrated(cloud, "permit_post_copy; metadata POST-PREEMPT",
                    Expected("POST-PREEMPT", on=("postcopy-ram",), off=("auto-converge",)), technique="POST-PREEMPT")


def throttling_beside_permitted_postcopy(cloud):
    return migrated(cloud, "permit_post_copy; metadata THR", Expected(NOVA, on=("postcopy-ram",), off=("auto-converge",)), technique="THR")


def throttling_permitted(cloud):
    return migrated(cloud, "permit_auto_converge; metadata THR", Expected("THR", on=("auto-converge",), off=POSTCOPY), technique="THR")


def postcopy_beside_permitted_throttling(cloud):
    return migrated(cloud, "permit_auto_converge; metadata PRE-POST", Expected(NOVA, on=("auto-converge",), off=POSTCOPY),
                    technique="PRE-POST")


def forbidden_beats_permitted(cloud):
    # Nova's own flags contain post-copy, in which case Nova leaves auto-converge out; but nothing starts post-copy.
    return migrated(cloud, "both permits; forbid_techniques of all post-copy; metadata POST-PREEMPT",
                    Expected(NOVA, on=("postcopy-ram",), off=("auto-converge",), never=("postcopy-active",)), technique="POST-PREEMPT")


def throttling_keeps_postcopy(cloud):
    return migrated(cloud, "both permits; metadata THR", Expected("THR", on=("auto-converge", "postcopy-ram"), never=("postcopy-active",)),
                    technique="THR")


def delta_keeps_postcopy(cloud):
    return migrated(cloud, "both permits; metadata DCdlt", Expected("DCdlt", on=("xbzrle", "postcopy-ram"), off=("auto-converge",)),
                    behaviour="cache", technique="DCdlt")


def limits_of_precopy(cloud):
    return migrated(cloud, "bandwidth 40 MiB/s, downtime 200 ms, native TLS; metadata PRE",
                    Expected("PRE", parameters=dict(_TLS, **{"max-bandwidth": 40 * MIB, "downtime-limit": 200})),
                    behaviour="quiet", technique="PRE")


def limits_of_postcopy(cloud):
    return migrated(cloud, "bandwidth 40 MiB/s, native TLS; metadata POST-PREEMPT",
                    Expected("POST-PREEMPT", parameters={"max-bandwidth": 40 * MIB, "max-postcopy-bandwidth": 40 * MIB}),
                    technique="POST-PREEMPT")


def encrypted(cloud):
    return migrated(cloud, "native TLS; metadata PRE", Expected("PRE", parameters=_TLS),
                    technique="PRE")


def encrypted_postcopy(cloud):
    return migrated(cloud, "native TLS; metadata POST-PREEMPT",
                    Expected("POST-PREEMPT", on=("postcopy-ram",), parameters=_TLS),
                    technique="POST-PREEMPT")


def flavor_beats_metadata(cloud):
    return migrated(cloud, "flavor !POST-PREEMPT,!PRE-POST; metadata POST-PREEMPT", Expected(off=POSTCOPY),
                    flavor=_flavor("safety-narrow", "!POST-PREEMPT,!PRE-POST"), technique="POST-PREEMPT")


def _flavor(name, technique):
    compute = openstack.connect().compute
    if not compute.find_flavor(name):
        compute.create_flavor_extra_specs(
            compute.create_flavor(name=name, ram=256, vcpus=1, disk=0), {"godwit:technique": technique})
    return name


def unknown_value(cloud):
    return migrated(cloud, "metadata WARP", Expected(), technique="WARP")


def nova_requested(cloud):
    return migrated(cloud, "metadata nova", Expected(NOVA, off=POSTCOPY + ("auto-converge",)), technique="nova")


def host_switch(cloud):
    for host in cloud.hosts.values():
        host.switch(False)
    try:
        return migrated(cloud, "host switch off; metadata POST-PREEMPT", Expected(NOVA, off=POSTCOPY), technique="POST-PREEMPT")
    finally:
        for host in cloud.hosts.values():
            host.switch(True)


def nova_conf_switch(cloud):
    """Changes [godwit] enabled of running nova-computes by SIGHUP, or by a restart where they do not take that."""
    _reconfigured(cloud, "[godwit]\nenabled = False\n", False)
    try:
        return migrated(cloud, "[godwit] enabled=False by %s; metadata POST-PREEMPT" % ("restart" if _native_threads() else "SIGHUP"),
                        Expected(NOVA, off=POSTCOPY), technique="POST-PREEMPT")
    finally:
        _reconfigured(cloud, "", True)


def _native_threads():
    """Whether nova-compute runs with native threads, as in 2026.2: then SIGHUP does not make it read its options, but ends its work."""
    with open(STATE + "/log/nova-compute-compute1.log", errors="replace") as log:
        return any("no_fork=True" in line for line in log)  # a warning of oslo.service for them


def _reconfigured(cloud, options, permitted):
    if _native_threads():
        configure(options)
    else:
        with open(STATE + "/etc/nova-trial.conf", "w") as file:
            file.write(options)
        for host in cloud.hosts.values():
            os.kill(host.pid_of("nova-compute"), signal.SIGHUP)
    for host in cloud.hosts.values():
        until(lambda h=host: True if ("PRE" not in h.forbidden()) == permitted else None, _SWITCH_SECONDS)


def service_switch(cloud):
    """A plan is not started while the service is switched off; Nova migrates as usual."""
    request("PUT", GODWIT + "/godwit/v1/switch", {"enabled": False, "reason": "a trial"})
    try:
        uuid = server(cloud, "busy")
        source = cloud.host_of(uuid)
        try:
            request("PUT", GODWIT + "/godwit/v1/hosts/%s/migrations/5afe0000-0000-4000-8000-%012x" % (source, int(uuid[:8], 16)), {
                "resource_id": uuid, "source_node": source, "destination_node": cloud.other(source), "migration_type": "live",
                "technique": "PRE"})
            answer = "accepted"
        except RuntimeError as e:
            answer = str(e).split(": ", 1)[1]
    finally:
        request("PUT", GODWIT + "/godwit/v1/switch", {"enabled": True})
    return row("service switch off; a plugin's migration", "409, with the reason", answer, "server on %s" % cloud.host_of(uuid),
               answer.startswith("409") and "a trial" in answer and cloud.host_of(uuid) == source)


def own_policy(cloud):
    """An unplanned migration follows a policy that an operator has just stored in the service."""
    path = GODWIT + "/godwit/v1/policies/" + _POLICY
    request("PUT", path, {"name": _POLICY, "scenario": "hotspot", "slos": [{"metric": "DT", "threshold": 500, "weight": 1.0}],
                          "optimize": {"TT": 1.0}, "postcopy": "never", "forbid_techniques": ["THR"]})
    try:
        seen = migrated(cloud, "an operator's policy: optimise TT, postcopy never, no THR",
                        Expected(off=POSTCOPY + ("auto-converge",)), behaviour="cache", policy=_POLICY)
        host = next(each for each in cloud.hosts.values() if each.name != cloud.host_of(server(cloud, "cache")))
        policy = (host.migrations() or [{}])[-1].get("policy")
    finally:
        request("DELETE", path)
    return dict(seen, used="%s, policy %s" % (seen["used"], policy), ok=seen["ok"] and policy == _POLICY)


def unprivileged_qemu(cloud):
    """QEMU runs as libvirt's own user without capabilities; where that user may not handle page faults, there is no post-copy.

    Until the host driver has noticed the new user, libvirt refuses post-copy, and Nova's own flags are used at once.
    """
    usable = _userfaultfd()
    return migrated(cloud, "QEMU as libvirt-qemu, unprivileged_userfaultfd=%d; metadata POST-PREEMPT" % usable,
                    Expected("POST-PREEMPT", on=("postcopy-ram",)) if usable else Expected(off=POSTCOPY, never=("postcopy-active",)),
                    behaviour="web", technique="POST-PREEMPT")


def unprivileged_choice(cloud):
    return migrated(cloud, "QEMU as libvirt-qemu; no wish", Expected(off=() if _userfaultfd() else POSTCOPY), behaviour="web")


def _userfaultfd():
    with open("/proc/sys/vm/unprivileged_userfaultfd") as file:
        return file.read().strip() == "1"
