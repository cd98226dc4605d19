# SPDX-License-Identifier: Apache-2.0
"""nova-compute with and without the advice of the host driver."""
import json
import logging
import os
import socket
import sys
import tempfile
import threading
import time
import types
import unittest
from unittest import mock

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import fakes  # noqa: E402

fakes.install()
from nova.virt import godwit  # noqa: E402
from oslo_config import cfg  # noqa: E402

logging.disable(logging.CRITICAL)

ADVICE = {'technique': 'THR', 'clear': ['VIR_MIGRATE_POSTCOPY'], 'flags': ['VIR_MIGRATE_AUTO_CONVERGE'],
          'parameters': {'auto_converge.initial': 20}, 'switchover': 'WHEN_CONVERGED', 'downtimeLimitMillis': 300,
          'reason': 'it is best'}


POST = dict(ADVICE, technique='POST', clear=[], flags=['VIR_MIGRATE_POSTCOPY'], parameters={}, switchover='AT_ONCE')


class HostDriver(object):
    """Answers each request with the next answer. Bytes are sent unchanged; None is not answered."""

    def __init__(self, path, *answers, answered=('ASK',)):
        self.received = []
        self._answered = answered
        self._changed = threading.Condition()
        self._answers = list(answers)
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(path)
        self._server.listen(16)
        self._open = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                peer = self._server.accept()[0]
            except OSError:
                return
            line = peer.makefile().readline()
            with self._changed:
                self.received.append(json.loads(line))
                self._changed.notify_all()
            if self.received[-1]['message'] in self._answered:
                answer = self._answers.pop(0)
                if answer is None:
                    self._open.append(peer)  # keep open, as a hung host driver does
                    continue
                peer.sendall(answer if isinstance(answer, bytes) else json.dumps(answer).encode() + b'\n')
            peer.close()

    def wait_for(self, *kinds):
        """Waits until all these messages were received: the compute driver does not wait for their receipt."""
        with self._changed:
            return self._changed.wait_for(lambda: set(kinds) <= set(self.kinds()), 10)

    def kinds(self):
        return [each['message'] for each in self.received]

    def close(self):
        self._server.close()


class MigrationCase(unittest.TestCase):
    """A server that is migrated, with or without a host driver."""

    def setUp(self):
        self._directory = tempfile.TemporaryDirectory()
        cfg.CONF.godwit.socket = os.path.join(self._directory.name, 'host.sock')
        self.domain = fakes.Domain()
        self.instance = fakes.Instance()
        self.data = types.SimpleNamespace(migration=fakes.Migration())

    def tearDown(self):
        self._directory.cleanup()

    def again(self):
        """Begins with another server and another host driver."""
        self.tearDown()
        self.setUp()

    def migrate(self, *answers, expected=('COMPLETED',), answered=('ASK',)):
        host = HostDriver(cfg.CONF.godwit.socket, *answers, answered=answered) if answers else None
        driver = godwit.GodwitLibvirtDriver(None)
        driver.guest = fakes.Guest(self.domain)
        try:
            driver._live_migration(None, self.instance, 'compute2', None, None, False, self.data)
        finally:
            if host:
                host.wait_for(*expected)
                host.close()
        return driver, host

    def until_switched(self, domain):
        """A job that ends when it was switched to post-copy."""
        fakes.sends(domain)
        deadline = time.monotonic() + 5
        while self.data.migration.status == 'running' and time.monotonic() < deadline:
            time.sleep(0.01)
        fakes.done(domain)

    def fail(self, *answers, answered=('ASK',), expected=('FAILED',)):
        """Migrates, where the migration fails in the end: Nova's monitor rolls it back, and Nova gets no error, which it would take for more."""
        host = HostDriver(cfg.CONF.godwit.socket, *answers, answered=answered)
        driver = godwit.GodwitLibvirtDriver(None)
        driver.guest = fakes.Guest(self.domain)
        driver._live_migration(None, self.instance, 'compute2', None, None, False, self.data)
        self.assertEqual(driver.ended, fakes.FAILED)
        self.assertTrue(host.wait_for(*expected))
        host.close()
        os.unlink(cfg.CONF.godwit.socket)
        return driver, host

    def assert_own_flags(self, call):
        uri, params, flags = call
        self.assertEqual(flags, 0x1b)
        self.assertEqual(params['bandwidth'], 0)
        self.assertNotIn('auto_converge.initial', params)



