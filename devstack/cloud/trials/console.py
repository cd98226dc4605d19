"""What a guest writes to its console: a dot for each stretch of its work, and each second how its memory is."""
import os
import re
import threading
import time

_LOOK = 0.01
_VERIFY = re.compile(rb"verify ok .*?bad=(\d+)")


class Console:
    """Follows a console log, from now on or from its beginning; its dots with the time at which they came."""

    def __init__(self, path, begin=False):
        self._file = open(path, "rb")
        self._file.seek(0, os.SEEK_SET if begin else os.SEEK_END)
        self._dots = []
        self._ended = threading.Event()
        self.text = b""
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def _follow(self):
        while not self._ended.is_set():
            part = self._file.read()
            if part:
                now = time.monotonic()
                self.text += part
                self._dots.extend([now] * part.count(b"."))
            time.sleep(_LOOK)

    def rate(self, begin, end):
        """Dots a second between two times."""
        return sum(begin <= dot < end for dot in self._dots) / (end - begin)

    def longest_gap_ms(self, begin, end):
        """The longest time without a dot, one that reaches over the edges counted in full."""
        dots = [dot for dot in self._dots if begin - 1 <= dot <= end + 1]
        return 1000 * max((b - a for a, b in zip(dots, dots[1:]) if b >= begin and a <= end), default=0)

    def bad(self):
        """Pages that were found to be wrong; None when nothing was checked."""
        found = _VERIFY.findall(self.text)
        return sum(int(each) for each in found) if found else None

    def close(self):
        self._ended.set()
        self._thread.join()
        self._file.close()
