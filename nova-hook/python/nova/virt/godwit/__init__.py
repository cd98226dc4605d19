# SPDX-License-Identifier: Apache-2.0
"""Nova's libvirt driver, extended to ask Godwit's host driver how to live-migrate each server.

compute_driver = godwit.GodwitLibvirtDriver

If the host driver fails or does not answer in time, Nova migrates the server with its own flags, as its libvirt driver does. If a
migration fails that was started as the host driver advised, and the server runs on this host as before, Nova's own flags are used once.

The host driver uses what nova.conf permits. It does not read the file: nova-compute hands over the values that are in effect.
"""
import copy
import threading

import libvirt
from nova.virt.godwit import attempt as attempts
from nova.virt.godwit import domain
from nova.virt.godwit import host_driver
from nova.virt.godwit import parts
from nova.virt.libvirt import driver
from oslo_config import cfg
from oslo_log import log as logging

LOG = logging.getLogger(__name__)

# None in a release of Nova without them, whose own driver is then used.
vm_states = parts.module('nova.compute.vm_states')
libvirt_migrate = parts.module('nova.virt.libvirt.migration')

OPTIONS = [
    cfg.StrOpt('socket', default='/run/godwit/host.sock',
               help="Unix socket of Godwit's host driver on this host."),
    cfg.FloatOpt('timeout', default=2.0, min=0.1, max=10.0,
                 help='Timeout for its answer before a live migration, in seconds.'),
    cfg.BoolOpt('append_console_log', default=True,
                help='Whether QEMU appends to the console log of a live-migrated server instead of truncating it.'),
    cfg.BoolOpt('enabled', default=True, mutable=True,
                help="Whether Godwit may influence live migrations. If it is False, Nova's own flags are used, and action plans choose "
                     'no technique for servers of this host. Migrations that run already continue, but Godwit does not switch '
                     'them to post-copy any more.'),
    cfg.BoolOpt('observe', default=False, mutable=True,
                help="Whether Godwit only observes: Nova's own flags are used, and the host driver records what it would have chosen and "
                     "what Nova's flags cost."),
    cfg.ListOpt('allow_techniques', default=[], mutable=True,
                help='Techniques that Godwit may use even if [libvirt] does not permit them, for example POST,PRE-POST,POST-PREEMPT,THR. '
                     'POST, PRE-POST and POST-PREEMPT otherwise need live_migration_permit_post_copy, and THR needs '
                     'live_migration_permit_auto_converge.'),
    cfg.ListOpt('forbid_techniques', default=[], mutable=True,
                help='Techniques that Godwit must not use, whatever else permits them.'),
]
cfg.CONF.register_opts(OPTIONS, group='godwit')

# The options of [libvirt] that the host driver obeys, without their common prefix; these are also their names on the wire. A release of
# Nova that lacks an option leaves it out.
_PREFIX = 'live_migration_'
_LIBVIRT_OPTIONS = ('permit_post_copy', 'permit_auto_converge', 'downtime', 'downtime_steps', 'downtime_delay', 'bandwidth',
                    'with_native_tls', 'tunnelled', 'parallel_connections', 'timeout_action', 'completion_timeout')
_GODWIT_OPTIONS = ('allow_techniques', 'forbid_techniques')
_DEFAULT_OPTIONS = ('reserved_host_memory_mb', 'max_concurrent_live_migrations')

# The keys of metadata and extra specs about SLA bounds and urgency.
_WISHES = ('godwit:sla_lower', 'godwit:sla_upper', 'godwit:urgency')

# The iteration, in libvirt's count, in which post-copy starts, if the first round is over by then.
_SWITCHOVER_ITERATION = {'AT_ONCE': 1, 'AFTER_FIRST_ROUND': 2}
_POLL_SECONDS = 0.05
_PAGE_BYTES = 4096
# Channels of multifd count their pages a little later.
_ALL_SENT = 0.99
# Post-copy starts when the host driver says so, which it is asked every second.
_WHEN_REQUESTED = 'WHEN_REQUESTED'
_ASK_SECONDS = 1
# How long a switch to post-copy that has begun is waited for when libvirt's job has failed.
_SWITCH_SECONDS = 5


