# SPDX-License-Identifier: Apache-2.0
"""A libvirt driver that asks Godwit's host driver how to live-migrate each server.

compute_driver = godwit.GodwitLibvirtDriver

Whatever happens to the host driver, Nova migrates: without an answer in time by its own flags, as if this were the libvirt
driver that it is.
"""
import copy
import threading
import time

import libvirt
from nova.compute import vm_states
from nova.virt.godwit import host_driver
from nova.virt.libvirt import driver
from nova.virt.libvirt import migration as libvirt_migrate
from oslo_config import cfg
from oslo_log import log as logging

LOG = logging.getLogger(__name__)

OPTIONS = [
    cfg.StrOpt('socket', default='/run/godwit/host.sock',
               help="Unix socket of Godwit's host driver on this host."),
    cfg.FloatOpt('timeout', default=2.0, min=0.1, max=10.0,
                 help='Seconds to wait for its answer before a live migration.'),
    cfg.BoolOpt('append_console_log', default=True,
                help='Whether a server keeps its console log when it is live-migrated.'),
]
cfg.CONF.register_opts(OPTIONS, group='godwit')

# libvirt says so before anything is sent: the server is where it was, and can still go by Nova's own flags.
_REFUSED = frozenset(getattr(libvirt, name) for name in (
    'VIR_ERR_NO_SUPPORT', 'VIR_ERR_INVALID_ARG', 'VIR_ERR_CONFIG_UNSUPPORTED', 'VIR_ERR_ARGUMENT_UNSUPPORTED',
    'VIR_ERR_OPERATION_UNSUPPORTED') if hasattr(libvirt, name))

# The round, as libvirt counts them, with which post-copy is due.
_SWITCH_IN_ROUND = {'AT_ONCE': 1, 'AFTER_FIRST_ROUND': 2}
_LOOK_SECONDS = 0.05


class _Domain(object):
    """A libvirt domain whose migration goes as Godwit says."""

    def __init__(self, domain, instance, advice, begin, refused):
        self._real = domain
        self._instance = instance
        self._advice = advice
        self._begin = begin
        self._refused = refused

    def __getattr__(self, name):
        return getattr(self._real, name)

    def migrateToURI3(self, uri, params=None, flags=0):
        params = dict(params or {})
        if cfg.CONF.godwit.append_console_log:
            for name in ('destination_xml', 'persistent_xml'):
                if params.get(name):
                    params[name] = params[name].replace('append="off"', 'append="on"')
        if self._advice is not None:
            try:
                return self._migrate_as_advised(uri, params, flags)
            except (libvirt.libvirtError, AttributeError, TypeError, ValueError) as e:
                code = e.get_error_code() if isinstance(e, libvirt.libvirtError) else None
                if code is not None and code not in _REFUSED:
                    raise
                LOG.warning("%s is refused: %s; Nova's own flags are used", self._advice.technique, e,
                            instance=self._instance)
                self._refused(e)
        return self._real.migrateToURI3(uri, params=params, flags=flags)

    def _migrate_as_advised(self, uri, params, flags):
        advised = dict(params)
        advised.update(self._advice.parameters)
        for name in self._advice.clear:
            flags &= ~getattr(libvirt, name, 0)
        if 'parallel.connections' not in self._advice.parameters:
            advised.pop('parallel.connections', None)
        for name in self._advice.flags:
            flags |= getattr(libvirt, name)
        LOG.info('Godwit: %s, flags %#x, %s: %s', self._advice.technique, flags,
                 self._advice.parameters, self._advice.reason, instance=self._instance)
        self._begin()
        return self._real.migrateToURI3(uri, params=advised, flags=flags)

    def migrateSetMaxDowntime(self, downtime, flags=0):
        if self._advice is not None:
            downtime = self._advice.downtime_ms
        return self._real.migrateSetMaxDowntime(downtime, flags)


