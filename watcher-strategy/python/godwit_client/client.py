# SPDX-License-Identifier: Apache-2.0
"""The client of Godwit's service, with a Keystone session."""
import json

from keystoneauth1 import adapter
from keystoneauth1 import exceptions as keystone
from osc_lib import exceptions

SERVICE_TYPE = 'infra-optim'

# A prediction reads the cluster and profiles the server.
TIMEOUT_SECONDS = 300


class Client(object):
    """Requests to the service; get and post raise CommandError with the reason that the service gives."""

    def __init__(self, session, region=None, interface=None, endpoint=None):
        self._adapter = adapter.Adapter(
            session, service_type=SERVICE_TYPE, region_name=region, interface=interface, endpoint_override=endpoint)

    def get(self, path, **query):
        """Returns the JSON of a route; members of query that are None are left out."""
        return self._call('GET', path, params={name: value for name, value in query.items() if value is not None})

    def post(self, path, body):
        """Sends a JSON body, and returns the JSON of the answer."""
        return self._call('POST', path, json=body)

    def _call(self, method, path, **arguments):
        endpoint = self._endpoint()
        try:
            answer = self._adapter.request(
                endpoint + path, method, raise_exc=False, timeout=TIMEOUT_SECONDS,
                headers={'Accept': 'application/json'}, **arguments)
        except keystone.ConnectFailure as e:
            raise exceptions.CommandError("Godwit's service at %s does not answer: %s" % (endpoint, e))
        if answer.status_code // 100 != 2:
            raise exceptions.CommandError("Godwit's service at %s answered %d: %s" % (
                endpoint, answer.status_code, _reason(answer)))
        try:
            return answer.json()
        except ValueError:
            raise exceptions.CommandError(
                "What answers at %s is not Godwit's service. Name it with --os-godwit-endpoint." % endpoint)

    def _endpoint(self):
        endpoint = self._adapter.get_endpoint()
        if not endpoint:
            raise exceptions.CommandError(
                "The catalog has no endpoint of type %s. Create it, or name Godwit's service with --os-godwit-endpoint."
                % SERVICE_TYPE)
        endpoint = endpoint.rstrip('/')
        return endpoint[:-len('/v1')] if endpoint.endswith('/v1') else endpoint


def _reason(answer):
    """Returns the message of an error in Watcher's form, JSON in a member of JSON, or the beginning of the text."""
    try:
        error = answer.json()['error_message']
        return (json.loads(error) if isinstance(error, str) else error)['faultstring']
    except (ValueError, KeyError, TypeError):
        if answer.status_code == 404:
            return 'no such route. If this is a Watcher, name Godwit\'s service with --os-godwit-endpoint.'
        return answer.text[:1000].strip() or 'no reason given.'
