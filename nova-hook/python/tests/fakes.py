# SPDX-License-Identifier: Apache-2.0
"""Stubs of the names in Nova, libvirt and oslo that the compute driver uses, for tests without Nova."""
import logging
import os
import sys
import types


# Nova's own flags, which a test may replace.
OWN_FLAGS = [0x1b]


class LibvirtError(Exception):
    def __init__(self, code, message='message'):
        super().__init__(message)
        self._code = code

    def get_error_code(self):
        return self._code


class Migration(object):
    status = 'running'
    uuid = '11111111-1111-4111-8111-111111111111'


class Instance(object):
    uuid = '0793895c-c6ba-45a8-bfa6-702f1057d822'
    vm_state = 'active'

    def __init__(self, **metadata):
        self.metadata = metadata
        self.flavor = types.SimpleNamespace(extra_specs={})


class Domain(object):
    """Records how it was migrated, and raises the given errors."""

    def __init__(self, refuse=()):
        self.calls = []
        self.downtimes = []
        self.refuse = list(refuse)
        self.iteration = 1

    def migrateToURI3(self, uri, params=None, flags=0):
        self.calls.append((uri, dict(params), flags))
        if self.refuse:
            raise self.refuse.pop(0)

    def migrateSetMaxDowntime(self, downtime, flags=0):
        self.downtimes.append(downtime)

    def jobStats(self):
        return {'memory_iteration': self.iteration}


class Guest(object):
    def __init__(self, domain):
        self._domain = domain


class LibvirtDriver(object):
    """Like Nova's driver: runs the monitor and the operation of a live migration."""

    def __init__(self, virtapi, read_only=False):
        self.guest = None
        self.monitor_flags = None

    def init_host(self, host):
        self.initialized = host

    def _get_migration_flags(self, is_block_migration):
        return OWN_FLAGS[0]

    def check_can_live_migrate_source(self, context, instance, data):
        return data

    def rollback_live_migration_at_source(self, context, instance, data):
        return 'rolled back'

    def _live_migration(self, context, instance, dest, post, recover, block, data):
        self._live_migration_monitor(context, instance, self.guest, dest)
        self._live_migration_operation(context, instance, dest, block, data, self.guest, [])

    def _live_migration_monitor(self, context, instance, guest, dest):
        self.monitor_flags = self._get_migration_flags(False)
        guest._domain.migrateSetMaxDowntime(50)

    def _live_migration_operation(self, context, instance, dest, block, data, guest, devices):
        xml = '<domain><serial><log append="off"/></serial></domain>'
        guest._domain.migrateToURI3('qemu+tcp://there/system', params={
            'bandwidth': 0, 'destination_xml': xml, 'persistent_xml': xml}, flags=OWN_FLAGS[0])


def install():
    """Installs the stubs."""
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

    def module(name, **names):
        created = types.ModuleType(name)
        created.__dict__.update(names)
        sys.modules[name] = created
        parent, _, last = name.rpartition('.')
        if parent:
            setattr(sys.modules[parent], last, created)
        return created

    class Adapter(logging.LoggerAdapter):
        def process(self, message, arguments):
            arguments.pop('instance', None)
            return message, arguments

    class Group(types.SimpleNamespace):
        pass

    class Conf(object):
        def __init__(self):
            self.mutate_hooks = []
            # Nova's defaults. Older releases, such as Zed, have no parallel_connections.
            self.libvirt = Group(
                live_migration_permit_post_copy=False, live_migration_permit_auto_converge=False,
                live_migration_downtime=500, live_migration_downtime_steps=10, live_migration_downtime_delay=75,
                live_migration_bandwidth=0, live_migration_with_native_tls=False, live_migration_tunnelled=False,
                live_migration_timeout_action='abort', live_migration_completion_timeout=800)

        def register_opts(self, options, group):
            setattr(self, group, Group(**dict(options)))

        def register_mutate_hook(self, hook):
            self.mutate_hooks.append(hook)

    def option(name, default=None, **unused):
        return name, default

    module('libvirt', libvirtError=LibvirtError, VIR_ERR_INVALID_ARG=8, VIR_ERR_OPERATION_ABORTED=78,
           VIR_ERR_OPERATION_FAILED=9, VIR_MIGRATE_POSTCOPY=1 << 15, VIR_MIGRATE_AUTO_CONVERGE=1 << 13,
           VIR_MIGRATE_COMPRESSED=1 << 11, VIR_MIGRATE_PARALLEL=1 << 17)
    module('oslo_config')
    module('oslo_config.cfg', CONF=Conf(), StrOpt=option, FloatOpt=option, BoolOpt=option, ListOpt=option)
    module('oslo_log')
    module('oslo_log.log', getLogger=lambda name: Adapter(logging.getLogger(name), {}))
    module('nova').__path__ = [os.path.join(here, 'nova')]
    module('nova.compute')
    module('nova.compute.vm_states', PAUSED='paused')
    module('nova.virt').__path__ = [os.path.join(here, 'nova', 'virt')]
    module('nova.virt.libvirt')
    module('nova.virt.libvirt.driver', LibvirtDriver=LibvirtDriver)

    def switch(guest, instance, migration):
        migration.status = 'running (post-copy)'

    module('nova.virt.libvirt.migration', trigger_postcopy_switch=switch)
