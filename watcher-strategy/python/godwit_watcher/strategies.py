# SPDX-License-Identifier: Apache-2.0
"""Strategies that take their solutions from Godwit's service, which reads the cluster itself instead of Watcher's data model."""
from watcher.decision_engine.strategy.strategies import base

from godwit_watcher import service

_COMMON = {
    'policy': {'type': 'string', 'description': 'SLO policy for choosing techniques'},
    'urgency': {'type': 'string', 'enum': ['high', 'medium', 'low'],
                'description': 'How much bandwidth is reserved for migrations on a busy link'},
    'destination_policy': {'type': 'string', 'description': 'How destinations are chosen'},
    'samples': {'type': 'integer', 'minimum': 1, 'description': 'Number of load samples that are taken'},
    'hot_samples': {'type': 'integer', 'minimum': 1, 'description': 'Number of samples over a threshold that make a host hot'},
    'sample_interval': {'type': 'number', 'description': 'Seconds from one sample to the next'},
    'cpu_threshold': {'type': 'number', 'description': "Share of a host's cores above which it is hot"},
    'memory_threshold': {'type': 'number', 'description': "Share of a host's memory above which it is hot"},
    'parallel': {'type': 'integer', 'minimum': 1, 'description': 'Maximum number of migrations at a time'},
    'objective': {'type': 'string', 'enum': ['time', 'violations'], 'description': 'What the schedule minimises'},
    'priorities': {'type': 'object', 'description': 'Priority of servers by their UUIDs; one with more leaves earlier'},
    'max_moves': {'type': 'integer', 'minimum': 1, 'description': 'Maximum number of servers per plan'},
    'headroom': {'type': 'number', 'minimum': 0, 'maximum': 1,
                 'description': 'Share of its cores that every destination keeps below cpu_threshold'},
    'horizon': {'type': 'integer', 'minimum': 0,
                'description': 'Seconds for which a move has to gain more than it costs; 0 for no such condition'},
    'vm_rest': {'type': 'integer', 'minimum': 0, 'description': 'Seconds for which a server is not moved again after a move'},
    'host_rest': {'type': 'integer', 'minimum': 0,
                  'description': 'Seconds for which the figures of a host are not used after a server has come or left'},
    'retry_after': {'type': 'integer', 'minimum': 0,
                    'description': 'Seconds for which a server whose move failed is passed over'},
    'undo_rest': {'type': 'integer', 'minimum': 0,
                  'description': 'Seconds for which a server does not return to a host that it left'},
}
_MAINTENANCE = {
    'maintenance_node': {'type': 'string', 'description': 'Host to be emptied'},
    'backup_node': {'type': 'string', 'description': 'Host that takes all of its servers'},
    'deadline': {'type': 'string', 'description': 'When the host has to be empty: a time, or a duration such as PT2H'},
    'disable_hosts': {'type': 'boolean', 'description': 'Disable the host in Nova, so that it places no more servers on it'},
    'policy': _COMMON['policy'],
    'urgency': _COMMON['urgency'],
    'parallel': _COMMON['parallel'],
    'objective': _COMMON['objective'],
    'priorities': _COMMON['priorities'],
    'destination_policy': _COMMON['destination_policy'],
}
_CONSOLIDATION = {name: value for name, value in _COMMON.items() if name != 'destination_policy'}
_CONSOLIDATION['disable_hosts'] = _MAINTENANCE['disable_hosts']


class _Godwit(base.BaseStrategy):
    """Base class of the strategies."""

    NAME = None
    STRATEGY = None
    DISPLAY_NAME = None
    GOAL = None
    PARAMETERS = _COMMON
    REQUIRED = []

    @classmethod
    def get_name(cls):
        return cls.NAME

    @classmethod
    def get_display_name(cls):
        return cls.DISPLAY_NAME

    @classmethod
    def get_translatable_display_name(cls):
        return cls.DISPLAY_NAME

    @classmethod
    def get_goal_name(cls):
        return cls.GOAL

    @classmethod
    def get_config_opts(cls):
        return []

    @classmethod
    def get_schema(cls):
        schema = {'type': 'object', 'properties': cls.PARAMETERS}
        if cls.REQUIRED:
            schema['required'] = cls.REQUIRED
        return schema

    def pre_execute(self):
        pass

    def do_execute(self, audit=None):
        given = {name: self.input_parameters[name] for name in self.PARAMETERS if name in self.input_parameters}
        answer = service.Service(self.osc).solution(self.STRATEGY, given, getattr(audit, 'scope', None))
        for action in answer['actions']:
            self._add(action)
        # An older service gives no parents; the planner then lets the actions run one after another.
        if all('parents' in action for action in answer['actions']):
            self.solution.godwit_parents = [action['parents'] for action in answer['actions']]
        self.planner = 'godwit'
        known = [each.name for each in self.goal.efficacy_specification.get_indicators_specifications()]
        self.solution.set_efficacy_indicators(
            **{name: value for name, value in answer['efficacy'].items() if name in known})

    def _add(self, action):
        # Watcher cannot store nulls.
        parameters = {name: value for name, value in action['input_parameters'].items() if value is not None}
        # The alternatives are too long for Watcher's table; Godwit's service shows them.
        parameters.pop('alternatives', None)
        kind = 'godwit_migrate' if action['action_type'] == 'migrate' else action['action_type']
        self.solution.add_action(kind, resource_id=parameters.pop('resource_id'), input_parameters=parameters)

    def post_execute(self):
        pass


class Hotspot(_Godwit):
    """Migrates servers away from hot hosts, with the technique that suits each server best."""
    NAME = 'godwit_hotspot'
    STRATEGY = 'hotspot_mitigation'
    DISPLAY_NAME = 'Godwit: hotspot mitigation'
    GOAL = 'workload_balancing'


class Consolidation(_Godwit):
    """Packs servers on fewer hosts and empties the others."""
    NAME = 'godwit_consolidation'
    STRATEGY = 'consolidation'
    DISPLAY_NAME = 'Godwit: consolidation'
    GOAL = 'server_consolidation'
    PARAMETERS = _CONSOLIDATION


class Maintenance(_Godwit):
    """Empties a host for maintenance."""
    NAME = 'godwit_maintenance'
    STRATEGY = 'maintenance'
    DISPLAY_NAME = 'Godwit: maintenance'
    GOAL = 'cluster_maintaining'
    PARAMETERS = _MAINTENANCE
    REQUIRED = ['maintenance_node']
