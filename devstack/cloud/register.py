"""Creates users, services and endpoints in Keystone, in one process, because the client takes seconds to start."""
import os

import openstack

identity = openstack.connect().identity
project = identity.find_project("service") or identity.create_project(name="service", domain_id="default")
admin = identity.find_role("admin")
for entry in os.environ["SERVICES"].split():
    name, kind, url = entry.split("=")
    user = identity.find_user(name) or identity.create_user(
        name=name, password=os.environ["SERVICE_PASSWORD"], domain_id="default")
    identity.assign_project_role_to_user(project, user, admin)
    if not identity.find_service(name):
        service = identity.create_service(name=name, type=kind)
        for interface in ("public", "internal", "admin"):
            identity.create_endpoint(service_id=service.id, interface=interface, region_id="RegionOne", url=url)
