"""Creates users, services and endpoints in Keystone, in one process, because the client takes seconds to start."""
import os

import openstack

identity = openstack.connect().identity
project = identity.find_project("service") or identity.create_project(name="service", domain_id="default")
# Later releases accept the token of a service only with the role service, which Zed does not have.
roles = [role for role in map(identity.find_role, ("admin", "service")) if role]
for entry in os.environ["SERVICES"].split():
    name, kind, url = entry.split("=")
    user = identity.find_user(name) or identity.create_user(
        name=name, password=os.environ["SERVICE_PASSWORD"], domain_id="default")
    for role in roles:
        identity.assign_project_role_to_user(project, user, role)
    if not identity.find_service(name):
        service = identity.create_service(name=name, type=kind)
        for interface in ("public", "internal", "admin"):
            identity.create_endpoint(service_id=service.id, interface=interface, region_id="RegionOne", url=url)
