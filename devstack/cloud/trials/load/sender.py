"""Sends requests when they are due, whether or not earlier ones have been answered."""
import collections
import concurrent.futures
import time

import urllib3

Answer = collections.namedtuple("Answer", "route due sent ended status")
Answer.__doc__ = """What became of a request: when it was due, was sent and ended, in seconds after the begin, and the status.

The status is None without an answer. A request that was given up before it could be sent was not sent: sent is None."""

# A slow service would otherwise get ever more connections; what waits for one is late, and its latency counts from when it was due.
CONNECTIONS = 64
# A request that is not answered so long after it was due has failed.
LIMIT_SECONDS = 10


class Client:
    """Reads from a service over connections that are kept open. Thread-safe."""

    def __init__(self, url, token, connections=CONNECTIONS):
        self._pool = urllib3.connection_from_url(url, maxsize=connections, block=True, retries=False, headers={
            "X-Auth-Token": token, "Accept": "application/json", "OpenStack-API-Version": "infra-optim latest"})

    def read(self, path, seconds):
        """Returns status and body; raises OSError if there is no answer in time."""
        try:
            answer = self._pool.request("GET", path, timeout=urllib3.Timeout(total=seconds))
        except urllib3.exceptions.HTTPError as e:
            raise OSError("%s: %s" % (path, e)) from e
        return answer.status, answer.data

    def close(self):
        self._pool.close()


def send(read, requests, connections=CONNECTIONS, limit=LIMIT_SECONDS):
    """Sends each request when it is due and returns the answers in the order of the requests.

    :param read: returns status and body of a path within some seconds, or raises OSError; called by several threads
    :param connections: how many requests are open at a time; further ones wait, and are late
    :param limit: seconds after which a request that was due is given up
    """
    begun = time.monotonic()

    def one(request):
        left = request.due + limit - (time.monotonic() - begun)
        if left <= 0:
            return Answer(request.route, request.due, None, time.monotonic() - begun, None)
        sent = time.monotonic() - begun
        try:
            status, _ = read(request.path, left)
        except OSError:
            status = None
        return Answer(request.route, request.due, sent, time.monotonic() - begun, status)

    with concurrent.futures.ThreadPoolExecutor(connections) as threads:
        running = []
        for request in requests:
            pause = request.due - (time.monotonic() - begun)
            if pause > 0:
                time.sleep(pause)
            running.append(threads.submit(one, request))
        return [each.result() for each in running]
