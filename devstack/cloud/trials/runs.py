"""Trials of many runs: their file of rows, and Nova's configuration for each of them."""
import fcntl
import json
import os
import signal
import subprocess
import sys


def end_in_order():
    """Has SIGTERM end the trial as an error does, so that it pauses its servers and gives Nova its configuration back."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def locked(path, busy):
    """Returns a file that is locked as long as this process, or one that has inherited it, runs; ends with a message if it is locked already."""
    file = open(path, "w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(busy)
    return file


def known_rows(file):
    """Returns the rows of an earlier run; none without a file."""
    if not file or not os.path.exists(file):
        return []
    with open(file) as lines:
        return [json.loads(line) for line in lines if line.strip()]


def keep(row, file):
    """Prints a row, and appends it to the file if there is one."""
    print(json.dumps(row), flush=True)
    append(row, file)


def append(row, file):
    """Appends a row to the file if there is one."""
    if file:
        with open(file, "a") as rows:
            rows.write(json.dumps(row) + "\n")


def configure(options, host_drivers=True):
    """Restarts nova-compute on both hosts with these options of nova.conf in addition, with or without Godwit's host drivers."""
    subprocess.run([os.environ["GODWIT_OPENSTACK"], "restart", *([] if host_drivers else ["--no-host-drivers"])],
                   input=options, text=True, check=True, timeout=240, stdout=subprocess.DEVNULL)