class GodwitLibvirtDriver(driver.LibvirtDriver):
    """Nova's libvirt driver, with the technique of each live migration chosen by Godwit.

    Where a part of Nova that it relies on is not as expected, nova-compute gets Nova's own driver instead.
    """

    def __new__(cls, virtapi, read_only=False):
        if not parts.fit():
            return driver.LibvirtDriver(virtapi, read_only)
        return super(GodwitLibvirtDriver, cls).__new__(cls)

    def __init__(self, virtapi, read_only=False):
        super(GodwitLibvirtDriver, self).__init__(virtapi, read_only)
        self._godwit = host_driver.HostDriver(cfg.CONF.godwit.socket, cfg.CONF.godwit.timeout)
        self._attempts = {}
        self._monitored = threading.local()

    def init_host(self, host):
        super(GodwitLibvirtDriver, self).init_host(host)
        cfg.CONF.register_mutate_hook(self._configuration_changed)
        self._godwit.configure(_configuration())

    def _configuration_changed(self, conf, changed):
        """Called by oslo.config after nova-compute has read its mutable options again, on SIGHUP."""
        silence = domain.silence()
        if silence:
            for attempt in list(self._attempts.values()):
                attempt.withdraw(silence)
        self._godwit.configure(_configuration())

    def check_can_live_migrate_source(self, context, instance, *args, **kwargs):
        # Profiling a server takes longer than a migration may be delayed, so the host driver starts it now.
        self._godwit.notify('NOTICE', instance, configuration=_configuration())
        return super(GodwitLibvirtDriver, self).check_can_live_migrate_source(context, instance, *args, **kwargs)

    def rollback_live_migration_at_source(self, context, instance, *args, **kwargs):
        self._godwit.notify('ABORTED', instance, words='Nova rolled it back')
        return super(GodwitLibvirtDriver, self).rollback_live_migration_at_source(context, instance, *args, **kwargs)

    def live_migration_abort(self, instance):
        attempt = self._attempts.get(instance.uuid)
        if attempt is not None:
            attempt.abort_requested = True
        return super(GodwitLibvirtDriver, self).live_migration_abort(instance)

    def _live_migration(self, context, instance, dest, post_method, recover_method, block_migration, migrate_data):
        self._attempts[instance.uuid] = attempts.Attempt(*self._advice(instance, dest, block_migration, migrate_data))
        try:
            return super(GodwitLibvirtDriver, self)._live_migration(
                context, instance, dest, post_method, recover_method, block_migration, migrate_data)
        finally:
            self._attempts.pop(instance.uuid, None)

    def _advice(self, instance, dest, block_migration, migrate_data):
        """Returns the advice of the host driver, or None for Nova's own flags, and whether Godwit only observes."""
        if not domain.enabled():
            LOG.info("%s. Using Nova's own flags", domain.silence(), instance=instance)
            return None, False
        if instance.vm_state == vm_states.PAUSED:
            return None, domain.observes()
        advice, observed = self._godwit.ask(instance, destination=dest,
                                            migration=_read(instance, 'the migration', lambda: migrate_data.migration.uuid),
                                            flags=self._get_migration_flags(block_migration),
                                            technique=_metadata(instance, 'godwit:technique'),
                                            flavor_technique=_extra_spec(instance, 'godwit:technique'),
                                            policy=_metadata(instance, 'godwit:policy'),
                                            flavor_policy=_extra_spec(instance, 'godwit:policy'),
                                            metadata=_wishes(_metadata, instance), extra_specs=_wishes(_extra_spec, instance),
                                            takes_port=_takes_port(migrate_data),
                                            configuration=_configuration())
        silence = domain.silence()
        if advice is not None and silence:
            LOG.warning('%s. The advice of the host driver is not used: %s', silence, advice.technique, instance=instance)
            advice = None
        return advice, observed or domain.observes()

    def _live_migration_operation(self, context, instance, dest, block_migration, migrate_data, guest, device_names):
        attempt = self._attempts.get(instance.uuid) or attempts.Attempt(None)
        ended = threading.Event()
        switches = []

        def on_start(uri, flags, parameters):
            self._godwit.notify('STARTED', instance, destination=dest, order=_resumable(uri, flags, parameters))
            if attempt.advice.switchover == _WHEN_REQUESTED or attempt.advice.switchover in _SWITCHOVER_ITERATION:
                switch = threading.Thread(target=self._switch_over, daemon=True,
                                          args=(instance, guest, migrate_data.migration, attempt, ended))
                switch.start()
                switches.append(switch)

        def on_failure(error):
            ended.set()
            for switch in switches:
                switch.join(_SWITCH_SECONDS)
                if switch.is_alive() or attempt.switched:
                    return 'it was being switched to post-copy'
            withdrawn = self._godwit.tell_refusal(instance, words=str(error), technique=attempt.advice.technique,
                                                  sent=attempt.sent)
            return withdrawn or ('the migration was aborted' if attempt.abort_requested else None)

        try:
            result = super(GodwitLibvirtDriver, self)._live_migration_operation(
                context, instance, dest, block_migration, migrate_data,
                self._wrapped(guest, domain.MigratedDomain(guest._domain, instance, attempt, on_start, on_failure)),
                device_names)
            self._godwit.notify('COMPLETED', instance)
            return result
        except Exception as e:
            aborted = attempt.abort_requested or attempts.was_aborted(e)
            self._godwit.notify('ABORTED' if aborted else 'FAILED', instance, words=str(e))
            # Nova has logged the error, and its monitor finds out how the migration has ended and rolls it back. Up to 2025.1 Nova ignores
            # an error here; later releases would put the server, which runs on its source as before, into state ERROR.
            return None
        finally:
            ended.set()

    def _switch_over(self, instance, guest, migration, attempt, ended):
        """Switches to post-copy in the iteration that the technique requires, or when the host driver wants it.

        It does not if Godwit is switched off or Nova aborts before.
        """
        due = _SWITCHOVER_ITERATION.get(attempt.advice.switchover)

        def is_due():
            if due is not None:
                return _is_due(guest._domain.jobStats(), due)
            self._ask_whether_withdrawn(instance, attempt)
            return attempt.postcopy_reason is not None

        def is_over():
            return ended.is_set() or attempt.abort_requested or attempt.withdrawn is not None or bool(domain.silence())

        while not is_over():
            try:
                if is_due():
                    if due is not None:
                        self._ask_whether_withdrawn(instance, attempt)
                    if is_over():
                        return
                    try:
                        libvirt_migrate.trigger_postcopy_switch(guest, instance, migration)
                    finally:
                        # Also where Nova could not store the new status.
                        attempt.switched = attempt.switched or migration.status == 'running (post-copy)'
                    if attempt.switched:
                        self._godwit.notify('POSTCOPY', instance)
                        return
            except libvirt.libvirtError as e:
                LOG.debug('Cannot switch to post-copy yet: %s', e, instance=instance)
            ended.wait(_POLL_SECONDS if due is not None else _ASK_SECONDS)

    def _ask_whether_withdrawn(self, instance, attempt):
        if attempt.advice is None or not attempt.advice.alive_seconds:
            return
        # Nova's monitor and the thread that switches both ask. An answer takes effect before the next question, so that no late answer
        # undoes a withdrawal.
        with attempt.asking:
            if attempt.withdrawn is not None:
                return
            withdrawn, postcopy = self._godwit.tell_alive(instance)
            if withdrawn:
                LOG.info('The host driver has no influence on this migration any more: %s', withdrawn, instance=instance)
                attempt.withdraw(withdrawn)
            elif postcopy:
                LOG.info('Godwit: %s', postcopy, instance=instance)
                attempt.postcopy_reason = postcopy

    def _live_migration_monitor(self, context, instance, guest, *args, **kwargs):
        attempt = self._attempts.get(instance.uuid) or attempts.Attempt(None)
        self._monitored.attempt = attempt
        watched = domain.MonitoredDomain(
            guest._domain, instance, attempt, lambda: self._ask_whether_withdrawn(instance, attempt))
        try:
            return super(GodwitLibvirtDriver, self)._live_migration_monitor(
                context, instance, self._wrapped(guest, watched), *args, **kwargs)
        finally:
            self._monitored.attempt = None

    def _is_post_copy_enabled(self, migration_flags):
        """Whether post-copy is in Nova's flags, or while a migration is monitored, whether its job can be switched to post-copy.

        Nova's force-complete switches to post-copy if it is enabled, and otherwise pauses the server. libvirt can switch only if the
        job was started with the flag.
        """
        own = super(GodwitLibvirtDriver, self)._is_post_copy_enabled(migration_flags)
        attempt = getattr(self._monitored, 'attempt', None)
        return own if attempt is None else attempts.PostCopyEnabled(own, attempt)

    @staticmethod
    def _wrapped(guest, wrapped_domain):
        wrapped = copy.copy(guest)
        wrapped._domain = wrapped_domain
        return wrapped


