package io.github.godwit.host.nova;

import io.github.godwit.host.libvirt.JobStats;
import io.github.godwit.host.nova.PendingNovaMigration.Signal;
import java.util.Optional;

/** What happens to a migration that {@link NovaSupervisor} follows. */
sealed interface NovaSupervisionEvent {

    /** libvirt sent an event, nova-compute sent a message, or somebody woke the supervisor. */
    record Signalled(Signal signal) implements NovaSupervisionEvent {}

    /** Comes after each {@link Signalled} event, and when a poll is due. */
    record TimePassed() implements NovaSupervisionEvent {}

    /** The answer to {@link NovaSupervisionAction.Command#POLL}; empty where libvirt has no job or did not answer. */
    record Polled(Optional<JobStats> stats) implements NovaSupervisionEvent {}

    /** The answer to {@link NovaSupervisionAction.Command#POLL_DOWNTIME}; empty where libvirt has no job or did not answer. */
    record DowntimePolled(Optional<JobStats> stats) implements NovaSupervisionEvent {}

    /** The answer to {@link NovaSupervisionAction.Command#LOCATE}. */
    record Located(Place place) implements NovaSupervisionEvent {}

    /** Where a VM is that libvirt has no migration job for. */
    enum Place {
        /** Its QEMU runs on this host. */
        HERE,
        /** It has gone from this host and runs on the destination. */
        THERE,
        /** It has gone from this host, and the destination's host driver does not report that it runs there. */
        UNKNOWN
    }
}
