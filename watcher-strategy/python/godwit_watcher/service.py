# SPDX-License-Identifier: Apache-2.0
"""Clients of Godwit's service and of Nova, with Watcher's Keystone session."""
from oslo_config import cfg
from watcher.common import exception

OPTIONS = [
    cfg.URIOpt('url', default='http://127.0.0.1:9323', schemes=['http', 'https'],
               help="URL of Godwit's service."),
    cfg.IntOpt('timeout', default=300, min=1,
               help='Timeout of each request, in seconds. A request for a solution reads the cluster and profiles servers.'),
]
cfg.CONF.register_opts(OPTIONS, group='godwit')


class GodwitError(exception.WatcherException):
    """Godwit's service or Nova refused a request or does not answer. Newer releases of Watcher show the message with the action."""


class Service(object):
    """The client; methods raise GodwitError."""

    def __init__(self, osc):
        self._session = osc.session

    def solution(self, strategy, parameters, scope):
        """Returns what a strategy would do now."""
        body = {'parameters': parameters, 'scope': scope or []}
        return self._call('POST', '/godwit/v1/strategies/%s/solutions' % strategy, body)

    def start(self, source, migration, parameters):
        """Starts a migration. Repeating the call with the same id does not start a second one."""
        return self._call('PUT', self._path(source, migration), parameters)

    def status(self, source, migration):
        """Returns the status of a migration."""
        return self._call('GET', self._path(source, migration))

    def cancel(self, source, migration):
        """Requests the cancellation of a migration, and returns its status."""
        return self._call('DELETE', self._path(source, migration))

    @staticmethod
    def _path(source, migration):
        return '/godwit/v1/hosts/%s/migrations/%s' % (source, migration)

    def _call(self, method, path, body=None):
        arguments = {} if body is None else {'json': body}
        try:
            answer = self._session.request(
                cfg.CONF.godwit.url.rstrip('/') + path, method, raise_exc=False, connect_retries=2,
                timeout=cfg.CONF.godwit.timeout, **arguments)
        except Exception as e:
            raise GodwitError("Godwit's service at %s does not answer: %s" % (cfg.CONF.godwit.url, e))
        if answer.status_code // 100 != 2:
            raise GodwitError("Godwit's service answered %d to %s %s: %s" % (
                answer.status_code, method, path, answer.text[:1000]))
        return answer.json() if answer.text else None

    def server(self, uuid):
        """Returns a server from Nova."""
        answer = self._session.request(
            '/servers/' + uuid, 'GET', endpoint_filter={'service_type': 'compute'}, raise_exc=False, timeout=60)
        if answer.status_code // 100 != 2:
            raise GodwitError('Nova answered %d to GET /servers/%s: %s' % (answer.status_code, uuid, answer.text[:1000]))
        return answer.json()['server']
