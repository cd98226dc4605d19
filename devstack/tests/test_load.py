# SPDX-License-Identifier: Apache-2.0
"""Tests what devstack/openstack load asks, stores and makes of the answers, without a cloud."""
import collections
import datetime
import http.server
import itertools
import json
import pathlib
import re
import sys
import threading
import unittest
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / 'devstack' / 'cloud'))

from trials.load.figures import figures, percentile, reached, remarks, summary, table  # noqa: E402
from trials.load.objects import GodwitRows, Objects, WatcherRows  # noqa: E402
from trials.load.requests import ROUTES, Request, arrivals, expected_rows, order  # noqa: E402
from trials.load.sender import Answer, Client, send  # noqa: E402

try:
    from watcher.db.sqlalchemy import models
except ImportError:
    models = None

NOW = datetime.datetime(2026, 11, 30, 12, 0, 0, tzinfo=datetime.timezone.utc)
SCHEMA = ROOT / 'watcher-strategy/src/main/resources/io/github/godwit/strategy/store/schema'


def answer(due, ended, status=200, route='audits', sent=None):
    return Answer(route, due, due if sent is None else sent, ended, status)


class TestArrivals(unittest.TestCase):

    def setUp(self):
        self.objects = Objects(45, NOW)

    def test_requests_are_due_at_a_fixed_rate(self):
        requests = arrivals(200, 10, self.objects, 20, seed=1)
        self.assertEqual(2000, len(requests))
        self.assertEqual([0, 0.005, 0.01], [each.due for each in requests[:3]])
        self.assertEqual(9.995, requests[-1].due)

    def test_each_route_has_the_same_share(self):
        requests = arrivals(200, 10, self.objects, 20, seed=1)
        self.assertEqual({route: 200 for route in ROUTES}, collections.Counter(each.route for each in requests))

    def test_paths_name_pages_and_stored_objects(self):
        paths = {each.route: each.path for each in arrivals(len(ROUTES), 1, self.objects, 20, seed=1)}
        self.assertEqual('/v1/audits?limit=20', paths['audits'])
        before, _, marker = paths['action_plans/detail'].partition('&marker=')
        self.assertEqual('/v1/action_plans/detail?limit=20', before)
        self.assertIn(marker, self.objects.plans)
        self.assertIn(paths['action_plans/UUID'].rpartition('/')[2], self.objects.plans)
        self.assertIn(paths['actions of a plan'].partition('?action_plan_uuid=')[2], self.objects.plans)
        self.assertIn(paths['actions/UUID'].partition('/v1/actions/')[2], self.objects.actions)

    def test_first_pages_have_so_many_rows(self):
        rows = {route: expected_rows(route, self.objects, 20) for route in ROUTES}
        self.assertEqual((3, 2, 20, 20, 1, 20), tuple(rows[route] for route in (
            'audits', 'audits/detail', 'actions', 'actions/detail', 'actions/UUID', 'actions of a plan')))
        self.assertEqual(5, expected_rows('actions of a plan', Objects(5, NOW), 20))

    def test_both_services_get_the_same_requests_and_each_round_others(self):
        self.assertEqual(arrivals(100, 1, self.objects, 20, seed=1), arrivals(100, 1, self.objects, 20, seed=1))
        self.assertNotEqual(arrivals(100, 1, self.objects, 20, seed=1), arrivals(100, 1, self.objects, 20, seed=2))

    def test_services_take_turns(self):
        self.assertEqual([(0, 'a'), (0, 'b'), (1, 'b'), (1, 'a'), (2, 'a'), (2, 'b')], order(['a', 'b'], 3))


