# SPDX-License-Identifier: Apache-2.0
"""The libvirt domain that Nova migrates and watches, with the host driver's advice in the way."""
import time

import libvirt
from nova.virt.godwit import attempt as attempts
from oslo_config import cfg
from oslo_log import log as logging

LOG = logging.getLogger(__name__)

# how libvirt reports a state of QEMU's migration that it does not know
_UNKNOWN_STATE = 'unexpected migration status in '


def enabled():
    """Whether nova.conf lets Godwit influence live migrations."""
    return _option('enabled')


def observes():
    """Whether Godwit follows live migrations, and Nova's own flags are used."""
    return enabled() and _option('observe', invalid=True)


def silence():
    """Why Godwit may change nothing about live migrations, or None if it may."""
    if not enabled():
        return '[godwit] enabled is False'
    return '[godwit] observe is True' if observes() else None


def _option(name, invalid=False):
    """A boolean of [godwit]. oslo.config reports an invalid value only when it is read, and must not fail a migration with that.

    :param invalid: what an invalid value is taken for
    """
    try:
        return getattr(cfg.CONF.godwit, name)
    except Exception as e:
        LOG.error('[godwit] %s is taken for %s: %s', name, invalid, e)
        return invalid


def _with_port(uri, advice):
    """Nova's URI for the migration's data with a port, which libvirt takes without looking at the range of qemu.conf.

    A URI that names something else than the address on which the port was tried stays as it is.
    """
    named = 'tcp://[%s]' % advice.address if ':' in advice.address else 'tcp://%s' % advice.address
    return '%s:%d' % (named, advice.port) if uri in (None, '', named) else uri


class MigratedDomain(object):
    """The domain of Nova's operation thread: migrates as advised, and if that fails once with Nova's own flags."""

    def __init__(self, domain, instance, attempt, on_start, on_failure):
        """Wraps a domain.

        :param on_start: called with the URI, the flags and the parameters just before libvirt gets the advised migration
        :param on_failure: called with the error before Nova's own flags are used; returns why they must not be used, or None
        """
        self._real = domain
        self._instance = instance
        self._attempt = attempt
        self._on_start = on_start
        self._on_failure = on_failure

    def __getattr__(self, name):
        return getattr(self._real, name)

    def migrateToURI3(self, uri, params=None, flags=0):
        params = dict(params or {})
        if not silence() and not self._attempt.observed and _option('append_console_log'):
            for name in ('destination_xml', 'persistent_xml'):
                if params.get(name):
                    params[name] = params[name].replace('append="off"', 'append="on"')
        if self._attempt.advice is not None:
            before = self._state()
            try:
                return self._migrate_as_advised(uri, params, flags)
            except Exception as e:
                obstacle = self._obstacle(e, before) or self._on_failure(e)
                if obstacle:
                    LOG.info("Nova's own flags are not tried after the failure of %s: %s", self._attempt.advice.technique, obstacle,
                             instance=self._instance)
                    raise
                LOG.warning("libvirt did not migrate by %s: %s. Using Nova's own flags", self._attempt.advice.technique, e,
                            instance=self._instance)
                self._attempt.use_own_flags()
        return self._real.migrateToURI3(uri, params=params, flags=flags)

    def _migrate_as_advised(self, uri, params, flags):
        advice = self._attempt.advice
        advised = dict(params)
        advised.update(advice.parameters)
        for name in advice.clear:
            flags &= ~getattr(libvirt, name, 0)
        if 'parallel.connections' not in advice.parameters:
            advised.pop('parallel.connections', None)
        for name in advice.flags:
            flags |= getattr(libvirt, name)
        if advice.port:
            advised['migrate_uri'] = _with_port(advised.get('migrate_uri'), advice)
        LOG.info('Godwit: %s, flags %#x, %s: %s', advice.technique, flags, advice.parameters, advice.reason,
                 instance=self._instance)
        self._on_start(uri, flags, advised)
        return self._real.migrateToURI3(uri, params=advised, flags=flags)

    def _obstacle(self, error, before):
        """Why Nova's own flags must not be tried after an error, or None.

        What counts is where the server is, not libvirt's error code, which for many refusals is that of an internal error. libvirt
        returns only after the destination has dropped what it had prepared, and after the source's job has ended.
        """
        if self._attempt.abort_requested or attempts.was_aborted(error):
            return 'the migration was aborted'
        if self._attempt.switched:
            return 'it was in post-copy'
        try:
            state = self._real.state()[0]
            job = self._real.jobStats().get('type', libvirt.VIR_DOMAIN_JOB_NONE)
        except Exception as e:
            return 'libvirt does not tell where the server is: %s' % e
        if state != before:
            return 'the server is in state %s of libvirt, before it was in %s' % (state, before)
        if job != libvirt.VIR_DOMAIN_JOB_NONE:
            return 'libvirt still has a job of type %s' % job
        return None

    def _state(self):
        try:
            return self._real.state()[0]
        except Exception as e:
            LOG.debug('libvirt does not tell the state of the server: %s', e, instance=self._instance)
            return None


