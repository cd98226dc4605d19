"""The console of a guest, which prints a dot for each unit of work, and the result of a memory check."""
import os
import re
import statistics
import subprocess
import sys
import threading

from trials.heartbeat import HEADER

_START_SECONDS = 20
_VERIFY = re.compile(rb"verify (ok|BAD) .*?bad=(\d+)")


class Console:
    """Follows a console log from now on or from its start, and records the time of each dot."""

    def __init__(self, path, begin=False):
        self._dots = []
        self._following = threading.Event()
        self.text = b""
        self._follower = subprocess.Popen(
            [sys.executable, "-B", "-m", "trials.heartbeat", path, str(0 if begin else os.path.getsize(path))],
            cwd=os.path.dirname(os.path.dirname(os.path.abspath(__file__))), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._thread = threading.Thread(target=self._collect, daemon=True)
        self._thread.start()
        if not self._following.wait(_START_SECONDS):
            self.close()
            raise TimeoutError("%s was not followed within %d s." % (path, _START_SECONDS))

    def _collect(self):
        parts = self._follower.stdout
        while len(header := parts.read(HEADER.size)) == HEADER.size:
            at, length = HEADER.unpack(header)
            part = parts.read(length)
            self.text += part
            self._dots.extend([at] * part.count(b"."))
            self._following.set()

    def rate(self, begin, end):
        """Returns the dots per second between two times."""
        return sum(begin <= dot < end for dot in self._dots) / (end - begin)

    def usual_rate(self, begin, end):
        """Returns the median of the dots per second in each second between two times, so that one disturbed second does not count."""
        seconds = round(end - begin)
        return statistics.median(self.rate(end - second, end - second + 1) for second in range(1, seconds + 1))

    def longest_gap_ms(self, begin, end):
        """Returns the longest time without a dot; a gap across a limit counts in full."""
        dots = [dot for dot in self._dots if begin - 1 <= dot <= end + 1]
        return 1000 * max((b - a for a, b in zip(dots, dots[1:]) if b >= begin and a <= end), default=0)

    def usual_gap_ms(self, begin, end):
        """Returns the median time between two dots, which is how finely a pause can be measured."""
        dots = [dot for dot in self._dots if begin <= dot < end]
        return 1000 * statistics.median(b - a for a, b in zip(dots, dots[1:])) if len(dots) > 1 else 0

    def bad(self):
        """Returns the number of damaged pages, or None if there was no check."""
        found = _VERIFY.findall(self.text)
        return sum(max(int(pages), word == b"BAD") for word, pages in found) if found else None

    def ticks(self):
        """Returns True once the guest has printed a dot, otherwise None."""
        return bool(self._dots) or None

    def close(self):
        self._follower.stdin.close()
        self._follower.wait(timeout=_START_SECONDS)
        self._thread.join()
        self._follower.stdout.close()


class Terminal:
    """Writes to a guest's serial port, which Nova connects to a pseudo-terminal on the host."""

    # It also reads, because QEMU blocks for a while when nobody reads.
    _TYPE = 'exec 3<>"$(virsh ttyconsole %s | head -1)"; cat <&3 >/dev/null 2>&1 & cat >&3 2>/dev/null; kill $! 2>/dev/null'

    def __init__(self, host, uuid):
        self._shell = subprocess.Popen(
            host.command("sh", "-c", self._TYPE % uuid), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def say(self, line):
        self._shell.stdin.write(line.encode() + b"\n")
        self._shell.stdin.flush()

    def __exit__(self, *unused):
        self._shell.stdin.close()
        self._shell.wait(timeout=10)