class TestSend(unittest.TestCase):

    def test_a_pause_of_the_service_is_in_the_latency_of_all_requests_that_come_due_in_it(self):
        goes_on = threading.Event()
        threading.Timer(0.4, goes_on.set).start()

        def read(_path, _seconds):
            goes_on.wait(5)
            return 200, b''
        answers = send(read, [Request(number / 10, 'audits', '/') for number in range(5)], connections=1)
        for each in answers[:4]:
            self.assertGreaterEqual(each.ended, 0.39)
        # the fourth one was due at 0.3 s, could be sent only after the pause, and counts from 0.3 s
        self.assertGreaterEqual(answers[3].sent, 0.39)
        self.assertGreaterEqual(answers[3].ended - answers[3].due, 0.09)
        self.assertGreaterEqual(answers[4].ended, 0.4)

    def test_requests_do_not_wait_for_the_answers_to_earlier_ones(self):
        both = threading.Barrier(2, timeout=5)

        def read(_path, _seconds):
            both.wait()
            return 200, b''
        self.assertEqual([200, 200], [each.status for each in send(read, [Request(0, 'audits', '/'), Request(0.05, 'audits', '/')], 2)])

    def test_what_is_not_answered_in_time_fails_and_the_rest_is_not_even_sent(self):
        def read(_path, seconds):
            threading.Event().wait(seconds)
            raise OSError('no answer')
        answers = send(read, [Request(0, 'audits', '/')] * 3, connections=1, limit=0.2)
        self.assertEqual([None] * 3, [each.status for each in answers])
        self.assertIsNotNone(answers[0].sent)
        self.assertEqual([None, None], [each.sent for each in answers[1:]])

    def test_an_error_of_the_client_itself_is_not_hidden(self):
        def read(_path, _seconds):
            raise KeyError('a mistake')
        with self.assertRaises(KeyError):
            send(read, [Request(0, 'audits', '/')])


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    connections = set()
    ended = threading.Event()

    def do_GET(self):
        self.connections.add(self.client_address)
        if self.path == '/hangs':
            self.ended.wait(10)
        status = 503 if self.path == '/fails' else 200 if self.headers['X-Auth-Token'] == 'of-this-test' else 401
        body = json.dumps({'audits': []}).encode()
        self.send_response(status)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class TestClient(unittest.TestCase):

    def setUp(self):
        Handler.connections = set()
        Handler.ended = threading.Event()
        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # the client has gone, as the test wants
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.client = Client('http://127.0.0.1:%d' % self.server.server_port, 'of-this-test', connections=2)

    def tearDown(self):
        Handler.ended.set()
        self.client.close()
        self.server.shutdown()
        self.server.server_close()

    def test_reads_with_a_token_over_one_connection(self):
        for _ in range(3):
            self.assertEqual((200, b'{"audits": []}'), self.client.read('/v1/audits', 5))
        self.assertEqual(1, len(Handler.connections))

    def test_a_status_is_an_answer(self):
        self.assertEqual(503, self.client.read('/fails', 5)[0])

    def test_no_answer_in_time_is_an_error(self):
        with self.assertRaises(OSError):
            self.client.read('/hangs', 0.2)

    def test_no_connection_is_an_error(self):
        self.server.shutdown()
        self.server.server_close()
        with self.assertRaises(OSError):
            self.client.read('/v1/audits', 5)


class TestFigures(unittest.TestCase):

    def test_percentiles_are_values_that_were_measured(self):
        hundred = list(range(1, 101))
        self.assertEqual([50, 95, 99, 100], [percentile(hundred, share) for share in (0.5, 0.95, 0.99, 1)])
        self.assertEqual([7, 7], [percentile([7], share) for share in (0.5, 0.99)])
        self.assertEqual(2, percentile([1, 2, 3], 0.5))
        self.assertIsNone(percentile([], 0.5))

    def test_latency_counts_from_when_a_request_was_due(self):
        self.assertEqual(1500.0, figures([answer(1.0, 2.5, sent=2.4)])['max_ms'])

    def test_a_failed_request_counts_as_one_that_took_the_limit(self):
        seen = figures([answer(0, 0.01), answer(0, 0.001, status=500), Answer('audits', 0, None, 12.0, None)])
        self.assertEqual({'requests': 3, 'sent': 2, 'answered': 2, 'errors': 2, 'p50_ms': 10000.0, 'p95_ms': 12000.0, 'p99_ms': 12000.0,
                          'max_ms': 12000.0}, seen)

    def test_the_rate_that_was_reached_counts_the_time_until_the_last_answer(self):
        fast = [answer(number / 10, number / 10 + 0.01) for number in range(10)]
        slow = [answer(number / 10, 2 * number / 10 + 0.2) for number in range(10)]
        self.assertAlmostEqual(10.0, reached([fast], 10))
        self.assertAlmostEqual(5.0, reached([slow], 10))
        self.assertAlmostEqual(20 / 3, reached([fast, slow], 10))
        self.assertEqual(0.0, reached([], 10))

    def test_a_service_holds_the_rate_without_errors_only(self):
        fast = [answer(number / 10, number / 10 + 0.01) for number in range(10)]
        self.assertTrue(summary([fast], 10)['held'])
        self.assertFalse(summary([fast[:9] + [answer(0.9, 0.91, status=500)]], 10)['held'])
        self.assertFalse(summary([[answer(number / 10, number / 5 + 0.2) for number in range(10)]], 10)['held'])

    def test_the_summary_has_the_figures_of_each_route(self):
        seen = summary([[answer(0, 0.01), answer(0.1, 0.13, route='actions')]], 10)
        self.assertEqual(['audits', 'actions'], list(seen['by_route']))
        self.assertEqual([10.0, 30.0], [each['p99_ms'] for each in seen['by_route'].values()])
        self.assertEqual(30.0, seen['p99_ms'])
        self.assertEqual(0.0, seen['sent_late_p99_ms'])

    def test_the_table_has_a_row_for_each_route_and_says_who_did_not_hold_the_rate(self):
        results = {'godwit': summary([[answer(0, 0.01)]], 1), 'watcher': summary([[Answer('audits', 0, None, 10.0, None)]], 1)}
        self.assertEqual([
            '| godwit | audits | 1 | 1 | 1 | 0 | 10.0 | 10.0 | 10.0 | 10.0 |',
            '| godwit | all | 1 | 1 | 1 | 0 | 10.0 | 10.0 | 10.0 | 10.0 |',
            '| watcher | audits | 1 | 0 | 0 | 1 | 10000.0 | 10000.0 | 10000.0 | 10000.0 |',
            '| watcher | all | 1 | 0 | 0 | 1 | 10000.0 | 10000.0 | 10000.0 | 10000.0 |'], table(results)[2:])
        self.assertEqual(['watcher did not hold 1 requests a second: it answered 0.0 a second, and 1 of 1 requests failed.'],
                         remarks(results, 1))


