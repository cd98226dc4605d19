# SPDX-License-Identifier: Apache-2.0
"""Tests what devstack/openstack conformance makes of the results of Watcher's tests, without a cloud and without tempest."""
import contextlib
import io
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'cloud'))

from trials.conformance.names import is_audit_of_tests, is_template_of_tests  # noqa: E402
from trials.conformance.results import Results, regressions, summary, table  # noqa: E402
from trials.conformance.tests import Reporter, cause, each_test, short  # noqa: E402

UUID = '5f0a1c5e-5df0-4f4e-9b4f-0a4b54a0f001'


def taken(name, tests, **seen):
    results = Results(name)
    with contextlib.redirect_stdout(io.StringIO()):
        results.take({'tests': tests})
        for test, result in seen.items():
            results.take({'test': test, 'result': result, 'seconds': 1.0, 'why': 'because'})
    return results


class TestResults(unittest.TestCase):

    def test_a_test_without_a_result_has_failed(self):
        results = taken('godwit', ['a', 'b', 'c', 'd'], a='passed', b='skipped', c='failed')
        self.assertEqual({'godwit': {'passed': 1, 'failed': ['c', 'd']}}, summary([results]))
        self.assertEqual(1, results.skipped)

    def test_what_has_failed_once_does_not_pass_any_more(self):
        results = Results('godwit')
        with contextlib.redirect_stdout(io.StringIO()):
            results.take({'tests': ['a']})
            for result in ('failed', 'passed'):
                results.take({'test': 'a', 'result': result, 'seconds': 1.0, 'why': ''})
        self.assertEqual((0, ['a']), (results.passed, results.failed))

    def test_only_what_watcher_passes_counts_against_godwit(self):
        watcher = taken('watcher', ['a', 'b', 'c'], a='passed', b='failed', c='passed')
        godwit = taken('godwit', ['a', 'b', 'c'], a='passed', b='failed', c='failed')
        self.assertEqual(['c'], regressions([watcher, godwit]))
        self.assertEqual(['b', 'c'], regressions([godwit]))
        self.assertEqual([], regressions([watcher]))

    def test_the_table_names_what_has_failed(self):
        lines = table([taken('godwit', ['a', 'b'], a='passed', b='failed')]).splitlines()
        self.assertEqual('| godwit | 2 | 1 | 1 | 0 | 0.0 |', lines[2])
        self.assertEqual('failed: b', lines[3])


class TestNames(unittest.TestCase):

    def test_recognises_what_the_tests_create(self):
        for name in ('audit_oneshot', UUID + '-2026-11-30T08:22:28.123456'):
            self.assertTrue(is_audit_of_tests({'goal_name': 'dummy', 'name': name}), name)
        for name in (UUID, 'my at name ' + UUID, 'my at new name ' + UUID):
            self.assertTrue(is_template_of_tests({'goal_name': 'server_consolidation', 'name': name}), name)

    def test_leaves_alone_what_others_create(self):
        self.assertFalse(is_audit_of_tests({'goal_name': 'dummy', 'name': 'dummy-2026-11-30T08:22:28.123456'}))
        self.assertFalse(is_audit_of_tests({'goal_name': 'workload_balancing', 'name': 'audit_oneshot'}))
        self.assertFalse(is_template_of_tests({'goal_name': 'workload_balancing', 'name': UUID}))
        self.assertFalse(is_template_of_tests({'goal_name': 'dummy', 'name': 'nightly'}))


class Examples:
    """Classes of tests that are run only by the tests below."""

    class Passing(unittest.TestCase):
        def test_passes(self):
            pass

        def test_fails(self):
            self.assertEqual(200, 404)

        @unittest.skip('not today')
        def test_is_skipped(self):
            pass

    class CannotBeSetUp(unittest.TestCase):
        @classmethod
        def setUpClass(cls):
            raise RuntimeError('Goal DUMMY could not be found')

        def test_one(self):
            pass

        def test_two(self):
            pass

    class CannotBeCleaned(unittest.TestCase):
        @classmethod
        def tearDownClass(cls):
            raise RuntimeError('still ONGOING')

        def test_three(self):
            pass


class TestReporter(unittest.TestCase):

    def reported(self, *classes):
        suite = unittest.TestSuite(unittest.defaultTestLoader.loadTestsFromTestCase(each) for each in classes)
        names = [short(test.id()) for test in each_test(suite)]
        out = io.StringIO()
        suite.run(Reporter(names, out))
        return {each['test'].partition('.')[2]: (each['result'], each['why']) for each in map(json.loads, out.getvalue().splitlines())}

    def test_reports_each_test_with_the_last_line_of_its_error(self):
        self.assertEqual({
            'Passing.test_passes': ('passed', ''),
            'Passing.test_fails': ('failed', '200 != 404'),
            'Passing.test_is_skipped': ('skipped', 'not today')}, self.reported(Examples.Passing))

    def test_a_class_that_cannot_be_set_up_fails_all_of_its_tests_and_no_others(self):
        self.assertEqual({
            'CannotBeSetUp.test_one': ('failed', 'Goal DUMMY could not be found'),
            'CannotBeSetUp.test_two': ('failed', 'Goal DUMMY could not be found'),
            'CannotBeCleaned.test_three': ('passed', ''),
            'CannotBeCleaned.tearDownClass': ('failed', 'still ONGOING')}, self.reported(Examples.CannotBeSetUp, Examples.CannotBeCleaned))

    def test_the_cause_of_an_error_is_its_exception_or_its_details(self):
        self.assertEqual("Mismatch: {'uuid'} != {'uuid',", cause("Traceback:\n  File x\nMismatch: {'uuid'} != {'uuid',\n 'name'}\n"))
        self.assertEqual('Details: Goal DUMMY could not be found', cause('NotFound: Object not found\nDetails: Goal DUMMY could not be found'))
        self.assertEqual('', cause(''))

    def test_names_have_no_attributes(self):
        self.assertEqual('test_goal.TestShowListGoal.test_show_goal',
                         short('watcher_tempest_plugin.tests.api.admin.test_goal.TestShowListGoal.test_show_goal[id-1,smoke]'))


if __name__ == '__main__':
    unittest.main()