def _is_due(stats, iteration):
    """Whether a job has come to an iteration, and to one after the first only when all memory has been sent once.

    QEMU 11.1 counts iterations within the first round as long as post-copy is possible. Free pages that a guest gives back are never sent.
    """
    if stats.get('memory_iteration', 0) < iteration:
        return False
    page = stats.get('memory_page_size') or _PAGE_BYTES
    sent = sum(stats.get(name, 0) for name in ('memory_constant', 'memory_normal', 'compression_pages'))
    unsent = stats.get('memory_total', 0) / page * _ALL_SENT - sent
    return iteration == 1 or unsent <= 0 or stats.get('memory_remaining', 0) / page < unsent


def _configuration():
    """The values of nova.conf that the host driver obeys, as they are in effect, or None if they cannot be read."""
    try:
        values = {name: getattr(cfg.CONF.libvirt, _PREFIX + name, None) for name in _LIBVIRT_OPTIONS}
        values.update((name, getattr(cfg.CONF.godwit, name)) for name in _GODWIT_OPTIONS)
        # A host driver that does not know how to observe takes what is not enabled for switched off.
        values['enabled'] = domain.silence() is None
        values['observe'] = domain.observes()
        values.update((name, getattr(cfg.CONF, name, None)) for name in _DEFAULT_OPTIONS)
        return {name: value for name, value in values.items() if value is not None}
    except Exception as e:
        LOG.warning("Cannot read nova.conf's options for the host driver: %s", e)
        return None


