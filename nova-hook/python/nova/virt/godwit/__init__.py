# SPDX-License-Identifier: Apache-2.0
"""Nova's libvirt driver, extended to ask Godwit's host driver how to live-migrate each server.

compute_driver = godwit.GodwitLibvirtDriver

If the host driver fails or does not answer in time, Nova migrates the server with its own flags, as its libvirt driver does.

The host driver uses what nova.conf permits. It does not read the file: nova-compute hands over the values that are in effect.
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
                 help='Timeout for its answer before a live migration, in seconds.'),
    cfg.BoolOpt('append_console_log', default=True,
                help='Whether QEMU appends to the console log of a live-migrated server instead of truncating it.'),
    cfg.BoolOpt('enabled', default=True, mutable=True,
                help="Whether Godwit may influence live migrations. If it is False, Nova's own flags are used, and action plans choose "
                     'no technique for servers of this host. Migrations that run already continue.'),
    cfg.ListOpt('allow_techniques', default=[], mutable=True,
                help='Techniques that Godwit may use even if [libvirt] does not permit them, for example POST,PRE-POST,POST-PREEMPT,THR. '
                     'POST, PRE-POST and POST-PREEMPT otherwise need live_migration_permit_post_copy, and THR needs '
                     'live_migration_permit_auto_converge.'),
    cfg.ListOpt('forbid_techniques', default=[], mutable=True,
                help='Techniques that Godwit must not use, whatever else permits them.'),
]
cfg.CONF.register_opts(OPTIONS, group='godwit')

# libvirt raises these before it sends anything: the server is still on the source and can be migrated with Nova's own flags.
_REFUSED = frozenset(getattr(libvirt, name) for name in (
    'VIR_ERR_NO_SUPPORT', 'VIR_ERR_INVALID_ARG', 'VIR_ERR_CONFIG_UNSUPPORTED', 'VIR_ERR_ARGUMENT_UNSUPPORTED',
    'VIR_ERR_OPERATION_UNSUPPORTED') if hasattr(libvirt, name))

# The options of [libvirt] that the host driver obeys, without their common prefix; these are also their names on the wire. A release of
# Nova that lacks an option leaves it out.
_PREFIX = 'live_migration_'
_LIBVIRT_OPTIONS = ('permit_post_copy', 'permit_auto_converge', 'downtime', 'downtime_steps', 'downtime_delay', 'bandwidth',
                    'with_native_tls', 'tunnelled', 'parallel_connections', 'timeout_action', 'completion_timeout')
_GODWIT_OPTIONS = ('enabled', 'allow_techniques', 'forbid_techniques')

# The iteration, in libvirt's count, in which post-copy starts.
_SWITCHOVER_ITERATION = {'AT_ONCE': 1, 'AFTER_FIRST_ROUND': 2}
_POLL_SECONDS = 0.05


class _Domain(object):
    """A libvirt domain that is migrated as the host driver advises."""

    def __init__(self, domain, instance, advice, on_start, on_refused):
        self._real = domain
        self._instance = instance
        self._advice = advice
        self._on_start = on_start
        self._on_refused = on_refused

    def __getattr__(self, name):
        return getattr(self._real, name)

    def migrateToURI3(self, uri, params=None, flags=0):
        params = dict(params or {})
        if cfg.CONF.godwit.enabled and cfg.CONF.godwit.append_console_log:
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
                LOG.warning("libvirt refused %s: %s. Using Nova's own flags", self._advice.technique, e,
                            instance=self._instance)
                self._on_refused(e)
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
        self._on_start()
        return self._real.migrateToURI3(uri, params=advised, flags=flags)

    def migrateSetMaxDowntime(self, downtime, flags=0):
        if self._advice is not None:
            downtime = self._advice.downtime_ms
        return self._real.migrateSetMaxDowntime(downtime, flags)


class GodwitLibvirtDriver(driver.LibvirtDriver):
    """Nova's libvirt driver, with the technique of each live migration chosen by Godwit."""

    def __init__(self, virtapi, read_only=False):
        super(GodwitLibvirtDriver, self).__init__(virtapi, read_only)
        self._godwit = host_driver.HostDriver(cfg.CONF.godwit.socket, cfg.CONF.godwit.timeout)
        self._advice = {}
        self._monitored = threading.local()

    def init_host(self, host):
        super(GodwitLibvirtDriver, self).init_host(host)
        cfg.CONF.register_mutate_hook(self._configuration_changed)
        self._godwit.configure(_configuration())

    def _configuration_changed(self, conf, changed):
        """Called by oslo.config after nova-compute has read its mutable options again, on SIGHUP."""
        self._godwit.configure(_configuration())

    def check_can_live_migrate_source(self, context, instance, *args, **kwargs):
        # Profiling a server takes longer than a migration may be delayed, so the host driver starts it now.
        self._godwit.notify('NOTICE', instance, configuration=_configuration())
        return super(GodwitLibvirtDriver, self).check_can_live_migrate_source(context, instance, *args, **kwargs)

    def rollback_live_migration_at_source(self, context, instance, *args, **kwargs):
        self._godwit.notify('ABORTED', instance, words='Nova rolled it back')
        return super(GodwitLibvirtDriver, self).rollback_live_migration_at_source(context, instance, *args, **kwargs)

    def _live_migration(self, context, instance, dest, post_method, recover_method, block_migration, migrate_data):
        if not cfg.CONF.godwit.enabled:
            LOG.info("[godwit] enabled is False. Using Nova's own flags", instance=instance)
        elif instance.vm_state != vm_states.PAUSED:
            advice = self._godwit.ask(instance, destination=dest, migration=self._migration_uuid(migrate_data),
                                      flags=super(GodwitLibvirtDriver, self)._get_migration_flags(block_migration),
                                      technique=_metadata(instance, 'godwit:technique'),
                                      flavor_technique=_extra_spec(instance, 'godwit:technique'),
                                      policy=_metadata(instance, 'godwit:policy'),
                                      flavor_policy=_extra_spec(instance, 'godwit:policy'),
                                      configuration=_configuration())
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
        ended = threading.Event()

        def on_start():
            self._godwit.notify('STARTED', instance)
            advice = self._advice.get(instance.uuid)
            if advice is not None and advice.switchover in _SWITCHOVER_ITERATION:
                threading.Thread(target=self._switch_over, daemon=True,
                                 args=(instance, guest, migrate_data.migration, advice, ended)).start()

        def on_refused(error):
            self._advice.pop(instance.uuid, None)
            ended.set()
            self._godwit.notify('REFUSED', instance, words=str(error))

        try:
            result = super(GodwitLibvirtDriver, self)._live_migration_operation(
                context, instance, dest, block_migration, migrate_data,
                self._advised(guest, instance, on_start, on_refused), device_names)
            self._godwit.notify('COMPLETED', instance)
            return result
        except Exception as e:
            aborted = (isinstance(e, libvirt.libvirtError) and
                       e.get_error_code() == libvirt.VIR_ERR_OPERATION_ABORTED)
            self._godwit.notify('ABORTED' if aborted else 'FAILED', instance, words=str(e))
            raise
        finally:
            ended.set()

    def _switch_over(self, instance, guest, migration, advice, ended):
        """Switches to post-copy in the iteration that the technique requires."""
        due = _SWITCHOVER_ITERATION[advice.switchover]
        while not ended.is_set():
            try:
                if guest._domain.jobStats().get('memory_iteration', 0) >= due:
                    libvirt_migrate.trigger_postcopy_switch(guest, instance, migration)
                    if migration.status == 'running (post-copy)':
                        self._godwit.notify('POSTCOPY', instance)
                        return
            except libvirt.libvirtError as e:
                LOG.debug('Cannot switch to post-copy yet: %s', e, instance=instance)
            time.sleep(_POLL_SECONDS)

    def _live_migration_monitor(self, context, instance, guest, *args, **kwargs):
        self._monitored.uuid = instance.uuid
        try:
            return super(GodwitLibvirtDriver, self)._live_migration_monitor(
                context, instance, self._advised(guest, instance), *args, **kwargs)
        finally:
            self._monitored.uuid = None

    def _get_migration_flags(self, is_block_migration):
        """Nova's own flags, with post-copy as this server's migration was started.

        Nova's force-complete switches to post-copy if it finds that flag, and otherwise pauses the server. libvirt can switch only if
        the migration was started with the flag. A technique that leaves the flag alone keeps what nova.conf permits.
        """
        flags = super(GodwitLibvirtDriver, self)._get_migration_flags(is_block_migration)
        advice = self._advice.get(getattr(self._monitored, 'uuid', None))
        if advice is None:
            return flags
        if 'VIR_MIGRATE_POSTCOPY' in advice.flags:
            return flags | libvirt.VIR_MIGRATE_POSTCOPY
        if 'VIR_MIGRATE_POSTCOPY' in advice.clear:
            return flags & ~libvirt.VIR_MIGRATE_POSTCOPY
        return flags

    def _advised(self, guest, instance, on_start=None, on_refused=None):
        advised = copy.copy(guest)
        advised._domain = _Domain(guest._domain, instance, self._advice.get(instance.uuid), on_start, on_refused)
        return advised


def _configuration():
    """The values of nova.conf that the host driver obeys, as they are in effect, or None if they cannot be read."""
    try:
        values = {name: getattr(cfg.CONF.libvirt, _PREFIX + name, None) for name in _LIBVIRT_OPTIONS}
        values.update((name, getattr(cfg.CONF.godwit, name)) for name in _GODWIT_OPTIONS)
        values['reserved_host_memory_mb'] = getattr(cfg.CONF, 'reserved_host_memory_mb', None)
        return {name: value for name, value in values.items() if value is not None}
    except Exception as e:
        LOG.warning("Cannot read nova.conf's options for the host driver: %s", e)
        return None


def _metadata(instance, key):
    """The value of a key in the server's metadata, which its owner sets, or None."""
    return _read(instance, key, lambda: instance.metadata)


def _extra_spec(instance, key):
    """The value of a key in the extra specs of the server's flavor, which administrators set, or None."""
    return _read(instance, key, lambda: instance.flavor.extra_specs)


def _read(instance, key, values):
    try:
        return values().get(key) or None
    except Exception as e:
        LOG.debug('Cannot read %s: %s', key, e, instance=instance)
        return None