class PortTest(MigrationCase):
    """The port that the destination keeps for one migration."""

    ADVICE = dict(ADVICE, port=49301, address='10.0.0.2')

    def tearDown(self):
        cfg.CONF.libvirt.live_migration_with_native_tls = False
        super().tearDown()

    def uri(self, advice, novas=None):
        """The URI of the data with this advice, where Nova's own is given or left to libvirt."""
        self.again()
        with mock.patch.object(fakes, 'MIGRATE_URI', [novas]):
            self.migrate(advice)
        return self.domain.calls[0][1].get('migrate_uri')

    def test_the_port_is_added_to_the_address_that_nova_uses(self):
        self.assertEqual('tcp://10.0.0.2:49301', self.uri(self.ADVICE, 'tcp://10.0.0.2'))
        self.assertEqual('tcp://[fd00::2]:49301', self.uri(dict(self.ADVICE, address='fd00::2'), 'tcp://[fd00::2]'))

    def test_where_nova_uses_another_address_than_the_port_was_tried_on_its_uri_stays(self):
        for uri in ('tcp://10.9.0.2', 'tcp://compute2.cloud', 'tcp://[fd00::2]'):
            self.assertEqual(uri, self.uri(self.ADVICE, uri))

    def test_where_nova_leaves_the_address_to_libvirt_it_is_the_one_of_the_host_driver(self):
        self.assertEqual('tcp://10.0.0.2:49301', self.uri(self.ADVICE))
        self.assertEqual('tcp://[fd00::2]:49301', self.uri(dict(self.ADVICE, address='fd00::2')))

    def test_a_uri_with_a_port_or_of_another_kind_stays(self):
        self.assertEqual('tcp://10.9.0.2:5000', self.uri(self.ADVICE, 'tcp://10.9.0.2:5000'))
        self.assertEqual('rdma://10.9.0.2', self.uri(self.ADVICE, 'rdma://10.9.0.2'))

    def test_without_a_port_nothing_changes(self):
        self.assertIsNone(self.uri(ADVICE))
        self.assertEqual('tcp://10.9.0.2', self.uri(ADVICE, 'tcp://10.9.0.2'))

    def test_an_invalid_port_leaves_the_migration_to_nova(self):
        for port, address in ((70000, '10.0.0.2'), (-1, '10.0.0.2'), (49301, None)):
            self.again()
            self.migrate(dict(ADVICE, port=port, address=address), expected=())
            self.assertEqual(fakes.OWN_FLAGS[0], self.domain.calls[0][2])

    def test_novas_own_flags_go_without_the_port(self):
        self.domain.jobs = [fakes.refused(1), fakes.done]
        with mock.patch.object(fakes, 'MIGRATE_URI', ['tcp://10.0.0.2']):
            self.migrate(self.ADVICE)
        self.assertEqual(['tcp://10.0.0.2:49301', 'tcp://10.0.0.2'], [call[1]['migrate_uri'] for call in self.domain.calls])

    def test_a_port_is_taken_where_the_name_that_a_certificate_is_checked_for_stays(self):
        for tls, named, takes in ((False, None, True), (False, '10.9.0.2', True), (True, None, False), (True, 'compute2', True)):
            self.again()
            cfg.CONF.libvirt.live_migration_with_native_tls = tls
            self.data.target_connect_addr = named
            _, host = self.migrate(ADVICE)
            self.assertEqual(takes, host.received[0]['takes_port'], (tls, named))


