# SPDX-License-Identifier: Apache-2.0
"""The planner godwit: keeps what waits for what as Godwit's service has scheduled it, instead of making an order of its own."""
from oslo_log import log as logging
from watcher.common import utils
from watcher.decision_engine.planner import weight
from watcher import objects

LOG = logging.getLogger(__name__)


class Godwit(weight.WeightPlanner):
    """Stores the actions of a solution with the parents that the service gave them.

    From the weight planner it takes how plans and efficacy indicators are stored. Actions of a solution without parents, which
    another strategy made, run one after another.
    """

    @classmethod
    def get_config_opts(cls):
        return []

    def schedule(self, context, audit_id, solution):
        plan = self.create_action_plan(context, audit_id, solution)
        self._create_efficacy_indicators(context, plan.id, solution.efficacy_indicators)
        actions = list(solution.actions)
        if not actions:
            LOG.warning('The action plan is empty')
            plan.state = objects.action_plan.State.SUCCEEDED
            plan.save()
        uuids = [utils.generate_uuid() for _ in actions]
        for number, (action, parents) in enumerate(zip(actions, self._parents(solution, actions))):
            objects.Action(context, uuid=uuids[number], parents=[uuids[parent] for parent in parents],
                           action_plan_id=plan.id, **action).create()
        return plan

    @staticmethod
    def _parents(solution, actions):
        """Returns for each action the places of those that it waits for, which all come before it."""
        given = getattr(solution, 'godwit_parents', None)
        if given is not None and len(given) == len(actions):
            return given
        return [[number - 1] if number else [] for number in range(len(actions))]
