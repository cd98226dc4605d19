# SPDX-License-Identifier: Apache-2.0
"""godwit_migrate: live-migrates a server through Nova by the technique that Godwit has decided on."""
import time
import uuid

from oslo_log import log as logging
from watcher.applier.actions import base
from watcher.common import exception

from godwit_watcher import service

try:
    from greenlet import GreenletExit
except ImportError:  # a Watcher of native threads asks for an abort instead
    class GreenletExit(BaseException):
        pass

LOG = logging.getLogger(__name__)

# A newer Watcher has a word for actions that are not needed any more.
_NotNeeded = getattr(exception, 'ActionSkipped', service.GodwitError)

_FINAL = ('COMPLETED', 'CANCELLED', 'FAILED')
_LOOK_SECONDS = 1
_TIDY_SECONDS = 60
_MOST_SILENT_LOOKS = 30


class Killed(GreenletExit, Exception):
    """Watcher ends the thread of an action whose plan is cancelled; taskflow fails over a bare GreenletExit."""


class Migrate(base.BaseAction):

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
            raise service.GodwitError('Server %s on %s is %s, and not ACTIVE any more' % (
                self.resource_id, host, server['status']))

    def execute(self):
        try:
            return self._move(self._id, self.input_parameters)
        except GreenletExit:
            pass
        # Not within the except block: taskflow looks at what an exception was raised for, too.
        if self.abort():
            self._follow(self.input_parameters['source_node'], self._id)
        raise Killed('Its action plan is cancelled')

    def revert(self):
        """Moves the server back, if it has left; by its policy, since what was predicted was for the way there."""
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
        seen = self._follow(source, migration)
        LOG.info('Migration %s of server %s to %s by %s: %s %s', migration, self.resource_id,
                 parameters['destination_node'], seen.get('technique'), seen['phase'], seen.get('error') or '')
        return seen['phase'] == 'COMPLETED' and self._arrived(parameters['destination_node'])

    def _follow(self, source, migration):
        """How a migration ended."""
        seen, silent = {}, 0
        while seen.get('phase') not in _FINAL:
            time.sleep(_LOOK_SECONDS)
            try:
                seen = self.godwit.look(source, migration)
                silent = 0
            except service.GodwitError as e:
                silent += 1
                if silent > _MOST_SILENT_LOOKS:
                    raise
                LOG.warning('How migration %s stands is not known: %s', migration, e)
        return seen

    def _arrived(self, host):
        """Nova tidies up for some seconds after libvirt is done."""
        deadline = time.monotonic() + _TIDY_SECONDS
        while True:
            server = self.godwit.server(self.resource_id)
            if server['status'] != 'MIGRATING' or time.monotonic() > deadline:
                return server['OS-EXT-SRV-ATTR:host'] == host
            time.sleep(_LOOK_SECONDS)

    def check_abort(self):
        return True

    def abort(self):
        try:
            self.godwit.cancel(self.input_parameters['source_node'], self._id)
            return True
        except service.GodwitError as e:
            LOG.warning('Migration %s goes on: %s', self._id, e)
            return False

    def post_condition(self):
        pass

    def get_description(self):
        return 'Live-migrates a server through Nova by the technique that Godwit has decided on'