class DriverTest(MigrationCase):

    def test_advice_replaces_flags_and_adds_parameters(self):
        driver, host = self.migrate(ADVICE)
        uri, params, flags = self.domain.calls[0]
        self.assertEqual(flags, 0x1b | 1 << 13)
        self.assertEqual(params['auto_converge.initial'], 20)
        self.assertEqual(self.domain.downtimes, [(1, 300)])
        self.assertIn('append="on"', params['destination_xml'])
        self.assertEqual(host.kinds(), ['ASK', 'STARTED', 'COMPLETED'])
        self.assertEqual(host.received[0]['destination'], 'compute2')
        self.assertEqual(host.received[0]['flags'], 0x1b)
        self.assertNotIn('order', host.received[1])
        self.assertEqual(driver._attempts, {})

    def test_what_is_ordered_with_post_copy_is_passed_on_so_that_the_host_driver_can_resume_it(self):
        _, host = self.migrate(dict(ADVICE, flags=['VIR_MIGRATE_POSTCOPY']))
        uri, params, flags = self.domain.calls[0]
        started = host.received[1]
        self.assertEqual((started['message'], started['destination']), ('STARTED', 'compute2'))
        self.assertEqual((started['order']['uri'], started['order']['flags']), (uri, flags))
        self.assertEqual(dict(started['order']['parameters'], destination_xml=params['destination_xml']), params)

    def test_metadata_and_flavor_are_passed_on_separately(self):
        self.instance.metadata.update({'godwit:technique': 'POST', 'godwit:policy': 'save_traffic'})
        self.instance.flavor.extra_specs.update({'godwit:technique': '!THR', 'godwit:policy': 'reduced_downtime'})
        asked = self.migrate(ADVICE)[1].received[0]
        self.assertEqual((asked['technique'], asked['flavor_technique']), ('POST', '!THR'))
        self.assertEqual((asked['policy'], asked['flavor_policy']), ('save_traffic', 'reduced_downtime'))

    def test_sla_bounds_and_urgency_of_both_are_passed_on(self):
        self.instance.metadata.update({'godwit:urgency': 'low', 'other': 'x'})
        self.instance.flavor.extra_specs.update({'godwit:sla_lower': '50mbit', 'godwit:sla_upper': '80mbit'})
        asked = self.migrate(ADVICE)[1].received[0]
        self.assertEqual(asked['metadata'], {'godwit:urgency': 'low'})
        self.assertEqual(asked['extra_specs'], {'godwit:sla_lower': '50mbit', 'godwit:sla_upper': '80mbit'})

    def test_what_neither_sets_is_not_sent(self):
        self.instance.metadata['godwit:technique'] = ''
        self.instance.flavor = None
        asked = self.migrate(ADVICE)[1].received[0]
        for name in ('technique', 'flavor_technique', 'policy', 'flavor_policy', 'metadata', 'extra_specs'):
            self.assertNotIn(name, asked)

    def test_without_a_host_driver_novas_own_flags_are_used(self):
        self.migrate()
        self.assert_own_flags(self.domain.calls[0])
        self.assertEqual(self.domain.downtimes, [(1, 50)])
        self.assertIn('append="on"', self.domain.calls[0][1]['destination_xml'])

    def test_a_hung_host_driver_costs_two_seconds(self):
        start = time.monotonic()
        self.migrate(None)
        self.assertLess(time.monotonic() - start, 3)
        self.assert_own_flags(self.domain.calls[0])

    def test_invalid_answers_are_ignored(self):
        invalid = [b'\xff\xfe\n', b'[]\n', b'', b'no end', dict(ADVICE, clear=1), dict(ADVICE, downtimeLimitMillis=0),
                   dict(ADVICE, parameters={'a': {}}), dict(ADVICE, technique=None), {'technique': 'THR'}]
        for answer in invalid:
            self.domain.calls.clear()
            self.domain.active = True
            self.migrate(answer)
            self.assert_own_flags(self.domain.calls[0])
            os.unlink(cfg.CONF.godwit.socket)

    def test_a_flag_that_this_libvirt_lacks_is_refused_too(self):
        host = self.migrate(dict(ADVICE, flags=['VIR_MIGRATE_TELEPORT']))[1]
        self.assert_own_flags(self.domain.calls[0])
        self.assertIn('REFUSED', host.kinds())

    def test_switch_to_post_copy_and_flag_for_force_complete(self):
        self.domain.jobs = [self.until_switched]
        driver, host = self.migrate(POST, expected=('POSTCOPY', 'COMPLETED'))
        self.assertEqual(self.data.migration.status, 'running (post-copy)')
        self.assertTrue(driver.post_copy_enabled)
        self.assertIn('POSTCOPY', host.kinds())

    def test_a_state_that_libvirt_does_not_know_yet_is_not_the_end_for_nova(self):
        watched = godwit.domain.MonitoredDomain(self.domain, self.instance, godwit.attempts.Attempt(None), None)
        unknown = fakes.LibvirtError(1, 'internal error: unexpected migration status in postcopy-device')
        with mock.patch.object(self.domain, 'jobStats', side_effect=unknown):
            self.assertEqual(watched.jobStats(), {'type': fakes.UNBOUNDED})
        self.domain.stats = {'type': fakes.UNBOUNDED, 'memory_total': 7}
        watched.jobStats()
        with mock.patch.object(self.domain, 'jobStats', side_effect=unknown):
            self.assertEqual(watched.jobStats()['memory_total'], 7)
        gone = fakes.LibvirtError(1, 'internal error: no migration status')
        with mock.patch.object(self.domain, 'jobStats', side_effect=gone), self.assertRaises(fakes.LibvirtError):
            watched.jobStats()

    def test_a_paused_server_is_migrated_with_novas_own_flags(self):
        self.instance.vm_state = 'paused'
        self.migrate()
        self.assert_own_flags(self.domain.calls[0])

    def test_profiling_starts_early_and_a_rollback_is_reported(self):
        host = HostDriver(cfg.CONF.godwit.socket)
        driver = godwit.GodwitLibvirtDriver(None)
        self.assertEqual(driver.check_can_live_migrate_source(None, self.instance, 'data'), 'data')
        self.assertEqual(driver.rollback_live_migration_at_source(None, self.instance, None), 'rolled back')
        deadline = time.monotonic() + 5
        while len(host.received) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertEqual(sorted(host.kinds()), ['ABORTED', 'NOTICE'])
        host.close()


