"""Runs the API tests of Watcher's own tempest plugin against the real Watcher and against Godwit's service.

Tempest finds each of them by the type of its service in Keystone's catalog, which stays as it is. What the tests create is deleted
afterwards, and at the start of the next run if this one is killed.
"""
import argparse
import json
import os
import sys

from trials.cloud import STATE
from trials.conformance.created import Created
from trials.conformance.process import run, write_configuration
from trials.conformance.results import Results, regressions, summary, table
from trials.optimizer import GODWIT, WATCHER, request
from trials.runs import locked

DIRECTORY = os.path.join(STATE, "conformance")
# name in the results, type of the service in the catalog, URL
TARGETS = (("watcher", "infra-optim", WATCHER), ("godwit", "godwit", GODWIT))
RUN_SECONDS = 1800


def tested(name, kind, url, held):
    """Runs all tests against one service and returns their results."""
    created = Created(url)
    created.delete()
    created.require_idle(name)
    write_configuration(DIRECTORY, request("GET", url + "/")["versions"][0]["max_version"])
    results = Results(name)
    try:
        run(kind, DIRECTORY, results.take, RUN_SECONDS, held)
    finally:
        created.delete()
    return results


def main():
    parser = argparse.ArgumentParser(prog="devstack/openstack conformance", description=__doc__)
    parser.add_argument("--json", metavar="FILE", help="also write the results to this file")
    parser.add_argument("--only", choices=[name for name, _, _ in TARGETS], help="test only one of them")
    arguments = parser.parse_args()
    os.makedirs(DIRECTORY, mode=0o700, exist_ok=True)
    with locked(os.path.join(DIRECTORY, "lock"),
                "Another conformance run is in progress, or a test of a killed one still is. Try again in a minute.") as held:
        seen = [tested(name, kind, url, held) for name, kind, url in TARGETS if arguments.only in (None, name)]
    print(table(seen))
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(summary(seen), file, indent=2)
    if any(results.passed == 0 for results in seen):
        sys.exit("No test passed. The reason is in %s." % DIRECTORY)
    worse = regressions(seen)
    if worse:
        sys.exit("Godwit's service fails %d tests that Watcher passes: %s" % (len(worse), ", ".join(worse)))


if __name__ == "__main__":
    main()
