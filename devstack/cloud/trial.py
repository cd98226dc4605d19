"""Live-migrates one server with a workload to the other host through Nova and prints the result as one line of JSON."""
import argparse
import json

from trials import BEHAVIOURS
from trials.cloud import Cloud

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("behaviour", choices=sorted(BEHAVIOURS))
parser.add_argument("--limit", type=float, default=120, help="seconds after which the migration is aborted (default: %(default)s)")
arguments = parser.parse_args()
cloud = Cloud()
name = "trial-" + arguments.behaviour
uuid = cloud.server(name, arguments.behaviour, "compute1")
source = cloud.hosts[cloud.host_of(uuid)]
seen = cloud.migrate(uuid, arguments.limit)
seen["tc_after"] = source.tc_classes() + cloud.hosts[cloud.other(source.name)].tc_classes()
print(json.dumps(seen))