class SecondTryTest(MigrationCase):
    """A migration that fails as advised is tried once with Nova's own flags, whatever libvirt's error code is."""

    def test_what_libvirt_refuses_is_migrated_with_novas_own_flags(self):
        # VIR_ERR_INTERNAL_ERROR, VIR_ERR_INVALID_ARG, VIR_ERR_OPERATION_FAILED
        for code in (1, 8, 9):
            self.domain.jobs = [fakes.refused(code, 'Userfaultfd not available')]
            driver, host = self.migrate(POST)
            self.assertEqual(len(self.domain.calls), 2)
            self.assert_own_flags(self.domain.calls[1])
            self.assertEqual(driver.ended, fakes.COMPLETED)
            self.assertEqual(host.kinds(), ['ASK', 'STARTED', 'REFUSED', 'COMPLETED'])
            refused = host.received[2]
            self.assertEqual((refused['technique'], refused['words'], refused['sent']),
                             ('POST', 'Userfaultfd not available', False))
            self.again()

    def test_a_failure_while_memory_is_sent_too(self):
        self.domain.jobs = [fakes.failing(9, 'multifd: connection refused')]
        driver, host = self.migrate(ADVICE)
        self.assert_own_flags(self.domain.calls[1])
        self.assertEqual(driver.ended, fakes.COMPLETED)
        self.assertTrue(host.received[2]['sent'])

    def test_the_second_try_has_everything_that_nova_would_have_had(self):
        self.domain.jobs = [fakes.failing(9), fakes.done]
        self.migrate(dict(ADVICE, parameters={'bandwidth': 7, 'compression': 'xbzrle'}, flags=['VIR_MIGRATE_COMPRESSED']))
        uri, params, flags = self.domain.calls[1]
        self.assertEqual((params['bandwidth'], flags), (0, 0x1b))
        self.assertNotIn('compression', params)
        # 300 ms during the first job, and in the second what Nova has wanted since the first.
        self.assertEqual(self.domain.downtimes, [(1, 300), (2, 50)])

    def test_force_complete_follows_the_job_that_runs(self):
        enabled = []

        def job(domain):
            fakes.sends(domain)
            enabled.append(bool(driver.post_copy_enabled))

        driver = godwit.GodwitLibvirtDriver(None)
        driver.guest = fakes.Guest(self.domain)

        def failing(domain):
            job(domain)
            fakes.refused(1)(domain)

        def done(domain):
            job(domain)
            fakes.done(domain)

        self.domain.jobs = [failing, done]
        host = HostDriver(cfg.CONF.godwit.socket, dict(POST, switchover='WHEN_CONVERGED'))
        driver._live_migration(None, self.instance, 'compute2', None, None, False, self.data)
        host.close()
        self.assertEqual(enabled, [True, False])

    def test_a_second_failure_is_novas(self):
        self.domain.jobs = [fakes.refused(1), fakes.failing(9)]
        driver, host = self.fail(ADVICE)
        self.assertEqual(len(self.domain.calls), 2)
        self.assertEqual(driver.ended, fakes.FAILED)
        self.assertEqual(host.kinds(), ['ASK', 'STARTED', 'REFUSED', 'FAILED'])

    def test_an_aborted_migration_is_not_tried_again(self):
        self.domain.jobs = [fakes.failing(78)]
        self.fail(ADVICE, expected=('ABORTED',))
        self.assertEqual(len(self.domain.calls), 1)

    def test_an_abort_that_qemu_takes_for_a_failure_neither(self):
        for by_monitor in (False, True):
            driver = godwit.GodwitLibvirtDriver(None)
            driver.guest = fakes.Guest(self.domain)

            def abort(domain):
                fakes.sends(domain)
                if by_monitor:  # at Nova's own time limit
                    driver._attempts[self.instance.uuid].abort_requested = True
                else:
                    driver.live_migration_abort(self.instance)
                fakes.refused(9)(domain)

            self.domain.jobs = [abort]
            host = HostDriver(cfg.CONF.godwit.socket, ADVICE)
            driver._live_migration(None, self.instance, 'compute2', None, None, False, self.data)
            self.assertEqual(driver.ended, fakes.FAILED)
            self.assertEqual(len(self.domain.calls), 1)
            self.assertTrue(host.wait_for('ABORTED'))
            self.assertNotIn('REFUSED', host.kinds())
            host.close()
            self.again()

    def test_novas_time_limit_counts_as_an_abort(self):
        attempt = godwit.attempts.Attempt(None)
        godwit.domain.MonitoredDomain(self.domain, self.instance, attempt, None).abortJob()
        self.assertTrue(attempt.abort_requested)
        self.assertEqual(self.domain.aborted, 1)

    def test_after_post_copy_nothing_is_tried(self):
        def job(domain):
            self.until_switched(domain)
            domain.active = True
            raise fakes.LibvirtError(9)

        self.domain.jobs = [job]
        self.fail(POST)
        self.assertEqual(len(self.domain.calls), 1)

    def test_nor_after_a_switch_that_nova_could_not_store(self):
        migrate = types.SimpleNamespace(status='running')

        def switch(guest, instance, migration):
            migration.status = 'running (post-copy)'
            raise ValueError('no answer of the conductor')

        driver = godwit.GodwitLibvirtDriver(None)
        self.domain.stats = {'type': fakes.UNBOUNDED}
        attempt = godwit.attempts.Attempt(types.SimpleNamespace(switchover='AT_ONCE', alive_seconds=0))
        with mock.patch.object(godwit.libvirt_migrate, 'trigger_postcopy_switch', switch):
            with self.assertRaises(ValueError):
                driver._switch_over(self.instance, fakes.Guest(self.domain), migrate, attempt, threading.Event())
        self.assertTrue(attempt.switched)

    def test_an_aborted_migration_is_not_switched(self):
        driver = godwit.GodwitLibvirtDriver(None)
        self.domain.stats = {'type': fakes.UNBOUNDED}
        attempt = godwit.attempts.Attempt(types.SimpleNamespace(switchover='AT_ONCE', alive_seconds=0))
        attempt.abort_requested = True
        driver._switch_over(self.instance, fakes.Guest(self.domain), fakes.Migration(), attempt, threading.Event())
        self.assertEqual(self.domain.switches, 0)

    def test_a_server_that_is_not_as_before_is_left_alone(self):
        def paused(domain):
            domain.run_state = fakes.PAUSED
            raise fakes.LibvirtError(9)

        def busy(domain):
            domain.stats = {'type': fakes.UNBOUNDED}
            threading.Timer(0.2, lambda: setattr(domain, 'stats', {'type': fakes.NONE})).start()
            raise fakes.LibvirtError(9)

        def silent(domain):
            domain.state = lambda: (_ for _ in ()).throw(fakes.LibvirtError(38))
            raise fakes.LibvirtError(38)

        for job in (paused, busy, silent):
            self.domain.jobs = [job]
            self.fail(ADVICE)
            self.assertEqual(len(self.domain.calls), 1, job.__name__)
            self.again()

    def test_the_host_driver_can_rule_a_second_try_out(self):
        self.domain.jobs = [fakes.failing(9)]
        withdrawn = {'withdrawn': True, 'reason': 'it was cancelled'}
        self.fail(ADVICE, withdrawn, answered=('ASK', 'REFUSED'))
        self.assertEqual(len(self.domain.calls), 1)

    def test_an_answer_that_is_not_understood_rules_nothing_out(self):
        for answer in (b'garbage\n', b'[]\n', {'reason': 'cannot parse the message'}):
            self.domain.jobs = [fakes.refused(9)]
            host = HostDriver(cfg.CONF.godwit.socket, ADVICE, answer, answered=('ASK', 'REFUSED'))
            driver = godwit.GodwitLibvirtDriver(None)
            driver.guest = fakes.Guest(self.domain)
            driver._live_migration(None, self.instance, 'compute2', None, None, False, self.data)
            self.assertEqual(len(self.domain.calls), 2)
            host.close()
            self.again()


