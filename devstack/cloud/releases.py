"""Runs the same trials on several releases of OpenStack, one release after another, and writes what each of them made of them.

A trial with a result in the JSON file is not run again; to repeat one, remove its result from the file.
"""
import argparse
import os
import signal
import subprocess
import sys
import time

from trials.releases.record import OK, Record
from trials.releases.versions import parsed
from trials.runs import end_in_order, locked

OPENSTACK = os.environ["GODWIT_OPENSTACK"]
RELEASES = ("zed", "epoxy", "newest")
# the longest time of each trial in seconds
TRIALS = {"demo": (("demo",), 1200), "audits": (("audits",), 3600), "aborts": (("aborts",), 1800), "faults": (("faults", "5"), 1800),
          "safety": (("safety", "--quick"), 3600), "conformance": (("conformance",), 3900)}
INSTALL_SECONDS = 3600
UP_SECONDS = 900
DOWN_SECONDS = 180
END_SECONDS = 60


class Failed(Exception):
    """A command of devstack/openstack has failed; the message says how."""


def run(log, seconds, *command):
    """Runs a command of devstack/openstack with its output in a log; returns the seconds that it took."""
    print("%s (%s)" % (" ".join(command), log), flush=True)
    begun = time.monotonic()
    with open(log, "wb") as output:
        process = subprocess.Popen([OPENSTACK, *command], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                   start_new_session=True)
    try:
        status = process.wait(seconds)
    except subprocess.TimeoutExpired:
        raise Failed("took longer than %d s" % seconds) from None
    finally:
        _end(process)
    if status != 0:
        raise Failed(_last_line(log) or "ended with status %d" % status)
    return time.monotonic() - begun


def _end(process):
    for kind in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, kind)
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                pass


def _last_line(log):
    with open(log, errors="replace") as file:
        lines = [line.strip() for line in file if line.strip()]
    return lines[-1][:300] if lines else ""


def tried(release, record, log, may_begin):
    """Runs the due trials on a release, and takes it down in the end. Returns whether it came up, if there was something to run."""
    due = record.due(release, TRIALS)
    if not due or not may_begin():
        return True
    try:
        record.took(release, "install", run(log("install"), INSTALL_SECONDS, "--release", release, "install"))
        record.versions(release, parsed(subprocess.run(
            [OPENSTACK, "--release", release, "versions"], check=True, capture_output=True, text=True, timeout=60).stdout))
        record.took(release, "up", run(log("up"), UP_SECONDS, "--release", release, "up"))
        for trial in due:
            if may_begin():
                record.result(release, trial, *outcome(trial, log(trial)))
        return True
    except Failed as e:
        print("%s did not come up: %s" % (release, e), flush=True)
        return False
    finally:
        run(log("down"), DOWN_SECONDS, "--release", release, "down")


def outcome(trial, log):
    """Runs a trial; returns its result and the seconds that it took."""
    command, seconds = TRIALS[trial]
    begun = time.monotonic()
    try:
        run(log, seconds, *command)
        result = OK
    except Failed as e:
        result = "failed: %s" % e
    print("    %s" % result, flush=True)
    return result, time.monotonic() - begun


def main():
    parser = argparse.ArgumentParser(prog="devstack/openstack releases", description=__doc__)
    parser.add_argument("--json", metavar="FILE", required=True, help="the results; a file from before is continued")
    parser.add_argument("--minutes", type=float, metavar="N", help="begin no other trial after this time")
    parser.add_argument("--only", metavar="RELEASE", action="append", help="only this release; can be repeated")
    arguments = parser.parse_args()
    if "GODWIT_CLOUD" in os.environ:
        sys.exit("Each release has a directory of its own. Run this without GODWIT_CLOUD.")
    end_in_order()
    file = os.path.abspath(arguments.json)
    os.makedirs(file + ".logs", exist_ok=True)
    ends = time.monotonic() + 60 * arguments.minutes if arguments.minutes else None
    with locked(file + ".lock", "Another run writes %s." % file):
        record = Record(file)
        absent = [release for release in arguments.only or RELEASES
                  if not tried(release, record, lambda step, name=release: "%s.logs/%s-%s.log" % (file, name, step),
                               lambda: ends is None or time.monotonic() < ends)]
    print(record.table(TRIALS))
    wrong = record.failed() + ["up on %s" % release for release in absent]
    if wrong:
        sys.exit("failed: %s" % ", ".join(wrong))


if __name__ == "__main__":
    main()
