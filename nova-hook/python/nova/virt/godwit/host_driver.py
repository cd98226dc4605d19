# SPDX-License-Identifier: Apache-2.0
"""Speaks with Godwit's host driver on this host, and never waits for longer than it may."""
import json
import socket
import time

from oslo_log import log as logging

LOG = logging.getLogger(__name__)

_MOST_BYTES = 1 << 16
_TELL_SECONDS = 0.3


class Advice(object):
    """How one server is to be migrated; checked, so that nonsense shows here and not in libvirt."""

    def __init__(self, answer):
        self.technique = answer['technique']
        self.reason = str(answer.get('reason', ''))
        self.clear = _names(answer['clear'])
        self.flags = _names(answer['flags'])
        self.parameters = dict(answer['parameters'])
        for name, value in self.parameters.items():
            if not isinstance(name, str) or not isinstance(value, (int, float, str, list)):
                raise ValueError('parameter %s=%r' % (name, value))
        self.switchover = answer.get('switchover') or 'WHEN_CONVERGED'
        self.downtime_ms = int(answer['downtimeLimitMillis'])
        if not 1 <= self.downtime_ms <= 2000000:
            raise ValueError('downtimeLimitMillis %d' % self.downtime_ms)


def _names(value):
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ValueError('%r is no list of names' % (value,))
    return value


class HostDriver(object):
    """The host driver's socket. Nothing here raises."""

    def __init__(self, path, timeout):
        self._path = path
        self._timeout = timeout

    def tell(self, kind, instance, **more):
        """Tells something that needs no answer."""
        try:
            with self._connection(time.monotonic() + _TELL_SECONDS) as connection:
                self._send(connection, kind, instance, more)
        except Exception as e:
            LOG.debug('Godwit was not told %s: %s', kind, e, instance=instance)

    def ask(self, instance, **more):
        """How to migrate a server; None for Nova's own flags."""
        try:
            deadline = time.monotonic() + self._timeout
            with self._connection(deadline) as connection:
                self._send(connection, 'ASK', instance, more)
                answer = json.loads(self._receive(connection, deadline))
            if answer.get('technique') is None:
                LOG.info("Godwit leaves the migration to Nova's own flags: %s", answer.get('reason'), instance=instance)
                return None
            return Advice(answer)
        except Exception as e:
            LOG.warning("Godwit gives no advice (%s): %s; Nova's own flags are used",
                        e.__class__.__name__, e, instance=instance)
            return None

    def _connection(self, deadline):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(max(0.01, deadline - time.monotonic()))
            connection.connect(self._path)
        except Exception:
            connection.close()
            raise
        return connection

    @staticmethod
    def _send(connection, kind, instance, more):
        message = {'message': kind, 'vm': instance.uuid}
        message.update((name, value) for name, value in more.items() if value is not None)
        connection.sendall(json.dumps(message).encode('utf-8') + b'\n')

    @staticmethod
    def _receive(connection, deadline):
        received = b''
        while not received.endswith(b'\n'):
            connection.settimeout(max(0.01, deadline - time.monotonic()))
            part = connection.recv(4096)
            if not part or len(received) > _MOST_BYTES or time.monotonic() > deadline:
                raise IOError('no whole answer')
            received += part
        return received.decode('utf-8')