class SwitchTest(unittest.TestCase):
    """When post-copy is due by libvirt's figures."""

    def due(self, due, **stats):
        return godwit._is_due({'memory_' + name: value for name, value in stats.items()}, due)

    def test_at_once_is_the_first_iteration(self):
        self.assertFalse(self.due(1, iteration=0))
        self.assertTrue(self.due(1, iteration=1, total=1 << 29, remaining=1 << 29))

    def test_the_second_iteration_ends_the_first_round_up_to_qemu_10(self):
        self.assertFalse(self.due(2, iteration=1, total=1 << 29, remaining=1 << 28, normal=1 << 16))
        self.assertTrue(self.due(2, iteration=2, total=1 << 29, remaining=1 << 26, normal=1 << 16, constant=1 << 16))

    def test_an_iteration_within_the_first_round_does_not(self):
        """As QEMU 11.1 counts."""
        self.assertFalse(self.due(2, iteration=3, total=537403392, remaining=509526016, normal=6656, constant=250))
        self.assertTrue(self.due(2, iteration=7, total=537403392, remaining=4 << 20, normal=25945, constant=105257))

    def test_free_pages_are_never_sent(self):
        self.assertTrue(self.due(2, iteration=2, total=1 << 29, remaining=1 << 20, normal=1 << 14))


