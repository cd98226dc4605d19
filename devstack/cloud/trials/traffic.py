"""Background traffic between compute hosts: TCP at a steady rate between the namespaces of the hosts, for a limited time."""
import subprocess
import sys

PORT = 5999
LONGEST_SECONDS = 300

_SINK = """
import socket, sys
server = socket.create_server((sys.argv[1], int(sys.argv[2])), reuse_port=False)
server.settimeout(20)
print("ready", flush=True)
peer = server.accept()[0]
peer.settimeout(20)
while peer.recv(1 << 16):
    pass
"""

_SOURCE = """
import socket, sys, time
peer = socket.create_connection((sys.argv[1], int(sys.argv[2])), 10)
rate, end, block = float(sys.argv[3]) * 125000, time.monotonic() + float(sys.argv[4]), bytes(1 << 16)
begun, sent = time.monotonic(), 0
while time.monotonic() < end:
    peer.sendall(block)
    sent = max(sent + len(block), (time.monotonic() - begun) * rate - (1 << 20))
    time.sleep(max(0, sent / rate - (time.monotonic() - begun)))
"""


class Traffic:
    """Background traffic while a block of Python runs."""

    def __init__(self, source, target, megabits):
        self._source, self._target, self._megabits = source, target, megabits
        self._processes = []

    def __enter__(self):
        address = "10.97.0.1" + self._target.name[-1]
        sink = self._start(self._target, _SINK, address, PORT)
        if sink.stdout.readline().strip() != "ready":
            raise RuntimeError("The background traffic did not start: nothing listens on %s:%d." % (address, PORT))
        self._start(self._source, _SOURCE, address, PORT, self._megabits, LONGEST_SECONDS)
        return self

    def _start(self, host, program, *arguments):
        command = host.command(sys.executable, "-c", program, *(str(each) for each in arguments))
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self._processes.append(process)
        return process

    def __exit__(self, *unused):
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            process.wait(timeout=10)
            process.stdout.close()
