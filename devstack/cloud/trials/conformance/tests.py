"""Runs the API tests of Watcher's tempest plugin against the service of a type in the catalog.

Prints a line of JSON with the names of all tests, and one for each result. Tempest is configured by TEMPEST_CONFIG_DIR and
TEMPEST_CONFIG.
"""
import json
import os
import re
import sys
import time
import unittest

_CLASS_LEVEL = re.compile(r"(setUpClass|tearDownClass|setUpModule|tearDownModule) \((.+)\)")
_NAMED = re.compile(r"[\w.]*\w: \S")
_MOST_CHARACTERS = 160


def short(test_id):
    """Returns module, class and method of a test, without its attributes."""
    return ".".join(test_id.split("[")[0].split(".")[-3:])


def cause(text):
    """Returns the last line of an error that names an exception or details, else the last line."""
    lines = [line.strip() for line in str(text).splitlines() if line.strip()]
    named = [line for line in lines if _NAMED.match(line)]
    return (named or lines or [""])[-1][:_MOST_CHARACTERS]


def each_test(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from each_test(test)
        else:
            yield test


class Reporter(unittest.TestResult):
    """Prints each result. A class that cannot be set up fails, or skips, all of its tests."""

    def __init__(self, names, out):
        super().__init__()
        self._names, self._out = names, out
        self._began = time.monotonic()

    def _print(self, message):
        print(json.dumps(message), file=self._out, flush=True)

    def startTest(self, test):
        super().startTest(test)
        self._began = time.monotonic()

    def _tell(self, test, result, why=""):
        seconds = round(time.monotonic() - self._began, 1)
        level = _CLASS_LEVEL.fullmatch(test.id())
        if level is None:
            names = [short(test.id())]
        elif level.group(1).startswith("setUp"):
            names = [name for name in self._names if (name + ".").startswith(".".join(level.group(2).split(".")[-2:]) + ".")]
        else:
            names = ["%s.%s" % (".".join(level.group(2).split(".")[-2:]), level.group(1))]
        for name in names:
            self._print({"test": name, "result": result, "seconds": seconds, "why": why})

    def addSuccess(self, test):
        self._tell(test, "passed")

    def addError(self, test, err):
        self._tell(test, "failed", cause(err[1]))

    addFailure = addError

    def addSkip(self, test, reason):
        self._tell(test, "skipped", cause(reason))


def use(kind):
    """Makes the plugin's client ask the catalog for another type of service than Watcher's, and know the authority of its certificate."""
    from watcher_tempest_plugin.services.infra_optim.v1.json import client
    original = client.InfraOptimClientJSON.__init__

    def create(self, auth_provider, service, region, **options):
        original(self, auth_provider, kind, region, ca_certs=os.environ.get("OS_CACERT"), **options)

    client.InfraOptimClientJSON.__init__ = create


def know_superseded_plans():
    """The plugin of Zed waits until no plan runs, but takes a superseded plan for a running one; later releases do not."""
    from watcher_tempest_plugin.tests.api.admin import base
    idle = getattr(base.BaseInfraOptimTest, "IDLE_STATES", ())
    if isinstance(idle, tuple) and "SUPERSEDED" not in idle:
        base.BaseInfraOptimTest.IDLE_STATES = idle + ("SUPERSEDED",)


def main(kind, out):
    import watcher_tempest_plugin
    top = os.path.dirname(os.path.dirname(os.path.abspath(watcher_tempest_plugin.__file__)))
    use(kind)
    know_superseded_plans()
    suite = unittest.defaultTestLoader.discover(os.path.join(top, "watcher_tempest_plugin", "tests", "api"), top_level_dir=top)
    names = [short(test.id()) for test in each_test(suite)]
    print(json.dumps({"tests": names}), file=out, flush=True)
    suite.run(Reporter(names, out))


if __name__ == "__main__":
    messages = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever the tests print is no message
    main(sys.argv[1], messages)