class WithdrawalTest(MigrationCase):
    """Once Godwit is switched off, a migration that runs is left to Nova."""

    def tearDown(self):
        cfg.CONF.godwit.enabled = True
        super().tearDown()

    def left_to_nova(self, off, *answers, answered=('ASK',)):
        """Migrates by post-copy, and switches Godwit off before the iteration of the switch."""
        self.domain.iteration = 0

        def job(domain):
            fakes.sends(domain)
            off(driver)
            domain.iteration = 1
            time.sleep(3 * godwit._POLL_SECONDS)
            fakes.done(domain)

        self.domain.jobs = [job]
        host = HostDriver(cfg.CONF.godwit.socket, *answers, answered=answered)
        driver = godwit.GodwitLibvirtDriver(None)
        driver.guest = fakes.Guest(self.domain)
        driver._live_migration(None, self.instance, 'compute2', None, None, False, self.data)
        self.assertTrue(host.wait_for('COMPLETED'))
        host.close()
        return host

    def test_nova_conf_holds_for_migrations_that_run(self):
        def off(driver):
            cfg.CONF.godwit.enabled = False
            driver._configuration_changed(cfg.CONF, {})

        self.left_to_nova(off, POST)
        self.assertEqual(self.domain.switches, 0)
        self.assertEqual(self.domain.downtimes, [(1, 300), (1, 50)])

    def test_the_switch_of_the_host_too(self):
        withdrawn = {'withdrawn': True, 'reason': 'it was switched off'}
        host = self.left_to_nova(lambda driver: None, dict(POST, aliveSeconds=60), withdrawn, answered=('ASK', 'ALIVE'))
        self.assertEqual(self.domain.switches, 0)
        self.assertEqual(self.domain.downtimes[-1], (1, 50))
        self.assertEqual(host.kinds().count('ALIVE'), 1)

    def test_without_an_answer_the_migration_goes_on(self):
        self.domain.jobs = [self.until_switched]
        host = self.migrate(dict(POST, aliveSeconds=60), expected=('POSTCOPY', 'COMPLETED'))[1]
        self.assertEqual(self.domain.switches, 1)
        self.assertIn('ALIVE', host.kinds())

    def test_an_older_host_driver_gets_no_signs(self):
        self.domain.jobs = [self.until_switched]
        host = self.migrate(POST, expected=('POSTCOPY', 'COMPLETED'))[1]
        self.assertNotIn('ALIVE', host.kinds())


class FallbackTest(MigrationCase):
    """A pre-copy that does not come to its end is switched to post-copy when the host driver says so."""

    ADVICE = dict(ADVICE, flags=['VIR_MIGRATE_POSTCOPY'], switchover='WHEN_REQUESTED', aliveSeconds=60)
    TOLD = {'switchover': 'AT_ONCE', 'reason': 'the rounds no longer became shorter'}

    def setUp(self):
        super().setUp()
        self._ask_seconds, godwit._ASK_SECONDS = godwit._ASK_SECONDS, 0.01

    def tearDown(self):
        godwit._ASK_SECONDS = self._ask_seconds
        super().tearDown()

    def run_job(self, job, *answers):
        self.domain.jobs = [job]
        return self.migrate(self.ADVICE, *answers, answered=('ASK', 'ALIVE'))[1]

    @staticmethod
    def stays(domain):
        """A job that takes ten times as long as the host driver is asked again."""
        fakes.sends(domain)
        time.sleep(10 * godwit._ASK_SECONDS)
        fakes.done(domain)

    def test_it_is_switched_when_the_host_driver_says_so(self):
        host = self.run_job(self.until_switched, {}, {}, *[self.TOLD] * 9)
        self.assertEqual(self.domain.switches, 1)
        self.assertEqual(self.data.migration.status, 'running (post-copy)')
        self.assertTrue(host.kinds().count('ALIVE') >= 3)
        self.assertIn('POSTCOPY', host.kinds())

    def test_otherwise_it_stays_in_pre_copy_to_its_end(self):
        host = self.run_job(self.stays, *[{}] * 99)
        self.assertTrue(host.kinds().count('ALIVE') >= 2)
        self.assertEqual(self.domain.switches, 0)

    def test_a_host_driver_that_withdraws_switches_nothing_any_more(self):
        self.run_job(self.stays, {'withdrawn': True, 'reason': 'it was switched off', 'switchover': 'AT_ONCE'}, *[self.TOLD] * 99)
        self.assertEqual(self.domain.switches, 0)


