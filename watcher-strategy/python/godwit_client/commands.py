# SPDX-License-Identifier: Apache-2.0
"""The commands: each prints what one route of Godwit's service answers."""
from urllib import parse

from osc_lib import exceptions
from osc_lib.command import command

from godwit_client import columns

POLICIES = '/godwit/v1/policies'
OUTCOMES = '/godwit/v1/outcomes'


class ShowPrediction(command.ShowOne):
    """Predict the cost of live-migrating a server to a host, with each technique. Nothing is migrated."""

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument('server', metavar='<server>', help='UUID of the server; without Nova, name of the VM')
        parser.add_argument('--destination', metavar='<host>', required=True, help='Host that it would go to')
        parser.add_argument('--policy', metavar='<policy>', help='SLO policy to choose by (default: ensure_performance)')
        return parser

    def take_action(self, parsed_args):
        body = {'vm': parsed_args.server, 'destination': parsed_args.destination}
        if parsed_args.policy:
            body['policy'] = parsed_args.policy
        planned = self.app.client_manager.godwit.post('/godwit/v1/predictions', body)
        shown = ('resource_id', 'source_node', 'destination_node', 'technique', 'policy', 'policy_version', 'basis', 'end_probability',
                 'reservation', 'reason')
        names = ('server', 'source', 'destination', 'technique', 'policy', 'policy_version', 'basis', 'end_probability',
                 'reservation', 'reason', 'predicted', 'alternatives')
        return names, tuple(columns.value(planned.get(member)) for member in shown) + (
            columns.Costs(planned.get('predicted')), columns.Alternatives(planned.get('alternatives')))


class ListPolicy(command.Lister):
    """List the SLO policies of the service."""

    def take_action(self, parsed_args):
        policies = self.app.client_manager.godwit.get(POLICIES)['policies']
        return ('Name', 'Version', 'Scenario', 'SLOs', 'Optimize'), (
            (each['name'], each['version'], each['scenario'], columns.Plain(each['slos']), columns.Plain(each['optimize']))
            for each in policies)


class ShowPolicy(command.ShowOne):
    """Show the newest version of an SLO policy."""

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument('policy', metavar='<policy>', help='Name of the policy')
        return parser

    def take_action(self, parsed_args):
        return _members(self.app.client_manager.godwit.get(POLICIES + '/' + parse.quote(parsed_args.policy, safe='')))


class ListOutcome(command.Lister):
    """List the live migrations of action plans, with predicted and measured costs."""

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument('--action-plan', metavar='<uuid>', help='Only those of this action plan')
        parser.add_argument('--limit', metavar='<number>', type=int, default=20, help='At most so many (default: 20)')
        parser.add_argument('--marker', metavar='<uuid>', help='Those after this action')
        return parser

    def take_action(self, parsed_args):
        outcomes = self.app.client_manager.godwit.get(
            OUTCOMES, action_plan_uuid=parsed_args.action_plan, limit=parsed_args.limit, marker=parsed_args.marker,
            sort_key='created_at', sort_dir='desc')['outcomes']
        return ('Action', 'State', 'Server', 'Source', 'Destination', 'Technique', 'Predicted', 'Measured'), (
            _outcome(each) for each in outcomes)


class ShowOutcome(command.ShowOne):
    """Show one live migration of an action plan, with predicted and measured costs."""

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument('action', metavar='<action>', help='UUID of the action')
        return parser

    def take_action(self, parsed_args):
        client = self.app.client_manager.godwit
        action = client.get('/v1/actions/' + parse.quote(parsed_args.action, safe=''))
        outcomes = client.get(OUTCOMES, action_plan_uuid=action['action_plan_uuid'])['outcomes']
        outcome = next((each for each in outcomes if each['action_uuid'] == action['uuid']), None)
        if outcome is None:
            raise exceptions.CommandError('Action %s is no live migration.' % action['uuid'])
        names = ('action', 'state', 'server', 'source', 'destination', 'technique', 'predicted', 'measured', 'action_plan',
                 'message', 'reason', 'migration')
        return names, _outcome(outcome) + (
            outcome['action_plan_uuid'], outcome['status_message'], outcome['planned'].get('reason'),
            columns.Plain(outcome['migration']))


class ListMigration(command.Lister):
    """List the latest live migrations, whoever ordered them, with predicted and measured costs."""

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument('--since', metavar='<time>', help='Begin of the period: so long ago, such as 24h, or a time in ISO 8601 (default: 7d)')
        parser.add_argument('--server', metavar='<server>', help='Only those of this server')
        parser.add_argument('--host', metavar='<host>', help='Only those from or to this host')
        parser.add_argument('--technique', metavar='<technique>', help='Only those by this technique')
        parser.add_argument('--state', metavar='<state>', help='Only those that ended so, such as COMPLETED or FAILED')
        parser.add_argument('--limit', metavar='<number>', type=int, default=20, help='At most so many (default: 20)')
        return parser

    def take_action(self, parsed_args):
        migrations = self.app.client_manager.godwit.get(
            '/godwit/v1/migrations', since=parsed_args.since, vm=parsed_args.server, host=parsed_args.host,
            technique=parsed_args.technique, state=parsed_args.state, limit=parsed_args.limit)['migrations']
        return ('Time', 'State', 'Server', 'Source', 'Destination', 'Technique', 'Predicted', 'Measured'), (
            (each['at'], each['state'], each['vm'], each['source'], each['destination'], each['technique'],
             columns.Costs(each['predicted']), columns.Costs(each['measured'])) for each in migrations)


class ShowReport(command.ShowOne):
    """Show the service's report of a period: predictions against what migrations cost."""

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument('--since', metavar='<time>', help='Begin of the period: so long ago, such as 7d, or a time in ISO 8601')
        return parser

    def take_action(self, parsed_args):
        return _members(self.app.client_manager.godwit.get('/godwit/v1/report', since=parsed_args.since))


def _members(answer):
    return tuple(answer), tuple(columns.value(each) for each in answer.values())


def _outcome(outcome):
    planned, migration = outcome['planned'] or {}, outcome['migration'] or {}
    ended = migration.get('outcome') or {}
    return (outcome['action_uuid'], outcome['state'], planned.get('resource_name') or planned.get('resource_id'),
            planned.get('source_node'), planned.get('destination_node'), migration.get('technique') or planned.get('technique'),
            columns.Costs(planned.get('predicted')), columns.Costs(outcome.get('measured', ended.get('measured'))))
