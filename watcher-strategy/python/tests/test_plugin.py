# SPDX-License-Identifier: Apache-2.0
"""The plugin with stubs of the names in Watcher that it uses. devstack/openstack audits tests it with Watcher."""
import json
import os
import sys
import types
import unittest

import yaml

CATALOG = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                       '../../src/main/resources/io/github/godwit/strategy/catalog/catalog.yaml')
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def module(name, **names):
    created = types.ModuleType(name)
    created.__dict__.update(names)
    sys.modules[name] = created
    return created


class BaseStrategy(object):
    def __init__(self, osc):
        self.osc = osc
        self.actions = []
        self.indicators = None
        self.input_parameters = {}
        self.solution = types.SimpleNamespace(
            add_action=lambda kind, resource_id, input_parameters: self.actions.append(
                (kind, resource_id, input_parameters)),
            set_efficacy_indicators=lambda **values: setattr(self, 'indicators', values))
        names = [types.SimpleNamespace(name='instance_migrations_count')]
        self.goal = types.SimpleNamespace(efficacy_specification=types.SimpleNamespace(
            get_indicators_specifications=lambda: names))


class BaseAction(object):
    RESOURCE_ID = 'resource_id'

    def __init__(self, config, osc=None):
        self.osc = osc
        self.input_parameters = {}

    @property
    def resource_id(self):
        return self.input_parameters['resource_id']


class Conf(object):
    def register_opts(self, options, group):
        setattr(self, group, types.SimpleNamespace(**dict(options)))


def option(name, default=None, **unused):
    return name, default


class WatcherException(Exception):
    pass


class ActionSkipped(WatcherException):
    pass


class WeightPlanner(object):
    def create_action_plan(self, context, audit_id, solution):
        return types.SimpleNamespace(id=7, audit_id=audit_id, state='RECOMMENDED', save=lambda: None)

    def _create_efficacy_indicators(self, context, plan_id, indicators):
        self.indicators = (plan_id, indicators)


class StoredAction(object):
    stored = []

    def __init__(self, context, **values):
        self.values = values

    def create(self):
        StoredAction.stored.append(self.values)


for each in ('watcher', 'watcher.common', 'watcher.decision_engine', 'watcher.decision_engine.strategy', 'watcher.applier',
             'watcher.applier.actions', 'oslo_config', 'oslo_log'):
    module(each)
module('watcher.decision_engine.strategy.strategies', base=types.SimpleNamespace(BaseStrategy=BaseStrategy))
sys.modules['watcher.common'].exception = types.SimpleNamespace(
    WatcherException=WatcherException, ActionSkipped=ActionSkipped)
sys.modules['watcher.common'].utils = types.SimpleNamespace(
    generate_uuid=lambda numbers=iter(range(99)): 'uuid-%d' % next(numbers))
module('watcher.decision_engine.planner', weight=types.SimpleNamespace(WeightPlanner=WeightPlanner))
sys.modules['watcher'].objects = types.SimpleNamespace(
    Action=StoredAction, action_plan=types.SimpleNamespace(State=types.SimpleNamespace(SUCCEEDED='SUCCEEDED')))
sys.modules['watcher.applier.actions'].base = types.SimpleNamespace(BaseAction=BaseAction)
sys.modules['oslo_config'].cfg = types.SimpleNamespace(CONF=Conf(), URIOpt=option, IntOpt=option)
sys.modules['oslo_log'].log = types.SimpleNamespace(getLogger=lambda name: types.SimpleNamespace(
    info=lambda *words: None, warning=lambda *words: None))

from godwit_watcher import actions  # noqa: E402
from godwit_watcher import planner  # noqa: E402
from godwit_watcher import service  # noqa: E402
from godwit_watcher import strategies  # noqa: E402

actions._POLL_SECONDS = 0
MOVE = {'resource_id': 'v', 'source_node': 'c1', 'destination_node': 'c2', 'migration_type': 'live',
        'technique': 'POST', 'policy': 'p', 'predicted': {'TT': 1}}


class Session(object):
    """Stub of Godwit's service and Nova, which answers by method and path."""

    def __init__(self, phases=('COMPLETED',), host='c2', status='ACTIVE', code=200, server_code=200):
        self.calls = []
        self._phases = list(phases)
        self._host, self._status, self._code, self._server_code = host, status, code, server_code

    def request(self, url, method, json=None, **unused):
        self.calls.append((method, url, json))
        if url.startswith('/servers/'):
            return self._answer({'server': {'status': self._status, 'OS-EXT-SRV-ATTR:host': self._host}}, self._server_code)
        if method == 'GET':
            phase = self._phases.pop(0)
            if isinstance(phase, BaseException):
                raise phase
            return self._answer({'phase': phase, 'technique': 'POST'})
        if url.endswith('/solutions'):
            return self._answer({'efficacy': {'instance_migrations_count': 1.0, 'hot_hosts_after': 0.0}, 'actions': [
                {'action_type': 'migrate', 'input_parameters': dict(MOVE, reservation=None, alternatives=[1]), 'parents': []},
                {'action_type': 'change_nova_service_state', 'input_parameters': {'resource_id': 'c1', 'state': 'disabled'},
                 'parents': [0]}]})
        return self._answer({'phase': 'PREPARING'})

    def _answer(self, body, code=None):
        return types.SimpleNamespace(status_code=code or self._code, text=json.dumps(body), json=lambda: body)


