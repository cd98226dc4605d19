"""Checks that what the operator forbids is not used, and that no migration fails that Nova alone would have done.

nova-compute is restarted with one configuration after another. What QEMU reports while it migrates is compared with what follows from
the configuration.
"""
import argparse
import json
import os
import subprocess
import sys
import time

from trials.cloud import STATE, Cloud, until
from trials.safety import permissions, plans
from trials.safety.migrations import PREFIX

OPENSTACK = os.environ["GODWIT_OPENSTACK"]
RESTART_SECONDS = 240


class Configuration:
    """Options that are added to nova.conf of both hosts, and the trials under them."""

    def __init__(self, options, quick=(), longer=(), user=None, fresh=False):
        """quick trials are part of every run. user is QEMU's user; fresh servers are created for the trials and deleted afterwards."""
        self.options, self.quick, self.longer, self.user, self.fresh = options, quick, longer, user, fresh


CONFIGURATIONS = (
    Configuration("""
[libvirt]
live_migration_permit_post_copy = False
live_migration_permit_auto_converge = False
[godwit]
allow_techniques =
""", (permissions.chosen_without_permission, permissions.postcopy_without_permission, permissions.throttling_without_permission)),
    Configuration("""
[libvirt]
live_migration_permit_post_copy = True
[godwit]
allow_techniques =
""", (permissions.postcopy_permitted,), (permissions.throttling_beside_permitted_postcopy,)),
    Configuration("""
[libvirt]
live_migration_permit_auto_converge = True
[godwit]
allow_techniques =
""", (permissions.throttling_permitted, permissions.postcopy_beside_permitted_throttling)),
    Configuration("""
[libvirt]
live_migration_permit_post_copy = True
live_migration_permit_auto_converge = True
[godwit]
forbid_techniques = POST,POST-PREEMPT,PRE-POST
""", (permissions.forbidden_beats_permitted,)),
    Configuration("""
[libvirt]
live_migration_permit_post_copy = True
live_migration_permit_auto_converge = True
[godwit]
allow_techniques =
""", (), (permissions.throttling_keeps_postcopy, permissions.delta_keeps_postcopy)),
    Configuration("""
[libvirt]
live_migration_bandwidth = 40
live_migration_downtime = 200
live_migration_with_native_tls = True
""", (permissions.limits_of_precopy, permissions.limits_of_postcopy)),
    Configuration("""
[libvirt]
live_migration_with_native_tls = True
""", (), (permissions.encrypted, permissions.encrypted_postcopy)),
    Configuration("", (
        permissions.flavor_beats_metadata, permissions.host_switch, permissions.nova_conf_switch,
        permissions.service_switch, permissions.own_policy, plans.stopped_and_locked, plans.two_zones,
        plans.disabled_host_stays_disabled),
        (permissions.unknown_value, permissions.nova_requested, plans.throttled, plans.loaded_host(10), plans.queued, plans.nova_compute_killed)),
    Configuration("", (permissions.unprivileged_qemu,), (permissions.unprivileged_choice,), user="libvirt-qemu", fresh=True),
    Configuration("""
[DEFAULT]
instances_path = %s/local
[workarounds]
# Nova refuses to fetch the kernel of a guest to the destination, because it is no disk.
disable_deep_image_inspection = True
""" % STATE, (), (plans.local_disks,), fresh=True),
)


def restart(cloud, options, user=None):
    begun = time.time()
    subprocess.run([OPENSTACK, "restart"] + (["--qemu-user", user] if user else []), input=options, text=True, check=True,
                   timeout=RESTART_SECONDS, stdout=sys.stderr)
    until(lambda: all(updated(each) > begun for each in cloud.nova.services(binary="nova-compute")) or None, RESTART_SECONDS)


def updated(service):
    return time.mktime(time.strptime((service.updated_at or "2000-01-01T00:00:00")[:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone


def run(cloud, configuration, trials, last):
    """Restarts nova-compute with a configuration and runs trials; returns a row for each. last is the previous configuration."""
    if configuration.fresh:
        cloud.end_servers((PREFIX,))
    restart(cloud, configuration.options, configuration.user or usual_user(last))
    rows = []
    try:
        for trial in trials:
            name = trial.__name__.replace("_", " ")
            print("%s ..." % name, file=sys.stderr, flush=True)
            rows.append(dict({"name": name}, **result(cloud, trial)))
            print(line(rows[-1]), flush=True)
    finally:
        if configuration.fresh:
            cloud.end_servers((PREFIX,))
    return rows


def usual_user(last):
    """Returns the user that libvirt has to be given back after a configuration, or None."""
    return "root" if last is not None and last.user else None


def result(cloud, trial):
    """Runs a trial; an error in it is a result, so that the other trials run."""
    begun = time.monotonic()
    try:
        seen = trial(cloud)
    except Exception as e:
        seen = {"configured": trial.__name__, "expected": "-", "used": "-", "outcome": "%s: %s" % (type(e).__name__, e), "ok": False}
    return dict(seen, seconds=round(time.monotonic() - begun, 1))


def line(each):
    return "%-4s %-38s %s\n     expected %s\n     used     %s\n     outcome  %s" % (
        "ok" if each["ok"] else "BAD", each["name"], each["configured"], each["expected"], each["used"], each["outcome"])


def main():
    parser = argparse.ArgumentParser(prog="devstack/openstack safety", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only the short trials, at most 8 minutes")
    parser.add_argument("--only", metavar="NAME", action="append", help="only this trial; can be repeated")
    parser.add_argument("--json", metavar="FILE", help="also write the results to this file")
    arguments = parser.parse_args()
    chosen = [(each, [trial for trial in each.quick + (() if arguments.quick else each.longer)
                      if not arguments.only or trial.__name__.replace("_", " ") in arguments.only]) for each in CONFIGURATIONS]
    if not any(trials for _, trials in chosen):
        parser.error("there is no such trial")
    cloud = Cloud()
    cloud.end_servers_of_others(PREFIX)
    begun = time.monotonic()
    rows = []
    last = None
    try:
        for configuration, trials in chosen:
            if trials:
                before, last = last, configuration
                rows += run(cloud, configuration, trials, before)
    finally:
        restart(cloud, "", usual_user(last))
        if arguments.json:
            with open(arguments.json, "w") as file:
                json.dump({"trials": rows}, file, indent=2)
    wrong = [each["name"] for each in rows if not each["ok"]]
    print("%d trials in %.0f s, %d differences" % (len(rows), time.monotonic() - begun, len(wrong)))
    if wrong:
        sys.exit("failed trials: %s" % ", ".join(wrong))


main()
