# SPDX-License-Identifier: Apache-2.0
"""Strategies that ask Godwit's service what to do; the cluster is looked at there, and not in Watcher's own model."""
from watcher.decision_engine.strategy.strategies import base

from godwit_watcher import service

_COMMON = {
    'policy': {'type': 'string', 'description': 'SLO policy by which techniques are chosen'},
    'urgency': {'type': 'string', 'enum': ['high', 'medium', 'low'],
                'description': 'How much bandwidth is kept for migrations when links are busy'},
    'destination_policy': {'type': 'string', 'description': 'How destinations are chosen'},
    'samples': {'type': 'integer', 'minimum': 1, 'description': 'How often the load is looked at'},
    'hot_samples': {'type': 'integer', 'minimum': 1, 'description': 'Samples over a threshold that make a host hot'},
    'sample_interval': {'type': 'number', 'description': 'Seconds from one sample to the next'},
    'cpu_threshold': {'type': 'number', 'description': "Share of a host's cores over which it is hot"},
    'memory_threshold': {'type': 'number', 'description': "Share of a host's memory over which it is hot"},
    'max_moves': {'type': 'integer', 'minimum': 1, 'description': 'The most servers that one plan moves'},
}
_MAINTENANCE = {
    'maintenance_node': {'type': 'string', 'description': 'The host that is to be emptied'},
    'backup_node': {'type': 'string', 'description': 'Where its servers go, if they fit'},
    'disable_hosts': {'type': 'boolean', 'description': 'Has Nova place no more servers there'},
    'policy': _COMMON['policy'],
    'urgency': _COMMON['urgency'],
    'destination_policy': _COMMON['destination_policy'],
}


class _Godwit(base.BaseStrategy):
    """What the strategies have in common."""

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
        known = [each.name for each in self.goal.efficacy_specification.get_indicators_specifications()]
        self.solution.set_efficacy_indicators(
            **{name: value for name, value in answer['efficacy'].items() if name in known})

    def _add(self, action):
        # Watcher stores no nulls.
        parameters = {name: value for name, value in action['input_parameters'].items() if value is not None}
        # What was not chosen is worth reading in Godwit's service and too long for Watcher's table.
        parameters.pop('alternatives', None)
        kind = 'godwit_migrate' if action['action_type'] == 'migrate' else action['action_type']
        self.solution.add_action(kind, resource_id=parameters.pop('resource_id'), input_parameters=parameters)

    def post_execute(self):
        pass


class Hotspot(_Godwit):
    """Cools hosts that are too hot, with the least harm to the servers that are moved."""
    NAME = 'godwit_hotspot'
    STRATEGY = 'hotspot_mitigation'
    DISPLAY_NAME = 'Godwit: hotspot mitigation'
    GOAL = 'workload_balancing'


class Consolidation(_Godwit):
    """Empties hosts that are not needed."""
    NAME = 'godwit_consolidation'
    STRATEGY = 'consolidation'
    DISPLAY_NAME = 'Godwit: consolidation'
    GOAL = 'server_consolidation'


class Maintenance(_Godwit):
    """Empties a host for maintenance."""
    NAME = 'godwit_maintenance'
    STRATEGY = 'maintenance'
    DISPLAY_NAME = 'Godwit: maintenance'
    GOAL = 'cluster_maintaining'
    PARAMETERS = _MAINTENANCE
    REQUIRED = ['maintenance_node']
