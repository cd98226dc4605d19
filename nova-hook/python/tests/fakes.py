# SPDX-License-Identifier: Apache-2.0
"""Stubs of the names in Nova, libvirt and oslo that the compute driver uses, for tests without Nova."""
import logging
import os
import sys
import threading
import time
import types


# Nova's own flags, which a test may replace.
OWN_FLAGS = [0x1b]

# Nova's own URI for the data of a migration, None if it leaves that to libvirt.
MIGRATE_URI = [None]


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


NONE, UNBOUNDED, COMPLETED, FAILED, CANCELLED = 0, 2, 3, 4, 5
RUNNING, PAUSED = 1, 3


class Domain(object):
    """A domain whose jobs are given, and done by default. Records how it was migrated and what was set while a job ran."""

    def __init__(self):
        self.calls = []
        self.downtimes = []
        self.jobs = []
        self.stats = {'type': NONE}
        self.run_state = RUNNING
        self.active = True
        self.iteration = 1
        self.aborted = 0
        self.switches = 0
        self._polled = threading.Condition()
        self._polls = 0
        self._unwatched = False

    def migrateToURI3(self, uri, params=None, flags=0):
        self.calls.append((uri, dict(params), flags))
        (self.jobs.pop(0) if self.jobs else done)(self)

    def polled(self, times=3):
        """Waits until Nova's monitor has read the statistics this many times more, which is long enough to act on them."""
        with self._polled:
            due = self._polls + times
            assert self._polled.wait_for(lambda: self._polls >= due or self._unwatched, 10)

    def unwatch(self):
        """Nova's monitor has come to a verdict."""
        with self._polled:
            self._unwatched = True
            self._polled.notify_all()

    def jobStats(self):
        with self._polled:
            self._polls += 1
            self._polled.notify_all()
        return dict(self.stats, memory_iteration=self.iteration) if self.stats['type'] == UNBOUNDED else dict(self.stats)

    def state(self):
        return [self.run_state, 0]

    def migrateSetMaxDowntime(self, downtime, flags=0):
        self.downtimes.append((len(self.calls), downtime))

    def migrateStartPostCopy(self, flags=0):
        self.switches += 1

    def abortJob(self):
        self.aborted += 1


def sends(domain, bytes_sent=1):
    """A job that sends memory while Nova's monitor watches."""
    domain.stats = {'type': UNBOUNDED, 'memory_processed': bytes_sent}
    domain.polled()


def done(domain):
    """A job that takes the server away."""
    sends(domain)
    domain.stats = {'type': NONE}
    domain.active = False


def refused(code, message='message'):
    """A job that ends before it begins. For a moment libvirt reports it as failed, while the destination is cleaned up."""
    return failing(code, message, before=lambda domain: None)


def failing(code, message='message', before=sends):
    """A job that fails after it has begun to send."""
    def job(domain):
        before(domain)
        domain.stats = {'type': FAILED}
        domain.polled()
        domain.stats = {'type': NONE}
        domain.polled()
        raise LibvirtError(code, message)
    return job


class Guest(object):
    """Like Nova's guest, which calls libvirt for the driver."""

    def __init__(self, domain):
        self._domain = domain

    def migrate(self, destination, migrate_uri=None, migrate_disks=None, destination_xml=None, flags=0, bandwidth=0):
        self._domain.migrateToURI3(destination, params={'bandwidth': bandwidth}, flags=flags)

    def get_job_info(self):
        return self._domain.jobStats()

    def migrate_configure_max_downtime(self, mstime):
        self._domain.migrateSetMaxDowntime(mstime)

    def migrate_start_postcopy(self):
        self._domain.migrateStartPostCopy()

    def abort_job(self):
        self._domain.abortJob()


class LibvirtDriver(object):
    """Like Nova's driver: a thread for the operation of a live migration, and a monitor that decides how it has ended."""

    def __init__(self, virtapi, read_only=False):
        self.guest = None
        self.post_copy_enabled = None
        self.ended = None

    def init_host(self, host):
        self.initialized = host

    def _get_migration_flags(self, is_block_migration):
        return OWN_FLAGS[0]

    def _is_post_copy_enabled(self, migration_flags):
        return (migration_flags & 1 << 15) != 0

    def check_can_live_migrate_source(self, context, instance, dest_check_data, block_device_info=None):
        return dest_check_data

    def rollback_live_migration_at_source(self, context, instance, migrate_data):
        return 'rolled back'

    def live_migration_abort(self, instance):
        self.guest._domain.abortJob()

    def _live_migration(self, context, instance, dest, post_method, recover_method, block_migration, migrate_data):
        errors = []

        def operation():
            try:
                self._live_migration_operation(context, instance, dest, block_migration, migrate_data, self.guest, [])
            except Exception as e:
                errors.append(e)

        thread = threading.Thread(target=operation)
        thread.start()
        self._live_migration_monitor(context, instance, self.guest, dest, thread)
        self.guest._domain.unwatch()
        thread.join()
        if errors:
            raise errors[0]

    def _live_migration_monitor(self, context, instance, guest, dest, operation):
        enabled = self._is_post_copy_enabled(self._get_migration_flags(False))
        enabled &= True
        self.post_copy_enabled = enabled
        downtime = None
        while True:
            over = not operation.is_alive()
            kind = guest._domain.jobStats().get('type', NONE)
            if kind == NONE and over:
                kind = FAILED if self.guest._domain.active else COMPLETED
            if kind == UNBOUNDED and downtime is None:
                downtime = 50
                guest._domain.migrateSetMaxDowntime(downtime)
            elif kind in (COMPLETED, FAILED, CANCELLED):
                self.ended = kind
                return
            time.sleep(0.002)

    def _live_migration_operation(self, context, instance, dest, block_migration, migrate_data, guest, device_names):
        xml = '<domain><serial><log append="off"/></serial></domain>'
        params = {'bandwidth': 0, 'destination_xml': xml, 'persistent_xml': xml}
        if MIGRATE_URI[0]:
            params['migrate_uri'] = MIGRATE_URI[0]
        guest._domain.migrateToURI3('qemu+tcp://there/system', params=params, flags=OWN_FLAGS[0])


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
           VIR_ERR_OPERATION_FAILED=9, VIR_MIGRATE_POSTCOPY=1 << 15, VIR_DOMAIN_JOB_NONE=NONE,
           VIR_DOMAIN_JOB_UNBOUNDED=UNBOUNDED, VIR_DOMAIN_JOB_FAILED=FAILED, VIR_MIGRATE_AUTO_CONVERGE=1 << 13,
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
    module('nova.virt.libvirt.guest', Guest=Guest)

    def switch(guest, instance, migration):
        guest._domain.migrateStartPostCopy()
        migration.status = 'running (post-copy)'

    module('nova.virt.libvirt.migration', trigger_postcopy_switch=switch)