class MonitoredDomain(object):
    """The domain of Nova's monitor thread: hides the failure of a job that is not the last, and replaces downtime limits."""

    def __init__(self, domain, instance, attempt, alive):
        """Wraps a domain.

        :param alive: called from time to time while the migration is followed
        """
        self._real = domain
        self._instance = instance
        self._attempt = attempt
        self._alive = alive
        self._next_sign = time.monotonic()
        self._last_stats = {'type': libvirt.VIR_DOMAIN_JOB_UNBOUNDED}

    def __getattr__(self, name):
        return getattr(self._real, name)

    def jobStats(self, *args):
        # Nova would roll the migration back while its operation thread still tries. Between the two jobs libvirt reports none,
        # for which Nova waits as long as that thread runs.
        last = self._attempt.ends_with_this_job()
        stats = self._job_stats(*args)
        if not last and stats.get('type') == libvirt.VIR_DOMAIN_JOB_FAILED:
            stats = dict(stats, type=libvirt.VIR_DOMAIN_JOB_NONE)
        if stats.get('type') == libvirt.VIR_DOMAIN_JOB_UNBOUNDED:
            self._attempt.saw(stats)
            self._give_downtime_back()
        self._show_that_nova_follows()
        return stats

    def _job_stats(self, *args):
        try:
            self._last_stats = self._real.jobStats(*args)
        except libvirt.libvirtError as e:
            # QEMU 10.2 and later are in postcopy-device for a moment when post-copy starts. libvirt 12.8 does not know that state, and
            # Nova would take the error for the end of the migration. Once libvirt's job is over, QEMU is not asked any more.
            if _UNKNOWN_STATE not in str(e):
                raise
            LOG.debug('libvirt does not know the state of the migration: %s', e, instance=self._instance)
        return dict(self._last_stats)

    def _show_that_nova_follows(self):
        advice = self._attempt.advice
        if advice is None or not advice.alive_seconds or time.monotonic() < self._next_sign:
            return
        self._next_sign = time.monotonic() + advice.alive_seconds
        self._alive()

    def _give_downtime_back(self):
        due = self._attempt.due_downtime()
        if due is not None:
            try:
                self._real.migrateSetMaxDowntime(due, 0)
            except libvirt.libvirtError as e:
                LOG.warning("Cannot set Nova's downtime limit of %d ms again: %s", due, e, instance=self._instance)

    def migrateSetMaxDowntime(self, downtime, flags=0):
        limit = self._attempt.downtime(downtime)
        result = self._real.migrateSetMaxDowntime(limit, flags)
        if limit != downtime:
            self._give_downtime_back()  # if the advice was given up meanwhile
        return result

    def migrateStartPostCopy(self, flags=0):
        result = self._real.migrateStartPostCopy(flags)
        self._attempt.switched = True
        return result

    def abortJob(self):
        self._attempt.abort_requested = True
        return self._real.abortJob()
