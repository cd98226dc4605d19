# SPDX-License-Identifier: Apache-2.0
"""The action godwit_migrate: live-migrates a server through Nova with the technique that Godwit has chosen."""
import time
import uuid

from oslo_log import log as logging
from watcher.applier.actions import base
from watcher.common import exception

from godwit_watcher import service

try:
    from greenlet import GreenletExit
except ImportError:  # a Watcher with native threads calls abort() instead
    class GreenletExit(BaseException):
        pass

LOG = logging.getLogger(__name__)

# Newer releases of Watcher have an exception for actions that are no longer needed.
_NotNeeded = getattr(exception, 'ActionSkipped', service.GodwitError)

_FINAL = ('COMPLETED', 'CANCELLED', 'FAILED')
_POLL_SECONDS = 1
_CLEANUP_SECONDS = 60
_MAX_FAILED_POLLS = 30


class Killed(GreenletExit, Exception):
    """Raised when Watcher kills the thread of an action whose plan is cancelled. taskflow cannot handle a bare GreenletExit."""


class Migrate(base.BaseAction):
    """Starts a migration in Godwit's service and waits for its end. It succeeds if Nova has the server on the destination."""

    def __init__(self, config, osc=None):
        super(Migrate, self).__init__(config, osc)
        self._id = str(uuid.uuid4())
        self._service = None

    @property
    def godwit(self):
        if self._service is None:
            self._service = service.Service(self.osc)
        return self._service

    @property
    def schema(self):
        return {
            'type': 'object',
            'properties': {
                'resource_id': {'type': 'string', 'minLength': 1},
                'source_node': {'type': 'string', 'minLength': 1},
                'destination_node': {'type': 'string', 'minLength': 1},
                'migration_type': {'type': 'string', 'enum': ['live']},
                'technique': {'type': ['string', 'null']},
                'policy': {'type': ['string', 'null']},
            },
            'required': ['resource_id', 'source_node', 'destination_node', 'migration_type'],
        }

    def pre_condition(self):
        server = self.godwit.server(self.resource_id)
        host, source = server['OS-EXT-SRV-ATTR:host'], self.input_parameters['source_node']
        if host != source:
            raise _NotNeeded('Server %s has left %s and is on %s' % (self.resource_id, source, host))
        if server['status'] != 'ACTIVE':
            raise service.GodwitError('Server %s on %s is %s and no longer ACTIVE' % (
                self.resource_id, host, server['status']))

    def execute(self):
        try:
            return self._move(self._id, self.input_parameters)
        except GreenletExit:
            pass
        # Not within the except block, because taskflow also inspects the context of an exception.
        if self.abort():
            self._follow(self.input_parameters['source_node'], self._id)
        raise Killed('The action plan was cancelled')

    def revert(self):
        """Migrates the server back if it has left its source.

        The technique is chosen again by the policy, because the predictions are for the opposite direction.
        """
        parameters = dict(self.input_parameters)
        parameters['source_node'] = self.input_parameters['destination_node']
        parameters['destination_node'] = self.input_parameters['source_node']
        if self.godwit.server(self.resource_id)['OS-EXT-SRV-ATTR:host'] != parameters['source_node']:
            return True
        parameters['predicted'] = {}
        if parameters.get('policy'):
            parameters['technique'] = None
        return self._move(str(uuid.uuid4()), parameters)

    def _move(self, migration, parameters):
        source = parameters['source_node']
        self.godwit.start(source, migration, parameters)
        status = self._follow(source, migration)
        LOG.info('Migration %s of server %s to %s by %s: %s %s', migration, self.resource_id,
                 parameters['destination_node'], status.get('technique'), status['phase'], status.get('error') or '')
        return status['phase'] == 'COMPLETED' and self._arrived(parameters['destination_node'])

    def _follow(self, source, migration):
        """Waits for the end of a migration, and returns its last status."""
        status, failures = {}, 0
        while status.get('phase') not in _FINAL:
            time.sleep(_POLL_SECONDS)
            try:
                status = self.godwit.status(source, migration)
                failures = 0
            except service.GodwitError as e:
                failures += 1
                if failures > _MAX_FAILED_POLLS:
                    raise
                LOG.warning('Cannot read the status of migration %s: %s', migration, e)
        return status

    def _arrived(self, host):
        """Whether the server is on the host. Waits for Nova's cleanup, which takes some seconds after libvirt has finished."""
        deadline = time.monotonic() + _CLEANUP_SECONDS
        while True:
            server = self.godwit.server(self.resource_id)
            if server['status'] != 'MIGRATING' or time.monotonic() > deadline:
                return server['OS-EXT-SRV-ATTR:host'] == host
            time.sleep(_POLL_SECONDS)

    def check_abort(self):
        return True

    def abort(self):
        try:
            self.godwit.cancel(self.input_parameters['source_node'], self._id)
            return True
        except service.GodwitError as e:
            LOG.warning('Cannot cancel migration %s, which continues: %s', self._id, e)
            return False

    def post_condition(self):
        pass

    def get_description(self):
        return 'Live-migrates a server through Nova with the technique that Godwit has chosen'