def _resumable(uri, flags, parameters):
    """What libvirt is ordered, if post-copy is part of it: the host driver resumes a post-copy whose connection breaks.

    The destination has the server's definition then.
    """
    if not flags & libvirt.VIR_MIGRATE_POSTCOPY:
        return None
    return {'uri': uri, 'flags': flags,
            'parameters': {name: value for name, value in parameters.items() if name != 'destination_xml'}}


def _takes_port(migrate_data):
    """Whether a port can be put into the URI of a migration without changing the destination's name in it.

    Nova names the destination if live_migration_inbound_addr is set there. Otherwise libvirt does, and the host driver's address can take
    the place of that name, but not where QEMU checks it against a certificate.
    """
    try:
        named = getattr(migrate_data, 'target_connect_addr', None) is not None
    except Exception:  # a field that is not set
        named = False
    return bool((named or not getattr(cfg.CONF.libvirt, _PREFIX + 'with_native_tls', False))
                and getattr(cfg.CONF.libvirt, 'virt_type', 'kvm') in ('kvm', 'qemu'))


def _metadata(instance, key):
    """The value of a key in the server's metadata, which its owner sets, or None."""
    return _read(instance, key, lambda: instance.metadata)


def _extra_spec(instance, key):
    """The value of a key in the extra specs of the server's flavor, which administrators set, or None."""
    return _read(instance, key, lambda: instance.flavor.extra_specs)


def _wishes(read, instance):
    """What one side wants of the SLA bounds and the urgency, by key, or None."""
    return {key: value for key, value in ((key, read(instance, key)) for key in _WISHES) if value} or None


def _read(instance, key, values):
    try:
        return values().get(key) or None
    except Exception as e:
        LOG.debug('Cannot read %s: %s', key, e, instance=instance)
        return None
