# SPDX-License-Identifier: Apache-2.0
"""Commands "openstack godwit …" of Debian's OpenStack client, with answers of the service that were recorded."""
import contextlib
import http.server
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
import unittest
from urllib import parse

PROJECT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# Installs the plugin for this process: setuptools writes its entry points into a directory of the path.
METADATA = tempfile.TemporaryDirectory()
subprocess.run([sys.executable, 'setup.py', '-q', 'egg_info', '--egg-base', METADATA.name], cwd=PROJECT, check=True, timeout=60)
sys.path[:0] = [METADATA.name, PROJECT]

from godwit_client import plugin  # noqa: E402
from openstackclient import shell  # noqa: E402
from osc_lib import clientmanager  # noqa: E402

ACTION = '11111111-0000-4000-8000-000000000001'
PLAN = '22222222-0000-4000-8000-000000000001'
SERVER = '33333333-0000-4000-8000-000000000001'
PLANNED = {
    'migration_type': 'live', 'resource_id': SERVER, 'resource_name': 'db', 'source_node': 'c1', 'destination_node': 'c2',
    'technique': 'POST', 'policy': 'ensure_performance', 'policy_version': 2, 'basis': 'MODEL', 'end_probability': 0.98,
    'predicted': {'TT': {'value': 12345.6, 'low': 9876.5, 'high': 15000.0}, 'PERF': {'value': 0.934, 'low': 0.9, 'high': 1}},
    'reason': 'POST keeps all SLOs.', 'reservation': None,
    'alternatives': [
        {'technique': 'POST', 'violations': 0, 'violation': 0.0, 'objective': 0.5, 'reason': 'best', 'predicted': {'DT': 41.25}},
        {'technique': 'THR', 'violations': None, 'violation': None, 'objective': None,
         'reason': 'is not permitted by nova.conf of c1', 'predicted': {}}]}
OUTCOME = {
    'action_uuid': ACTION, 'action_plan_uuid': PLAN, 'state': 'SUCCEEDED', 'status_message': None, 'planned': PLANNED,
    'migration': {'technique': 'POST', 'phase': 'COMPLETED', 'outcome': {'measured': {'TT': 11000.0, 'TD': 2150.5}}}}
POLICY = {'name': 'ensure_performance', 'scenario': 'hotspot', 'slos': [{'metric': 'DT', 'threshold': 1000, 'weight': 1}],
          'optimize': {'TT': 1}, 'version': 2, 'created_at': '2026-01-01T00:00:00+00:00'}
ANSWERS = {
    'POST /godwit/v1/predictions': PLANNED,
    'GET /godwit/v1/policies': {'policies': [POLICY], 'policy_set': {'version': 3}, 'hosts_without': []},
    'GET /godwit/v1/policies/ensure_performance': POLICY,
    'GET /godwit/v1/outcomes': {'outcomes': [OUTCOME]},
    'GET /v1/actions/' + ACTION: {'uuid': ACTION, 'action_plan_uuid': PLAN},
    'GET /godwit/v1/migrations': {'migrations': [{
        'id': 'm-1', 'at': '2026-01-01T00:00:00Z', 'vm': 'db', 'source': 'c1', 'destination': 'c2', 'technique': 'POST', 'state': 'COMPLETED',
        'predicted': PLANNED['predicted'], 'measured': {'TT': 11000.0}}]},
    'GET /godwit/v1/report': {'migrations': 30, 'techniques': {'PRE': 20, 'POST': 10}},
}


class Service(http.server.BaseHTTPRequestHandler):
    """Answers as the service did, and records the requests."""

    requests = []

    def _answer(self):
        body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        url = parse.urlsplit(self.path)
        self.requests.append((self.command, url.path, dict(parse.parse_qsl(url.query)), json.loads(body) if body else None))
        answer = ANSWERS.get('%s %s' % (self.command, url.path))
        text = json.dumps(answer or {'error_message': json.dumps({'faultstring': 'There is no such policy.'})}).encode()
        self.send_response(200 if answer else 404)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = _answer

    def log_message(self, *unused):
        pass


class ClientTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Service)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.url = 'http://127.0.0.1:%d' % cls.server.server_port

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()
        METADATA.cleanup()

    def setUp(self):
        Service.requests.clear()

    def run_client(self, *words, url=None):
        """Returns status, standard output and standard error of the OpenStack client without Keystone."""
        out, err = io.StringIO(), io.StringIO()
        # A process of the client makes its clients once.
        clientmanager.ClientManager.godwit = clientmanager.ClientCache(plugin.make_client)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            program = shell.OpenStackShell()
            program.stdout, program.stderr = out, err
            status = program.run(['--os-auth-type', 'none', '--os-endpoint', url or self.url, 'godwit'] + list(words))
        return status, out.getvalue(), err.getvalue()

    def printed(self, *words):
        status, out, err = self.run_client(*words)
        self.assertEqual(status, 0, err)
        return out

    def shown(self, *words):
        return json.loads(self.printed(*words, '-f', 'json'))

    def test_a_prediction_has_all_techniques(self):
        shown = self.shown('prediction', 'show', SERVER, '--destination', 'c2', '--policy', 'ensure_performance')
        self.assertEqual(Service.requests, [
            ('POST', '/godwit/v1/predictions', {}, {'vm': SERVER, 'destination': 'c2', 'policy': 'ensure_performance'})])
        self.assertEqual((shown['technique'], shown['predicted']['TT']['high']), ('POST', 15000.0))
        self.assertEqual([each['technique'] for each in shown['alternatives']], ['POST', 'THR'])
        table = self.printed('prediction', 'show', SERVER, '--destination', 'c2')
        self.assertIn('TT: 12346 ms (9876 to 15000)', table)
        self.assertIn('PERF: 0.934 (0.9 to 1)', table)
        self.assertIn('POST: DT 41.2 ms', table)
        self.assertIn('THR: is not permitted by nova.conf of c1', table)

    def test_policies_are_listed_and_shown(self):
        self.assertEqual(self.shown('policy', 'list'), [
            {'Name': 'ensure_performance', 'Version': 2, 'Scenario': 'hotspot', 'SLOs': POLICY['slos'], 'Optimize': {'TT': 1}}])
        self.assertEqual(self.shown('policy', 'show', 'ensure_performance'), POLICY)

    def test_outcomes_have_predicted_beside_measured(self):
        listed = self.shown('outcome', 'list', '--action-plan', PLAN, '--limit', '5')
        self.assertEqual(Service.requests[0][2], {
            'action_plan_uuid': PLAN, 'limit': '5', 'sort_key': 'created_at', 'sort_dir': 'desc'})
        self.assertEqual((listed[0]['Server'], listed[0]['Measured']), ('db', {'TT': 11000.0, 'TD': 2150.5}))
        table = self.printed('outcome', 'show', ACTION)
        self.assertIn('TT: 11000 ms', table)
        self.assertEqual(Service.requests[-1][2], {'action_plan_uuid': PLAN})

    def test_migrations_are_listed_whoever_ordered_them(self):
        listed = self.shown('migration', 'list', '--since', '24h', '--host', 'c2', '--technique', 'POST', '--state', 'COMPLETED')
        self.assertEqual(Service.requests[0][1:3], ('/godwit/v1/migrations', {
            'since': '24h', 'host': 'c2', 'technique': 'POST', 'state': 'COMPLETED', 'limit': '20'}))
        self.assertEqual((listed[0]['Server'], listed[0]['Measured']), ('db', {'TT': 11000.0}))
        self.assertIn('TT: 12346 ms (9876 to 15000)', self.printed('migration', 'list'))

    def test_the_report_is_printed_as_it_is(self):
        self.assertEqual(self.shown('report', 'show', '--since', '7d'), ANSWERS['GET /godwit/v1/report'])
        self.assertEqual(Service.requests[0][2], {'since': '7d'})

    def test_the_reason_of_a_refusal_is_shown(self):
        status, out, err = self.run_client('policy', 'show', 'a/b')
        self.assertEqual((status, out), (1, ''))
        self.assertIn('answered 404: There is no such policy.', err)
        self.assertEqual(Service.requests[0][1], '/godwit/v1/policies/a%2Fb')

    def test_a_service_that_does_not_answer_is_named(self):
        status, _, err = self.run_client('policy', 'list', url='http://127.0.0.1:1')
        self.assertEqual(status, 1)
        self.assertIn("Godwit's service at http://127.0.0.1:1 does not answer", err)

    def test_the_service_can_be_named_beside_a_watcher(self):
        status, out, err = self.run_client(
            'policy', 'list', '-f', 'value', '-c', 'Name', '--os-godwit-endpoint', self.url + '/v1/', url='http://127.0.0.1:1')
        self.assertEqual((status, out.strip()), (0, 'ensure_performance'), err)


if __name__ == '__main__':
    unittest.main()
