"""What Nova's services take from a guest: how much slower it works while they work. On hardware they have cores of their own."""
import threading
import time

from trials.cloud import Cloud
from trials.console import Console
from trials.servers import SETTLE_SECONDS

MOST_PERCENT = 2
_BUSY_SERVER = "compare-work"
_SECONDS = 15
_TURNS = 2


class _Work:
    """Requests to Nova without a pause, as clients and an operator make them, until it ends."""

    def __init__(self, elsewhere):
        self._elsewhere = elsewhere
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._repeat, args=(what,), daemon=True)
                         for what in (self._read, self._read, self._create)]
        self.failures = []

    def __enter__(self):
        for each in self._threads:
            each.start()
        return self

    def _repeat(self, what):
        cloud = Cloud()
        try:
            while not self._ended.is_set():
                what(cloud)
        except Exception as e:
            self.failures.append(e)

    @staticmethod
    def _read(cloud):
        list(cloud.nova.servers(details=True))
        list(cloud.nova.hypervisors(details=True))

    def _create(self, cloud):
        cloud.server(_BUSY_SERVER, "idle", self._elsewhere)
        cloud.end_servers((_BUSY_SERVER,))

    def __exit__(self, *unused):
        self._ended.set()
        for each in self._threads:
            each.join(timeout=180)


def check(cloud, uuid, title):
    """Returns a row with the rates of a running server, alone on its host and while Nova creates and deletes a server on the other one."""
    console = Console(cloud.console_log(uuid))
    alone, working = [], []
    try:
        for _ in range(_TURNS):
            alone.append(_rate(console))
            with _Work(cloud.other(cloud.host_of(uuid))) as work:
                working.append(_rate(console))
            if work.failures:
                raise RuntimeError("Nova did not do its work while what it takes was measured: %s" % work.failures[0])
    finally:
        console.close()
    return row(title, sum(alone) / _TURNS, sum(working) / _TURNS)


def _rate(console):
    time.sleep(SETTLE_SECONDS)
    begun = time.monotonic()
    time.sleep(_SECONDS)
    return console.rate(begun, time.monotonic())


def row(title, alone_hz, working_hz):
    return {"check": "services", "server": title, "alone_hz": round(alone_hz, 2), "working_hz": round(working_hz, 2),
            "take_percent": round(max(0.0, 100 * (1 - working_hz / alone_hz)), 2)}
