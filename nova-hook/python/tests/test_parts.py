# SPDX-License-Identifier: Apache-2.0
"""Releases of Nova that differ from those that the compute driver knows."""
import logging
import os
import sys
import unittest
from unittest import mock

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import fakes  # noqa: E402

fakes.install()
from nova.virt import godwit  # noqa: E402
from nova.virt.godwit import parts  # noqa: E402

DRIVER = sys.modules['nova.virt.libvirt.driver'].LibvirtDriver
GUEST = sys.modules['nova.virt.libvirt.guest'].Guest


class PartsTest(unittest.TestCase):

    def assert_used_instead(self, *words):
        """Nova's own driver is used, and one warning names what differs."""
        with self.assertLogs('nova.virt.godwit.parts', logging.WARNING) as logs:
            driver = godwit.GodwitLibvirtDriver('virtapi', read_only=True)
        self.assertIs(type(driver), DRIVER)
        self.assertEqual(len(logs.output), 1)
        for each in words:
            self.assertIn(each, logs.output[0])

    def test_the_known_release_fits(self):
        self.assertEqual(parts.differences(), [])
        self.assertIsInstance(godwit.GodwitLibvirtDriver('virtapi'), godwit.GodwitLibvirtDriver)

    def test_an_added_parameter_does_not_fit(self):
        def longer(self, context, instance, dest, post_method, recover_method, block_migration, migrate_data, reason):
            pass

        with mock.patch.object(DRIVER, '_live_migration', longer):
            self.assert_used_instead('LibvirtDriver._live_migration has the parameters (context, instance, dest', 'reason) instead of')

    def test_a_parameter_that_is_only_passed_on_may_change(self):
        # finish_event became future in 2025.2
        def later(self, context, instance, guest, dest, post_method, recover_method, block_migration, migrate_data, future, disk_paths):
            pass

        with mock.patch.object(DRIVER, '_live_migration_monitor', later):
            self.assertEqual(parts.differences(), [])

    def test_a_parameter_that_is_used_must_be_where_it_was(self):
        def swapped(self, context, guest, instance, *more):
            pass

        with mock.patch.object(DRIVER, '_live_migration_monitor', swapped):
            self.assert_used_instead('LibvirtDriver._live_migration_monitor')

    def test_a_missing_method_is_named(self):
        operation, flags = DRIVER._live_migration_operation, DRIVER._get_migration_flags
        del DRIVER._live_migration_operation, DRIVER._get_migration_flags
        try:
            self.assert_used_instead('LibvirtDriver._live_migration_operation is missing', 'LibvirtDriver._get_migration_flags is missing')
        finally:
            DRIVER._live_migration_operation, DRIVER._get_migration_flags = operation, flags

    def test_a_missing_module_is_named(self):
        with mock.patch.dict(sys.modules, {'nova.virt.libvirt.migration': None, 'nova.compute.vm_states': None}):
            self.assert_used_instead('nova.virt.libvirt.migration.trigger_postcopy_switch is missing',
                                     'nova.compute.vm_states.PAUSED is missing')

    def test_a_guest_that_keeps_its_domain_elsewhere_does_not_fit(self):
        def keep(self, domain):
            self._dom = domain

        with mock.patch.object(GUEST, '__init__', keep):
            self.assert_used_instead('Guest._domain')

    def test_a_guest_that_calls_another_function_of_libvirt_does_not_fit(self):
        def newer(self, destination, flags=0):
            self._domain.migrateToURI4(destination, flags=flags)

        with mock.patch.object(GUEST, 'migrate', newer):
            self.assert_used_instead('Guest does not call migrateToURI3')

    def test_a_guest_that_gives_libvirt_its_parameters_by_place_does_not_fit(self):
        def by_place(self, destination, flags=0):
            self._domain.migrateToURI3(destination, {}, flags)

        with mock.patch.object(GUEST, 'migrate', by_place):
            self.assert_used_instead('migrateToURI3 without params and flags by name')

    def test_an_error_in_a_guest_is_a_difference(self):
        def failing(self):
            raise TypeError('a job needs a cursor')

        with mock.patch.object(GUEST, 'get_job_info', failing):
            self.assert_used_instead('Guest does not call jobStats: a job needs a cursor')

    def test_a_method_of_the_guest_that_is_missing_is_a_difference(self):
        migrate = GUEST.migrate
        del GUEST.migrate
        try:
            self.assert_used_instead("has no attribute 'migrate'")
        finally:
            GUEST.migrate = migrate


if __name__ == '__main__':
    unittest.main()
