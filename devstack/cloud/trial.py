"""Live-migrates one server of a behaviour to the other host through Nova; prints what was seen, as JSON, on one line."""
import argparse
import json
import time

from trials import BEHAVIOURS
from trials.cloud import Cloud

SETTLE_SECONDS = 25

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("behaviour", choices=sorted(BEHAVIOURS))
parser.add_argument("--limit", type=float, default=120, help="seconds after which it is aborted")
arguments = parser.parse_args()
cloud = Cloud()
name = "trial-" + arguments.behaviour
fresh = cloud.nova.find_server(name) is None
uuid = cloud.server(name, arguments.behaviour, "compute1")
if fresh:
    time.sleep(SETTLE_SECONDS)
source = cloud.hosts[cloud.host_of(uuid)]
seen = cloud.migrate(uuid, arguments.limit)
seen["tc_after"] = source.tc_classes() + cloud.hosts[cloud.other(source.name)].tc_classes()
print(json.dumps(seen))
