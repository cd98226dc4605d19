"""Trials of many runs: their file of rows, and Nova's configuration for each of them."""
import json
import os
import subprocess


def known_rows(file):
    """Returns the rows of an earlier run; none without a file."""
    if not file or not os.path.exists(file):
        return []
    with open(file) as lines:
        return [json.loads(line) for line in lines]


def keep(row, file):
    """Prints a row, and appends it to the file if there is one."""
    print(json.dumps(row), flush=True)
    if file:
        with open(file, "a") as rows:
            rows.write(json.dumps(row) + "\n")


def configure(options):
    """Restarts nova-compute on both hosts with these options of nova.conf in addition."""
    subprocess.run([os.environ["GODWIT_OPENSTACK"], "restart"], input=options, text=True, check=True, timeout=240,
                   stdout=subprocess.DEVNULL)