class GodwitLibvirtDriver(driver.LibvirtDriver):
    """Nova's libvirt driver, and Godwit's word on how each live migration goes."""

    def __init__(self, virtapi, read_only=False):
        super(GodwitLibvirtDriver, self).__init__(virtapi, read_only)
        self._godwit = host_driver.HostDriver(cfg.CONF.godwit.socket, cfg.CONF.godwit.timeout)
        self._advice = {}
        self._monitored = threading.local()

    def check_can_live_migrate_source(self, context, instance, *args, **kwargs):
        # Looking at a server takes longer than a migration may be held up for: begin now.
        self._godwit.tell('NOTICE', instance)
        return super(GodwitLibvirtDriver, self).check_can_live_migrate_source(context, instance, *args, **kwargs)

    def rollback_live_migration_at_source(self, context, instance, *args, **kwargs):
        self._godwit.tell('ABORTED', instance, words='Nova rolled it back')
        return super(GodwitLibvirtDriver, self).rollback_live_migration_at_source(context, instance, *args, **kwargs)

    def _live_migration(self, context, instance, dest, post_method, recover_method, block_migration, migrate_data):
        if instance.vm_state != vm_states.PAUSED:
            advice = self._godwit.ask(instance, destination=dest, migration=self._migration_uuid(migrate_data),
                                      flags=super(GodwitLibvirtDriver, self)._get_migration_flags(block_migration),
                                      technique=_wish(instance, 'godwit:technique'),
                                      policy=_wish(instance, 'godwit:policy'))
            if advice is not None:
                self._advice[instance.uuid] = advice
        try:
            return super(GodwitLibvirtDriver, self)._live_migration(
                context, instance, dest, post_method, recover_method, block_migration, migrate_data)
        finally:
            self._advice.pop(instance.uuid, None)

    @staticmethod
    def _migration_uuid(migrate_data):
        return getattr(getattr(migrate_data, 'migration', None), 'uuid', None)

    def _live_migration_operation(self, context, instance, dest, block_migration, migrate_data, guest, device_names):
        over = threading.Event()

        def begin():
            self._godwit.tell('STARTED', instance)
            advice = self._advice.get(instance.uuid)
            if advice is not None and advice.switchover in _SWITCH_IN_ROUND:
                threading.Thread(target=self._switch_over, daemon=True,
                                 args=(instance, guest, migrate_data.migration, advice, over)).start()

        def refused(error):
            self._advice.pop(instance.uuid, None)
            over.set()
            self._godwit.tell('REFUSED', instance, words=str(error))

        try:
            result = super(GodwitLibvirtDriver, self)._live_migration_operation(
                context, instance, dest, block_migration, migrate_data,
                self._advised(guest, instance, begin, refused), device_names)
            self._godwit.tell('COMPLETED', instance)
            return result
        except Exception as e:
            aborted = (isinstance(e, libvirt.libvirtError) and
                       e.get_error_code() == libvirt.VIR_ERR_OPERATION_ABORTED)
            self._godwit.tell('ABORTED' if aborted else 'FAILED', instance, words=str(e))
            raise
        finally:
            over.set()

    def _switch_over(self, instance, guest, migration, advice, over):
        """Switches to post-copy when the technique says so."""
        due = _SWITCH_IN_ROUND[advice.switchover]
        while not over.is_set():
            try:
                if guest._domain.jobStats().get('memory_iteration', 0) >= due:
                    libvirt_migrate.trigger_postcopy_switch(guest, instance, migration)
                    if migration.status == 'running (post-copy)':
                        self._godwit.tell('POSTCOPY', instance)
                        return
            except libvirt.libvirtError as e:
                LOG.debug('Not yet in post-copy: %s', e, instance=instance)
            time.sleep(_LOOK_SECONDS)

    def _live_migration_monitor(self, context, instance, guest, *args, **kwargs):
        self._monitored.uuid = instance.uuid
        try:
            return super(GodwitLibvirtDriver, self)._live_migration_monitor(
                context, instance, self._advised(guest, instance), *args, **kwargs)
        finally:
            self._monitored.uuid = None

    def _get_migration_flags(self, is_block_migration):
        """Nova's own, with post-copy where this server goes by it: an operator may force it to complete then."""
        flags = super(GodwitLibvirtDriver, self)._get_migration_flags(is_block_migration)
        advice = self._advice.get(getattr(self._monitored, 'uuid', None))
        if advice is None:
            return flags
        if 'VIR_MIGRATE_POSTCOPY' in advice.flags:
            return flags | libvirt.VIR_MIGRATE_POSTCOPY
        return flags & ~libvirt.VIR_MIGRATE_POSTCOPY

    def _advised(self, guest, instance, begin=None, refused=None):
        advised = copy.copy(guest)
        advised._domain = _Domain(guest._domain, instance, self._advice.get(instance.uuid), begin, refused)
        return advised


def _wish(instance, key):
    """What the server's metadata says, or else its flavor's extra specs."""
    try:
        return instance.metadata.get(key) or instance.flavor.extra_specs.get(key)
    except Exception as e:
        LOG.debug('No %s: %s', key, e, instance=instance)
        return None
