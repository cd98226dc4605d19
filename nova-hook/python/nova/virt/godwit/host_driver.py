# SPDX-License-Identifier: Apache-2.0
"""A client of Godwit's host driver on this host, with a limit on the time of each call."""
import json
import socket
import time

from oslo_log import log as logging

LOG = logging.getLogger(__name__)

_MAX_BYTES = 1 << 16
_NOTIFY_SECONDS = 0.3


class Advice(object):
    """How a server is migrated. The values are checked here, so that invalid ones do not reach libvirt."""

    def __init__(self, answer):
        self.technique = answer['technique']
        self.reason = str(answer.get('reason', ''))
        self.clear = _names(answer['clear'])
        self.flags = _names(answer['flags'])
        self.parameters = dict(answer['parameters'])
        for name, value in self.parameters.items():
            if not isinstance(name, str) or not isinstance(value, (int, float, str, list)):
                raise ValueError('invalid parameter %s=%r' % (name, value))
        self.switchover = answer.get('switchover') or 'WHEN_CONVERGED'
        self.downtime_ms = int(answer['downtimeLimitMillis'])
        if not 1 <= self.downtime_ms <= 2000000:
            raise ValueError('invalid downtimeLimitMillis %d' % self.downtime_ms)
        # The destination's port, and its address for a URI that Nova leaves to libvirt; older host drivers leave the port to libvirt.
        self.port = int(answer.get('port') or 0)
        self.address = answer.get('address')
        if not 0 <= self.port <= 65535 or self.port and not isinstance(self.address, str):
            raise ValueError('invalid port %r of address %r' % (self.port, self.address))
        # How often the host driver wants to know that Nova follows the migration; older host drivers do not.
        self.alive_seconds = float(answer.get('aliveSeconds') or 0)


def _reason(answer, given):
    """The reason of an answer, if it is given for what is asked here."""
    return str(answer.get('reason')) if given else None


def _names(value):
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ValueError('%r is not a list of names' % (value,))
    return value


class HostDriver(object):
    """The socket of the host driver. The public methods raise no exceptions."""

    def __init__(self, path, timeout):
        self._path = path
        self._timeout = timeout

    def notify(self, kind, instance, **more):
        """Sends a message that needs no answer."""
        try:
            with self._connection(time.monotonic() + _NOTIFY_SECONDS) as connection:
                self._send(connection, kind, instance, more)
        except Exception as e:
            LOG.debug('Cannot send %s to the host driver: %s', kind, e, instance=instance)

    def tell_refusal(self, instance, **more):
        """Reports that libvirt did not carry out the advice, and waits until the host driver has put back what it set for it.

        Returns why Nova's own flags must not be used next, or None.
        """
        answer = self._tell('REFUSED', instance, self._timeout, more)
        return _reason(answer, answer.get('withdrawn'))

    def tell_alive(self, instance):
        """Shows that Nova follows the migration.

        Returns why Godwit has no influence on it any more, or None, and why Nova is to switch it to post-copy now, or None.
        """
        answer = self._tell('ALIVE', instance, _NOTIFY_SECONDS, {})
        return _reason(answer, answer.get('withdrawn')), _reason(answer, answer.get('switchover') == 'AT_ONCE')

    def _tell(self, kind, instance, seconds, more):
        """Sends a message that need not be answered: returns the answer, which is empty if there is none."""
        try:
            deadline = time.monotonic() + seconds
            with self._connection(deadline) as connection:
                self._send(connection, kind, instance, more)
                answer = self._receive(connection, deadline, may_be_empty=True)
            return dict(json.loads(answer)) if answer else {}
        except Exception as e:
            LOG.debug('No answer to %s from the host driver: %s', kind, e, instance=instance)
            return {}

    def ask(self, instance, **more):
        """Asks how to migrate a server.

        Returns the advice, or None if Nova's own flags are to be used, and whether the host driver only observes.
        """
        try:
            deadline = time.monotonic() + self._timeout
            with self._connection(deadline) as connection:
                self._send(connection, 'ASK', instance, more)
                answer = json.loads(self._receive(connection, deadline))
            if answer.get('technique') is None:
                LOG.info("The host driver advises Nova's own flags: %s", answer.get('reason'), instance=instance)
                return None, answer.get('withdrawn') is True
            return Advice(answer), False
        except Exception as e:
            LOG.warning("No advice from the host driver (%s): %s. Using Nova's own flags",
                        e.__class__.__name__, e, instance=instance)
            return None, False

    def configure(self, configuration):
        """Hands over nova-compute's configuration. What is wrong with it is logged; a host driver that is down gets it later."""
        try:
            deadline = time.monotonic() + self._timeout
            with self._connection(deadline) as connection:
                self._write(connection, {'message': 'CONFIGURATION', 'configuration': configuration})
                answer = self._receive(connection, deadline, may_be_empty=True)
            if answer:
                LOG.error('The host driver does not accept all of nova.conf: %s', json.loads(answer).get('reason'))
        except Exception as e:
            LOG.info("Cannot send nova.conf's options to the host driver (%s): %s. It gets them before the next migration",
                     e.__class__.__name__, e)

    def _connection(self, deadline):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(max(0.01, deadline - time.monotonic()))
            connection.connect(self._path)
        except Exception:
            connection.close()
            raise
        return connection

    @classmethod
    def _send(cls, connection, kind, instance, more):
        message = {'message': kind, 'vm': instance.uuid}
        message.update((name, value) for name, value in more.items() if value is not None)
        cls._write(connection, message)

    @staticmethod
    def _write(connection, message):
        connection.sendall(json.dumps(message).encode('utf-8') + b'\n')

    @staticmethod
    def _receive(connection, deadline, may_be_empty=False):
        received = b''
        while not received.endswith(b'\n'):
            connection.settimeout(max(0.01, deadline - time.monotonic()))
            part = connection.recv(4096)
            if not part and not received and may_be_empty:
                return ''
            if not part or len(received) > _MAX_BYTES or time.monotonic() > deadline:
                raise IOError('incomplete, too long or late answer')
            received += part
        return received.decode('utf-8')
