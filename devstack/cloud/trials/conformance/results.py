"""The results of Watcher's API tests: progress, table and summary."""
import time

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
_WORDS = {PASSED: "ok", FAILED: "FAIL", SKIPPED: "skip"}


class Results:
    """What became of each test against one service. A test of which nothing was heard has failed."""

    def __init__(self, name):
        self.name = name
        self._began = time.monotonic()
        self._tests = []
        self._seen = {}
        self.seconds = 0.0

    def take(self, message):
        """Takes a message of the process that runs the tests: the names of all tests first, then each result."""
        if "tests" in message:
            self._tests = message["tests"]
            return
        test, result = message["test"], message["result"]
        if self._seen.get(test) != FAILED:
            self._seen[test] = result
        self.seconds = time.monotonic() - self._began
        print("%-8s %3d/%d %-5s %-68s %5.1f s%s" % (
            self.name, len(self._seen), len(self._tests), _WORDS[result], test, message["seconds"],
            "" if result == PASSED else "  " + message["why"]), flush=True)

    @property
    def tests(self):
        """The names of all tests, and of what else has failed, such as the end of a class."""
        return sorted(set(self._tests) | set(self._seen))

    @property
    def passed(self):
        return self._number(PASSED)

    @property
    def skipped(self):
        return self._number(SKIPPED)

    @property
    def failed(self):
        return [test for test in self.tests if self._seen.get(test, FAILED) == FAILED]

    def _number(self, result):
        return sum(1 for each in self._seen.values() if each == result)


def summary(all_results):
    return {results.name: {"passed": results.passed, "failed": results.failed} for results in all_results}


def regressions(all_results):
    """Returns the tests that fail against Godwit's service, but pass against Watcher if that was tested too."""
    by_name = {results.name: results for results in all_results}
    if "godwit" not in by_name:
        return []
    watcher = by_name["watcher"].failed if "watcher" in by_name else []
    return [test for test in by_name["godwit"].failed if test not in watcher]


def table(all_results):
    lines = ["| service | tests | passed | failed | skipped | minutes |", "|---|---|---|---|---|---|"]
    for results in all_results:
        lines.append("| %s | %d | %d | %d | %d | %.1f |" % (
            results.name, len(results.tests), results.passed, len(results.failed), results.skipped, results.seconds / 60))
        lines += ["failed: %s" % test for test in results.failed]
    return "\n".join(lines)
