# SPDX-License-Identifier: Apache-2.0
"""Tests how `shadow` compares migrations, without a cloud."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'cloud'))

from trials.observed import differences, log_append, steps  # noqa: E402

USUAL = {'flags': ['events'], 'parameters': {'max-bandwidth': 0, 'downtime-limit': 50}, 'downtime_limits': [50, 300],
         'log_append': ['off'], 'tc_during': {}}


def changed(**more):
    return differences(USUAL, dict(USUAL, **more), steps(500, 10))


class Shadow(unittest.TestCase):

    def test_the_limits_are_those_of_novas_steps(self):
        # 50 ms, and 45 ms more with each of ten steps
        self.assertEqual(sorted(steps(500, 10)), [50, 95, 140, 185, 230, 275, 320, 365, 410, 455, 500])

    def test_equal_migrations_do_not_differ(self):
        self.assertEqual(changed(), [])
        self.assertEqual(changed(parameters={'max-bandwidth': 0, 'downtime-limit': 95}, downtime_limits=[50, 95]), [])

    def test_flags_parameters_and_limits_of_others_differ(self):
        self.assertEqual(changed(flags=['events', 'auto-converge']), ['auto-converge is on'])
        self.assertEqual(changed(flags=[]), ['events is off'])
        self.assertEqual(changed(parameters={'max-bandwidth': 7, 'downtime-limit': 50}), ['max-bandwidth is 7 instead of 0'])
        self.assertEqual(changed(parameters={'max-bandwidth': 0, 'tls-creds': 'x'}), ["tls-creds is 'x' instead of None"])
        self.assertEqual(changed(downtime_limits=[1, 50]), ['downtime-limit was 1'])

    def test_traffic_rules_and_the_console_log_are_seen(self):
        self.assertEqual(changed(tc_during={'compute1': ['class htb 4757:10']}), ['tc on compute1: class htb 4757:10'])
        self.assertEqual(changed(log_append=['on']), ["append of the console log is ['on'] instead of ['off']"])

    def test_a_migration_that_nobody_sampled_is_no_success(self):
        self.assertEqual(differences(dict(USUAL, parameters={}), dict(USUAL, parameters={}), steps(500, 10)), ['not sampled'])

    def test_append_is_read_from_the_domain(self):
        self.assertEqual(log_append('<console><log file="/x/console.log" append="off"/></console>'), ['off'])
        self.assertEqual(log_append("<log append='on' file='/x'/><log file='/y' append='off'/>"), ['off', 'on'])
        self.assertEqual(log_append('<domain/>'), [])


if __name__ == '__main__':
    unittest.main()
