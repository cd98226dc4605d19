"""Creates a godwit_migrate with Watcher's action factory, executes it, reverts it, and prints the result as JSON."""
import json
import sys
import types

from watcher.applier.actions import factory
from watcher.common import clients, service

service.prepare_service(["revert", "--config-file", sys.argv[1]])
openstack_clients = clients.OpenStackClients()
action = factory.ActionFactory().make_action(
    types.SimpleNamespace(action_type="godwit_migrate", input_parameters=json.loads(sys.argv[2])), osc=openstack_clients)


def host():
    return action.godwit.server(action.resource_id)["OS-EXT-SRV-ATTR:host"]


action.pre_condition()
seen = {"executed": action.execute(), "there": host()}
seen.update(reverted=action.revert(), back=host())
print(json.dumps(seen))