class ConfigurationTest(MigrationCase):
    """nova.conf is handed over as it is in effect."""

    def setUp(self):
        super().setUp()
        self._libvirt = dict(vars(cfg.CONF.libvirt))
        self._godwit = dict(vars(cfg.CONF.godwit))
        cfg.CONF.mutate_hooks.clear()

    def tearDown(self):
        for group, values in ((cfg.CONF.libvirt, self._libvirt), (cfg.CONF.godwit, self._godwit)):
            vars(group).clear()
            vars(group).update(values)
        fakes.OWN_FLAGS[0] = 0x1b
        super().tearDown()

    DEFAULTS = {
        'permit_post_copy': False, 'permit_auto_converge': False, 'downtime': 500, 'downtime_steps': 10, 'downtime_delay': 75,
        'bandwidth': 0, 'with_native_tls': False, 'tunnelled': False, 'timeout_action': 'abort', 'completion_timeout': 800,
        'enabled': True, 'observe': False, 'allow_techniques': [], 'forbid_techniques': []}

    def init_host(self, *answers):
        host = HostDriver(cfg.CONF.godwit.socket, *answers, answered=('CONFIGURATION',) if answers else ())
        driver = godwit.GodwitLibvirtDriver(None)
        driver.init_host('compute1')
        self.assertEqual(driver.initialized, 'compute1')
        self.assertTrue(host.wait_for('CONFIGURATION'))
        return driver, host

    def test_it_is_sent_at_the_start(self):
        host = self.init_host()[1]
        self.assertEqual(host.received, [{'message': 'CONFIGURATION', 'configuration': self.DEFAULTS}])
        host.close()

    def test_the_memory_that_is_kept_for_the_host_is_sent(self):
        cfg.CONF.reserved_host_memory_mb = 4096
        self.addCleanup(delattr, cfg.CONF, 'reserved_host_memory_mb')
        host = self.init_host()[1]
        self.assertEqual(host.received[0]['configuration'], dict(self.DEFAULTS, reserved_host_memory_mb=4096))
        host.close()

    def test_how_many_migrations_run_at_the_same_time_is_sent_even_if_any_number_does(self):
        for limit in (4, 0):
            cfg.CONF.max_concurrent_live_migrations = limit
            host = self.init_host()[1]
            self.assertEqual(host.received[0]['configuration'], dict(self.DEFAULTS, max_concurrent_live_migrations=limit))
            host.close()
            os.unlink(cfg.CONF.godwit.socket)
        del cfg.CONF.max_concurrent_live_migrations

    def test_it_is_sent_again_with_notice_and_ask(self):
        cfg.CONF.libvirt.live_migration_permit_post_copy = True
        cfg.CONF.libvirt.live_migration_parallel_connections = 4
        cfg.CONF.godwit.forbid_techniques = ['THR']
        expected = dict(self.DEFAULTS, permit_post_copy=True, parallel_connections=4, forbid_techniques=['THR'])
        self.assertEqual(self.migrate(ADVICE)[1].received[0]['configuration'], expected)
        os.unlink(cfg.CONF.godwit.socket)
        host = HostDriver(cfg.CONF.godwit.socket)
        godwit.GodwitLibvirtDriver(None).check_can_live_migrate_source(None, self.instance, 'data')
        self.assertTrue(host.wait_for('NOTICE'))
        self.assertEqual(host.received[0]['configuration'], expected)
        host.close()

    def test_it_is_sent_when_nova_compute_reads_its_mutable_options_again(self):
        driver, host = self.init_host()
        cfg.CONF.godwit.enabled = False
        cfg.CONF.mutate_hooks[0](cfg.CONF, {})
        deadline = time.monotonic() + 5
        while len(host.received) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertFalse(host.received[1]['configuration']['enabled'])
        host.close()

    def test_errors_in_it_are_logged(self):
        logging.disable(logging.NOTSET)
        try:
            with self.assertLogs('nova.virt.godwit.host_driver', logging.ERROR) as logs:
                self.init_host({'technique': None, 'reason': "There is no technique 'WARP'."})[1].close()
        finally:
            logging.disable(logging.CRITICAL)
        self.assertIn('WARP', logs.output[0])

    def test_nova_compute_starts_without_a_host_driver_and_with_a_faulty_one(self):
        driver = godwit.GodwitLibvirtDriver(None)
        driver.init_host('compute1')
        self.init_host(b'\xff\n')[1].close()

    def test_disabled_godwit_has_no_influence(self):
        cfg.CONF.godwit.enabled = False
        host = HostDriver(cfg.CONF.godwit.socket)
        driver = godwit.GodwitLibvirtDriver(None)
        driver.guest = fakes.Guest(self.domain)
        driver._live_migration(None, self.instance, 'compute2', None, None, False, self.data)
        self.assert_own_flags(self.domain.calls[0])
        self.assertEqual(self.domain.downtimes, [(1, 50)])
        self.assertIn('append="off"', self.domain.calls[0][1]['destination_xml'])
        self.assertTrue(host.wait_for('COMPLETED'))
        self.assertNotIn('ASK', host.kinds())
        host.close()

    OBSERVED = {'technique': None, 'withdrawn': True, 'reason': 'Godwit only observes.'}

    def assert_untouched(self, driver):
        self.assert_own_flags(self.domain.calls[0])
        self.assertEqual(len(self.domain.calls), 1)
        self.assertEqual(self.domain.downtimes, [(1, 50)])
        for name in ('destination_xml', 'persistent_xml'):
            self.assertIn('append="off"', self.domain.calls[0][1][name])
        self.assertEqual(driver.ended, fakes.COMPLETED)

    def test_while_godwit_observes_the_host_driver_is_asked_and_nothing_is_changed(self):
        cfg.CONF.godwit.observe = True
        driver, host = self.migrate(self.OBSERVED)
        self.assert_untouched(driver)
        self.assertEqual(host.kinds(), ['ASK', 'COMPLETED'])
        self.assertIs(host.received[0]['configuration']['observe'], True)
        # An older host driver does not know 'observe', and advises nothing where Godwit is not enabled.
        self.assertIs(host.received[0]['configuration']['enabled'], False)

    def test_the_host_driver_can_observe_by_itself(self):
        driver, host = self.migrate(self.OBSERVED)
        self.assert_untouched(driver)
        self.assertIs(host.received[0]['configuration']['enabled'], True)

    def test_advice_is_not_used_while_godwit_observes(self):
        cfg.CONF.godwit.observe = True
        self.assert_untouched(self.migrate(ADVICE)[0])

    def test_what_is_disabled_does_not_observe(self):
        cfg.CONF.godwit.observe = True
        cfg.CONF.godwit.enabled = False
        self.assertIs(godwit._configuration()['enabled'], False)
        self.assertIs(godwit._configuration()['observe'], False)
        self.assert_untouched(self.migrate()[0])

    def test_observing_begins_in_a_migration_that_runs(self):
        def job(domain):
            fakes.sends(domain)
            cfg.CONF.godwit.observe = True
            driver._configuration_changed(cfg.CONF, {})
            fakes.done(domain)

        self.domain.jobs = [job]
        host = HostDriver(cfg.CONF.godwit.socket, ADVICE)
        driver = godwit.GodwitLibvirtDriver(None)
        driver.guest = fakes.Guest(self.domain)
        driver._live_migration(None, self.instance, 'compute2', None, None, False, self.data)
        self.assertTrue(host.wait_for('COMPLETED'))
        host.close()
        self.assertEqual(self.domain.downtimes, [(1, 300), (1, 50)])

    def test_an_invalid_value_of_observe_counts_as_true(self):
        class Faulty(types.SimpleNamespace):
            @property
            def observe(self):
                raise ValueError("Value for option observe is not valid: 'ture'")

        values = vars(cfg.CONF.godwit)
        faulty = Faulty(**{name: value for name, value in values.items() if name != 'observe'})
        with mock.patch.object(cfg.CONF, 'godwit', faulty):
            self.assertIs(godwit._configuration()['observe'], True)
            self.assert_untouched(self.migrate(ADVICE)[0])

    def test_an_option_with_an_invalid_value_fails_no_migration(self):
        class Faulty(types.SimpleNamespace):
            @property
            def enabled(self):
                raise ValueError("Value for option enabled is not valid: 'flase'")

        values = vars(cfg.CONF.godwit)
        faulty = Faulty(**{name: value for name, value in values.items() if name != 'enabled'})
        with mock.patch.object(cfg.CONF, 'godwit', faulty):
            self.migrate()
            self.assertIs(godwit._configuration()['enabled'], False)
        self.assert_own_flags(self.domain.calls[0])

    def test_a_migration_without_an_id_is_advised(self):
        class Unset(object):
            @property
            def uuid(self):
                raise NotImplementedError('an object of Nova without this field')

        self.data = types.SimpleNamespace(migration=Unset())
        host = self.migrate(ADVICE)[1]
        self.assertNotIn('migration', host.received[0])

    def test_force_complete_uses_post_copy_where_nova_conf_permits_it_and_the_technique_can(self):
        postcopy = 1 << 15
        for own, clear, expected in ((0x1b | postcopy, [], True), (0x1b | postcopy, ['VIR_MIGRATE_POSTCOPY'], False),
                                     (0x1b, [], False), (0x1b, ['VIR_MIGRATE_POSTCOPY'], False)):
            fakes.OWN_FLAGS[0] = own
            self.domain.calls.clear()
            self.domain.active = True
            driver = self.migrate(dict(ADVICE, clear=clear))[0]
            self.assertEqual(bool(driver.post_copy_enabled), expected)
            self.assertEqual(bool(self.domain.calls[0][2] & postcopy), expected)
            os.unlink(cfg.CONF.godwit.socket)


if __name__ == '__main__':
    unittest.main()
