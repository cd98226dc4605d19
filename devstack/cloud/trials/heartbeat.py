"""Follows the console log of a guest and stamps what appears in it with the host's clock.

Runs as a process of its own with real-time priority, because a reader that waits for its turn on a busy core would take its own delays for
those of the guest. Ends with its standard input.
"""
import os
import select
import struct
import sys
import time

from trials.inotify import MODIFY, Inotify

# host's monotonic clock in seconds, length of the text that follows
HEADER = struct.Struct("=dI")
_PRIORITY = 1


def follow(path, offset, output):
    """Writes each part of the log from the offset on, with the time at which it was there; first an empty part, once it follows."""
    with open(path, "rb", buffering=0) as log, Inotify() as changes:
        log.seek(offset)
        changes.watch(path, MODIFY)
        waiting = select.poll()
        waiting.register(changes, select.POLLIN)
        waiting.register(sys.stdin, select.POLLIN | select.POLLHUP)
        part = b""
        while True:
            output.write(HEADER.pack(time.monotonic(), len(part)) + part)
            part = b""
            while not part:
                if any(descriptor == sys.stdin.fileno() for descriptor, _ in waiting.poll()):
                    return
                changes.take()
                part = log.read(1 << 16)


def main():
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(_PRIORITY))
    except PermissionError:  # where a cgroup of version 1 has no real-time share
        os.nice(-20)
    follow(sys.argv[1], int(sys.argv[2]), os.fdopen(sys.stdout.fileno(), "wb", buffering=0))


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        pass  # the trial was killed