def columns_of_godwit():
    """Returns by table whether each column needs a value."""
    tables = collections.defaultdict(dict)
    for file in sorted(SCHEMA.glob('V*.sql')):
        text = re.sub(r'--.*', '', file.read_text())
        for name, body in re.findall(r'CREATE TABLE (\w+) \((.*?)\n\);', text, re.DOTALL):
            for column, kind in re.findall(r'^    (\w+) (.*?),?$', body, re.MULTILINE):
                if column.islower():
                    tables[name][column] = 'NOT NULL' in kind and 'DEFAULT' not in kind
        for name, column, kind in re.findall(r'ALTER TABLE (\w+) ADD COLUMN (\w+) (.*?);', text):
            tables[name][column] = 'NOT NULL' in kind and 'DEFAULT' not in kind
    return tables


class TestRows(unittest.TestCase):

    def setUp(self):
        self.objects = Objects(45, NOW)
        self.godwit = GodwitRows(self.objects)
        self.watcher = WatcherRows(self.objects, 1, 2)

    def test_both_services_store_the_same_objects(self):
        self.assertEqual((3, 3, 45), (len(self.objects.audits), len(self.objects.plans), len(self.objects.actions)))
        for kind in ('audits', 'plans', 'actions'):
            of_godwit, of_watcher = list(getattr(self.godwit, kind)()), list(getattr(self.watcher, kind)())
            self.assertEqual([each['uuid'] for each in of_godwit], [each['uuid'] for each in of_watcher], kind)
            self.assertEqual([each['state'] for each in of_godwit], [each['state'] for each in of_watcher], kind)
        uuids = self.objects.audits + self.objects.plans + self.objects.actions
        self.assertEqual(len(uuids), len(set(uuids)))
        for each in uuids:
            self.assertEqual(each, str(uuid.UUID(each)))

    def test_actions_belong_to_the_same_plans(self):
        plans = {number + 1: plan for number, plan in enumerate(self.objects.plans)}
        self.assertEqual([each['plan_uuid'] for each in self.godwit.actions()],
                         [plans[each['action_plan_id']] for each in self.watcher.actions()])
        self.assertEqual([20, 20, 5], list(collections.Counter(each['plan_uuid'] for each in self.godwit.actions()).values()))

    def test_all_that_is_stored_is_older_than_what_audits_look_back_to(self):
        for each in itertools.chain(self.godwit.audits(), self.godwit.plans(), self.godwit.actions()):
            self.assertLess(each['updated_at'] / 1000, (NOW - datetime.timedelta(days=1)).timestamp())

    def test_godwits_rows_fit_its_schema(self):
        schema = columns_of_godwit()
        generated = {'id'}
        for table_, rows in (('audits', self.godwit.audits()), ('action_plans', self.godwit.plans()), ('actions', self.godwit.actions())):
            row = next(iter(rows))
            self.assertLessEqual(set(row), set(schema[table_]), table_)
            self.assertLessEqual({name for name, needed in schema[table_].items() if needed} - generated, set(row), table_)

    def test_godwits_actions_have_a_decision_beside_what_watchers_have(self):
        godwit, watcher = next(iter(self.godwit.actions())), next(iter(self.watcher.actions()))
        of_watcher, of_godwit = json.loads(watcher['input_parameters']), json.loads(godwit['input_parameters'])
        self.assertLess(of_watcher.items(), {name: value for name, value in of_godwit.items() if isinstance(value, str)}.items())
        self.assertEqual(13, len(of_godwit['alternatives']))
        self.assertTrue(4000 < len(godwit['input_parameters']) < 8000, len(godwit['input_parameters']))

    @unittest.skipIf(models is None, 'Watcher is not installed')
    def test_watchers_rows_fit_its_schema(self):
        for model, rows in ((models.Audit, self.watcher.audits()), (models.ActionPlan, self.watcher.plans()),
                            (models.EfficacyIndicator, self.watcher.indicators()), (models.Action, self.watcher.actions())):
            row = next(iter(rows))
            columns = model.__table__.columns
            self.assertLessEqual(set(row), {each.name for each in columns}, model)
            self.assertLessEqual({each.name for each in columns if not each.nullable} - {'id'}, set(row), model)


if __name__ == '__main__':
    unittest.main()
