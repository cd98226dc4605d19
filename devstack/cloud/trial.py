"""Live-migrates one server of a behaviour to the other host through Nova; prints what was seen, as JSON, on one line."""
import argparse
import json

from trials import BEHAVIOURS
from trials.cloud import Cloud

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("behaviour", choices=sorted(BEHAVIOURS))
parser.add_argument("--limit", type=float, default=120, help="seconds after which it is aborted")
arguments = parser.parse_args()
cloud = Cloud()
name = "trial-" + arguments.behaviour
uuid = cloud.server(name, arguments.behaviour, "compute1")
source = cloud.hosts[cloud.host_of(uuid)]
seen = cloud.migrate(uuid, arguments.limit)
seen["tc_after"] = source.tc_classes() + cloud.hosts[cloud.other(source.name)].tc_classes()
print(json.dumps(seen))
