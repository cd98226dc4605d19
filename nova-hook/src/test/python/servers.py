"""Creates an aggregate, an anti-affinity group and three servers if they are missing, and prints the servers' ids by name as JSON."""
import json

import openstack

cloud = openstack.connect()
compute = cloud.compute
flavor = compute.find_flavor("small").id


def server(name, image, **options):
    found = compute.find_server(name)
    if not found:
        found = compute.create_server(
            name=name, image_id=cloud.image.find_image(image).id, flavor_id=flavor, networks="none", **options)
    elif compute.get_server(found).status == "SHUTOFF":
        compute.start_server(found)
    return compute.wait_for_server(found, wait=120).id


group = next((each for each in compute.server_groups() if each.name == "apart"), None) or \
    compute.create_server_group(name="apart", policy="anti-affinity")
aggregate = next((each for each in compute.aggregates() if each.name == "fast"), None)
if not aggregate:
    aggregate = compute.create_aggregate(name="fast", availability_zone=None)
    compute.add_host_to_aggregate(aggregate, "compute1")
compute.set_aggregate_metadata(aggregate, {"disk": "fast"})
hints = {"group": group.id}
ids = {
    "db1": server("db1", "guest-quiet", scheduler_hints=hints, metadata={"godwit:policy": "ensure_performance"}),
    "db2": server("db2", "guest-quiet", scheduler_hints=hints),
    "busy": server("busy", "guest-busy"),
}
print(json.dumps({"servers": ids, "group": group.id}))
