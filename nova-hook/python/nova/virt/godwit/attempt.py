# SPDX-License-Identifier: Apache-2.0
"""What the threads of one live migration share: Nova's operation, Nova's monitor, and the switch to post-copy."""
import threading

import libvirt

_POSTCOPY = 'VIR_MIGRATE_POSTCOPY'


class Attempt(object):
    """A live migration: as the host driver advises, and after a failure of that once with Nova's own flags.

    Whatever Godwit has replaced is kept here as Nova wanted it, so that the second try has all of it back.
    """

    def __init__(self, advice, observed=False):
        self._lock = threading.Lock()
        # Held while the host driver is asked about this migration.
        self.asking = threading.Lock()
        self._wanted_downtime = None
        self._downtime_due = False
        # What libvirt's job was started with; None for Nova's own flags.
        self.advice = advice
        # Whether Godwit only observes, so that nothing of Nova's order may be changed.
        self.observed = observed
        # Why Godwit has no influence any more, although libvirt's job was started as advised.
        self.withdrawn = None
        # Why the host driver wants it switched to post-copy now.
        self.postcopy_reason = None
        # Whether anybody has asked Nova to abort the migration.
        self.abort_requested = False
        # Whether Nova has switched it to post-copy.
        self.switched = False
        # Whether libvirt has reported that it sends memory.
        self.sent = False

    def withdraw(self, reason):
        """Leaves a migration that runs to Nova: its job goes on, with Nova's downtime limits."""
        with self._lock:
            if self.advice is not None and self.withdrawn is None:
                self.withdrawn = reason
                self._downtime_due = self._wanted_downtime is not None

    def use_own_flags(self):
        """From now on nothing of the advice is in effect."""
        with self._lock:
            self.advice = None
            self._downtime_due = self._wanted_downtime is not None

    def saw(self, stats):
        """Takes note of libvirt's job statistics."""
        if stats.get('memory_processed', 0) > 0:
            self.sent = True

    def ends_with_this_job(self):
        """Whether the migration has failed if libvirt's job has: otherwise Nova's own flags may still be tried."""
        return self.advice is None or self.abort_requested or self.switched

    def downtime(self, wanted):
        """The downtime limit in ms in place of the one that Nova wants."""
        with self._lock:
            self._wanted_downtime = wanted
            return wanted if self._is_novas() else self.advice.downtime_ms

    def due_downtime(self):
        """The downtime limit that Nova has set in vain while the advice was in effect, once; None if there is none."""
        with self._lock:
            if not self._downtime_due:
                return None
            self._downtime_due = False
            return self._wanted_downtime

    def _is_novas(self):
        return self.advice is None or self.withdrawn is not None

    def post_copy(self, own):
        """Whether libvirt can switch this job to post-copy. Advice that leaves the flag alone keeps what nova.conf permits."""
        advice = self.advice
        if advice is None:
            return own
        return _POSTCOPY in advice.flags or (own and _POSTCOPY not in advice.clear)


class PostCopyEnabled(object):
    """Whether force-complete may switch to post-copy. Nova reads it once, but it changes when Nova's own flags are used after all."""

    def __init__(self, own, attempt, possible=True):
        self._own = own
        self._attempt = attempt
        self._possible = possible

    def __bool__(self):
        return self._possible and self._attempt.post_copy(self._own)

    def __and__(self, other):
        return PostCopyEnabled(self._own, self._attempt, self._possible and bool(other))


def was_aborted(error):
    """Whether libvirt ended a job because somebody has aborted it."""
    return isinstance(error, libvirt.libvirtError) and error.get_error_code() == libvirt.VIR_ERR_OPERATION_ABORTED