def action(session):
    created = actions.Migrate(None, types.SimpleNamespace(session=session))
    created.input_parameters = dict(MOVE)
    return created


class PluginTest(unittest.TestCase):

    def test_a_solution_becomes_actions_without_nulls(self):
        session = Session()
        strategy = strategies.Maintenance(types.SimpleNamespace(session=session))
        strategy.input_parameters = {'maintenance_node': 'c1'}
        strategy.do_execute(types.SimpleNamespace(scope=[]))
        self.assertEqual([each[:2] for each in strategy.actions],
                         [('godwit_migrate', 'v'), ('change_nova_service_state', 'c1')])
        self.assertNotIn('reservation', strategy.actions[0][2])
        self.assertNotIn('alternatives', strategy.actions[0][2])
        self.assertEqual(strategy.indicators, {'instance_migrations_count': 1.0})
        self.assertEqual(session.calls[0][2], {'parameters': {'maintenance_node': 'c1'}, 'scope': []})

    def test_the_parents_of_the_service_reach_the_planner(self):
        strategy = strategies.Maintenance(types.SimpleNamespace(session=Session()))
        strategy.do_execute()
        self.assertEqual(strategy.solution.godwit_parents, [[], [0]])
        self.assertEqual(strategy.planner, 'godwit')

    def _planned(self, actions, **more):
        StoredAction.stored = []
        solution = types.SimpleNamespace(actions=actions, efficacy_indicators=['i'], **more)
        plan = planner.Godwit().schedule(None, 3, solution)
        uuids = [each['uuid'] for each in StoredAction.stored]
        return plan, [[uuids.index(parent) for parent in each['parents']] for each in StoredAction.stored]

    def test_the_planner_keeps_the_parents(self):
        actions = [{'action_type': 'godwit_migrate', 'input_parameters': {'resource_id': each}} for each in 'abcd']
        plan, parents = self._planned(actions, godwit_parents=[[], [], [0, 1], [1]])
        self.assertEqual(parents, [[], [], [0, 1], [1]])
        self.assertEqual((plan.audit_id, plan.state), (3, 'RECOMMENDED'))
        self.assertEqual([each['action_plan_id'] for each in StoredAction.stored], [7] * 4)
        self.assertEqual([each['input_parameters']['resource_id'] for each in StoredAction.stored], list('abcd'))

    def test_actions_without_parents_run_one_after_another(self):
        self.assertEqual(self._planned([{'action_type': 'nop'}] * 3)[1], [[], [0], [1]])

    def test_an_empty_plan_has_succeeded(self):
        self.assertEqual(self._planned([], godwit_parents=[])[0].state, 'SUCCEEDED')

    def test_the_error_of_the_service_is_reported(self):
        strategy = strategies.Hotspot(types.SimpleNamespace(session=Session(code=503)))
        with self.assertRaisesRegex(service.GodwitError, 'answered 503'):
            strategy.do_execute()

    def test_execute_succeeds_only_if_nova_has_the_server_on_the_destination(self):
        self.assertIs(action(Session(['MIGRATING', 'COMPLETED'])).execute(), True)
        self.assertIs(action(Session(['COMPLETED'], host='c1')).execute(), False)
        self.assertIs(action(Session(['FAILED'])).execute(), False)

    def test_a_server_that_has_left_its_source_is_not_migrated(self):
        with self.assertRaisesRegex(ActionSkipped, 'has left c1 and is on c2'):
            action(Session(host='c2')).pre_condition()
        with self.assertRaisesRegex(service.GodwitError, 'is PAUSED and no longer ACTIVE'):
            action(Session(host='c1', status='PAUSED')).pre_condition()
        with self.assertRaisesRegex(service.GodwitError, '404'):
            action(Session(host='c1', server_code=404)).pre_condition()
        action(Session(host='c1')).pre_condition()

    def test_a_killed_action_cancels_its_migration_and_waits_for_its_end(self):
        session = Session([actions.GreenletExit(), 'MIGRATING', 'CANCELLED'])
        with self.assertRaises(actions.Killed) as killed:
            action(session).execute()
        self.assertIsNone(killed.exception.__context__)
        self.assertIn('DELETE', [call[0] for call in session.calls])

    def test_revert_lets_the_policy_choose_the_technique(self):
        session = Session(host='c2')
        self.assertIs(action(session).revert(), False)  # Nova still has it on c2
        put = next(call for call in session.calls if call[0] == 'PUT')
        self.assertIn('/hosts/c2/migrations/', put[1])
        self.assertEqual((put[2]['source_node'], put[2]['destination_node'], put[2]['technique']), ('c2', 'c1', None))
        self.assertIs(action(Session(host='c1')).revert(), True)

    def test_every_parameter_of_the_service_can_be_set_in_watcher(self):
        with open(CATALOG) as file:
            catalog = {each['name']: each for each in yaml.safe_load(file)['strategies']}
        for strategy in (strategies.Hotspot, strategies.Consolidation, strategies.Maintenance):
            of_service = catalog[strategy.STRATEGY]
            # Watcher executes the plan, so that what follows a failed action is its own matter
            wanted = (set(of_service['uses']) | set(of_service['parameters'])) - {'on_failure'}
            self.assertEqual(set(strategy.get_schema()['properties']), wanted, strategy.NAME)


if __name__ == '__main__':
    unittest.main()
