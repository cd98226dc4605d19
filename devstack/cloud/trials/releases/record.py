"""What was seen on each release, in a JSON file that a killed run leaves whole and the next one continues."""
import json
import os

OK = "ok"


class Record:
    """The results of trials by release, in the order in which the releases were begun."""

    def __init__(self, file):
        self._file = file
        self._releases = []
        if os.path.exists(file):
            with open(file) as known:
                self._releases = json.load(known)["releases"]

    def _of(self, release):
        for each in self._releases:
            if each["name"] == release:
                return each
        self._releases.append({"name": release, "versions": {}, "trials": {}, "seconds": {}})
        return self._releases[-1]

    def due(self, release, trials):
        """Returns the trials without a result, in their order. One that has failed has a result."""
        known = next((each["trials"] for each in self._releases if each["name"] == release), {})
        return [trial for trial in trials if trial not in known]

    def versions(self, release, versions):
        """Keeps the versions of what a release consists of."""
        self._of(release)["versions"] = versions
        self._write()

    def took(self, release, step, seconds):
        """Keeps how long the latest run of a step, such as up, took."""
        self._of(release)["seconds"][step] = round(seconds, 1)
        self._write()

    def result(self, release, trial, result, seconds):
        """Keeps the result of a trial: ok, or what went wrong."""
        self._of(release)["trials"][trial] = result
        self.took(release, trial, seconds)

    def failed(self):
        """Returns the failed trials with their releases, in words."""
        return ["%s on %s" % (trial, each["name"]) for each in self._releases
                for trial, result in each["trials"].items() if result != OK]

    def _write(self):
        with open(self._file + ".new", "w") as file:
            json.dump({"releases": self._releases}, file, indent=2)
            file.write("\n")
        os.replace(self._file + ".new", self._file)

    def table(self, trials):
        """Returns the results as a table of Markdown."""
        lines = ["| release | Nova | Watcher | QEMU | libvirt | %s |" % " | ".join(trials), "|%s" % ("---|" * (5 + len(trials)))]
        for each in self._releases:
            versions = [each["versions"].get(name, "-") for name in ("nova", "watcher", "qemu", "libvirt")]
            results = [each["trials"].get(trial, "-").split(":")[0] for trial in trials]
            lines.append("| %s |" % " | ".join([each["name"]] + versions + results))
        return "\n".join(lines)
