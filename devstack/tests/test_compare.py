# SPDX-License-Identifier: Apache-2.0
"""Tests what devstack/openstack compare computes, and where guests get their cores, without a cloud."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'cloud'))

import cores  # noqa: E402
from trials import BEHAVIOURS, FLAVORS  # noqa: E402
from trials.comparison.order import cells, to_end  # noqa: E402
from trials.comparison.servers import servers  # noqa: E402
from trials.comparison.summary import summary, violations  # noqa: E402
from trials.comparison.table import cell, tables  # noqa: E402
from trials.job import ended, values  # noqa: E402
from trials.comparison.ways import WAYS  # noqa: E402


def row(way, server, tt_s=5.0, dt_ms=100.0, td_mb=200.0, perf=0.9, arrived=True, number=1, **more):
    return dict({'way': way, 'server': server, 'title': server, 'round': number, 'tt_s': tt_s, 'dt_ms': dt_ms, 'td_mb': td_mb,
                 'perf': perf, 'arrived': arrived, 'technique': None, 'forced': False, 'dt_libvirt_ms': 90}, **more)


class TestSummary(unittest.TestCase):

    def test_counts_violated_limits_of_each_policy(self):
        slow = {'dt_ms': 1500, 'perf': 0.72, 'tt_s': 61, 'arrived': True}
        self.assertEqual(2, violations(slow, 'ensure_performance'))  # DT > 1000 ms, PERF < 0.75
        self.assertEqual(1, violations(slow, 'reduced_downtime'))  # only TT > 60 s: DT <= 2000 ms, PERF >= 0.70

    def test_keeps_a_limit_that_is_just_reached(self):
        limit = {'dt_ms': 1000, 'perf': 0.75, 'tt_s': 60, 'arrived': True}
        self.assertEqual(0, violations(limit, 'ensure_performance'))
        self.assertEqual(0, violations(limit, 'reduced_downtime'))

    def test_a_server_that_did_not_arrive_violates_all_limits(self):
        lost = {'dt_ms': 0, 'perf': 1, 'tt_s': 1, 'arrived': False}
        self.assertEqual((2, 3), (violations(lost, 'ensure_performance'), violations(lost, 'reduced_downtime')))

    def test_judges_the_medians_of_the_rounds(self):
        rows = [row('nova', 'web', dt_ms=dt, number=number) for number, dt in enumerate((100, 5000, 900), 1)]
        found = summary(rows)
        self.assertEqual(900, found['columns']['nova']['dt_ms'])
        self.assertEqual(0, found['columns']['nova']['violations']['ensure_performance'])
        self.assertEqual((3, 1), (found['rounds'], found['servers']))

    def test_a_server_arrives_if_it_does_in_all_rounds(self):
        rows = [row('nova', 'web', number=1), row('nova', 'web', number=2), row('nova', 'web', number=3, arrived=False)]
        nova = summary(rows)['columns']['nova']
        self.assertEqual(0, nova['arrived'])
        self.assertEqual({'ensure_performance': 2, 'reduced_downtime': 3}, nova['violations'])

    def test_takes_means_of_the_servers_that_every_column_has(self):
        rows = [row('nova', 'web', tt_s=2), row('nova', 'log', tt_s=4), row('nova', 'idle', tt_s=99),
                row('post_copy', 'web', tt_s=1), row('post_copy', 'log', tt_s=2)]
        found = summary(rows)
        self.assertEqual((3, 1.5), (found['columns']['nova']['tt_s'], found['columns']['post_copy']['tt_s']))
        self.assertEqual(2, found['servers'])

    def test_the_oracle_takes_the_fewest_violations_then_the_shortest_time_under_each_policy(self):
        # ensure_performance: 1 violation against 0 and 0; reduced_downtime: all 0, so the shortest TT
        rows = [row('nova', 'web', tt_s=2, perf=0.74), row('auto_converge', 'web', tt_s=9), row('post_copy', 'web', tt_s=7, td_mb=50)]
        oracle = summary(rows)['columns']['oracle']
        self.assertEqual((7, 50, 1), (oracle['tt_s'], oracle['td_mb'], oracle['arrived']))
        self.assertEqual({'ensure_performance': 0, 'reduced_downtime': 0}, oracle['violations'])

    def test_has_the_documented_shape(self):
        found = summary([row('nova', 'web'), {'check': 'services', 'server': 'idle', 'take_percent': 0.4}])
        self.assertEqual({'columns', 'rounds', 'servers', 'services_take_percent'}, set(found))
        self.assertEqual(0.4, found['services_take_percent'])
        self.assertEqual({'arrived', 'tt_s', 'dt_ms', 'td_mb', 'perf', 'violations'}, set(found['columns']['nova']))

    def test_without_rows_there_are_no_columns(self):
        self.assertEqual({'columns': {}, 'rounds': 0, 'servers': 0, 'services_take_percent': None}, summary([]))


class TestTable(unittest.TestCase):

    def test_a_cell_has_medians_and_spread(self):
        rows = [row('nova', 'web', tt_s=tt, technique='PRE') for tt in (2.0, 3.0, 2.5)]
        self.assertEqual('PRE 2.5 [2.0–3.0] s, 100 ms (libvirt: 90), 200 MB, 0.90', cell(rows))

    def test_a_cell_counts_what_was_aborted(self):
        self.assertIn('1 of 2 aborted', cell([row('nova', 'web'), row('nova', 'web', arrived=False, dt_libvirt_ms=None)]))

    def test_lists_the_known_servers_first(self):
        lines = tables([row('nova', name) for name in ('drawn-1-1', 'log', 'web')])
        self.assertEqual(['web', 'log', 'drawn-1-1'], [line.split(' | ')[0][2:] for line in lines[2:5]])

    def test_shows_cells_that_are_not_measured_yet(self):
        lines = tables([row('nova', 'web'), row('nova', 'log'), row('post_copy', 'web')])
        self.assertIn('| log | 5.0 s, 100 ms (libvirt: 90), 200 MB, 0.90 | - |', lines)


class TestServers(unittest.TestCase):

    def test_twelve_known_and_eight_drawn_by_the_seed(self):
        drawn = servers(7)
        self.assertEqual(20, len(drawn))
        self.assertEqual(list(BEHAVIOURS), [each.name for each in drawn[:12]])
        self.assertEqual(drawn, servers(7))
        self.assertNotEqual([each.parameters for each in drawn[12:]], [each.parameters for each in servers(8)[12:]])

    def test_the_guest_accepts_every_drawn_workload(self):
        for seed in range(200):
            for each in servers(seed)[12:]:
                values = dict(part.split('=') for part in each.parameters.split())
                touched = int(values['touched'])
                self.assertLessEqual(touched, min(3000, 0.9 * each.ram + 1))
                self.assertLessEqual(int(values['ws']), touched)
                self.assertTrue(1 <= int(values['change']) <= 4096 and int(values['entropy']) <= 1000, values)

    def test_some_have_several_vcpus_and_one_has_4_gb(self):
        flavors = [FLAVORS[each.flavor] for each in servers(1)]
        self.assertEqual(4, sum(vcpus > 1 for _, vcpus in flavors))
        self.assertEqual(4096, max(ram for ram, _ in flavors))


class TestOrder(unittest.TestCase):

    def test_each_cell_once_a_round_and_a_way_in_one_piece(self):
        ways, names = list(WAYS), ['a', 'b', 'c']
        ordered = cells(3, ways, names, 1)
        self.assertEqual(3 * 6 * 3, len(set(ordered)))
        pieces = [ordered[start:start + 3] for start in range(0, len(ordered), 3)]
        self.assertTrue(all(len({(number, way) for number, way, _ in piece}) == 1 for piece in pieces))
        self.assertEqual([1] * 18 + [2] * 18 + [3] * 18, [number for number, _, _ in ordered])

    def test_the_seed_draws_the_order(self):
        self.assertEqual(cells(2, list(WAYS), ['a', 'b', 'c'], 1), cells(2, list(WAYS), ['a', 'b', 'c'], 1))
        self.assertNotEqual(cells(2, list(WAYS), ['a', 'b', 'c'], 1), cells(2, list(WAYS), ['a', 'b', 'c'], 2))

    def test_ends_the_longest_unused_servers_until_both_copies_fit(self):
        # 100 MB each for QEMU: two copies of 4096 need 8392 of 12000 MB, so 3608 MB may stay
        resident = {'old': 2048, 'new': 1024, 'newest': 2048}
        self.assertEqual(['old'], to_end(resident, ('huge', 4096)))
        self.assertEqual([], to_end(resident, ('small', 256)))

    def test_a_resident_server_is_not_counted_thrice(self):
        self.assertEqual([], to_end({'huge': 4096, 'large': 1024}, ('huge', 4096)))


class TestJob(unittest.TestCase):

    PRINTED = ("2026-01-01 00:00:10.250+0000: event 'job-completed' for domain 'instance-1':\n\toperation: 5\n\ttime_elapsed: 2400\n"
               'events received: 1\n')

    def test_reads_values_and_the_time_of_the_end(self):
        self.assertEqual({'operation': 5, 'time_elapsed': 2400}, {name: values(self.PRINTED)[name] for name in ('operation', 'time_elapsed')})
        # 2026-01-01 is day 20454 of Unix time; the offset makes it the first day
        self.assertAlmostEqual(10.25, ended(self.PRINTED, -20454 * 86400))

    def test_an_event_that_did_not_come_has_no_time(self):
        self.assertIsNone(ended('event loop timed out\n', 0))


class TestCores(unittest.TestCase):

    def test_version_1_is_below_the_own_cgroup(self):
        mounts = 'cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0\ncgroup /sys/fs/cgroup/cpuset cgroup rw,cpuset 0 0\n'
        self.assertEqual([('/sys/fs/cgroup/cpu,cpuacct/user.slice', 1)], cores.cgroup_parents(mounts, '4:cpuset:/\n3:cpu,cpuacct:/user.slice\n'))

    def test_version_2_is_at_the_root(self):
        self.assertEqual([('/sys/fs/cgroup', 2)], cores.cgroup_parents('cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n', '0::/user.slice\n'))

    def test_version_1_comes_first_where_both_are_mounted(self):
        mounts = 'cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\ncgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n'
        self.assertEqual([('/sys/fs/cgroup/cpu', 1), ('/sys/fs/cgroup/unified', 2)], cores.cgroup_parents(mounts, '1:cpu:/\n0::/\n'))


if __name__ == '__main__':
    unittest.main()
