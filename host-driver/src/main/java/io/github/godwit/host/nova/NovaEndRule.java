package io.github.godwit.host.nova;

import io.github.godwit.host.libvirt.JobStats;
import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.Step;
import io.github.godwit.host.nova.NovaMessage.Kind;
import io.github.godwit.host.nova.NovaSupervisionAction.Command;
import io.github.godwit.host.nova.NovaSupervisionAction.End;
import io.github.godwit.host.nova.NovaSupervisionAction.Fail;
import io.github.godwit.host.nova.NovaSupervisionAction.Note;
import io.github.godwit.host.nova.NovaSupervisionEvent.Place;
import java.time.Duration;
import java.util.Map;

/**
 * How a migration has ended of which libvirt does not report the end: as nova-compute says, or else by the place where the VM is. A VM that
 * runs on the destination has arrived. One that is still here is waited for, because Nova may be about to begin. Pure.
 */
final class NovaEndRule {

    /** How often it is asked where the VM is. */
    static final Duration LOCATE_EVERY = Duration.ofSeconds(2);

    /** How long a VM that is here without a job is waited for, where nova-compute shows no sign of following it. */
    static final Duration STAYS = Duration.ofSeconds(30);

    /** How long a VM is waited for that is neither here nor there. */
    static final Duration LOST = Duration.ofMinutes(5);

    private NovaEndRule() {}

    /** Decides about a migration that libvirt has no job for. */
    static Step<NovaSupervisionState, NovaSupervisionAction> ifOverdue(NovaSupervisionState state, NovaMoment now) {
        if (now.nanos() - state.deadlineNanos() < 0) {
            return Step.of(state);
        }
        return state.end() == null
                ? Step.of(state.overdueAt(now.nanos(), now.nanos() + LOCATE_EVERY.toNanos()), Command.LOCATE)
                : byNova(state, state.end());
    }

    private static Step<NovaSupervisionState, NovaSupervisionAction> byNova(
            NovaSupervisionState state, NovaMessage end) {
        return end.message() == Kind.COMPLETED
                ? arrived(state, "libvirt did not report the figures of the migration", end.words())
                : stayed(state, end.message() == Kind.ABORTED ? "cancelled" : "failed", end.words());
    }

    /** Decides by the place where the VM is. */
    static Step<NovaSupervisionState, NovaSupervisionAction> located(
            Place place, NovaSupervisionState state, NovaMoment now) {
        long overdue = now.nanos() - state.clock().overdueNanos();
        return switch (place) {
            case THERE ->
                arrived(
                        state,
                        "Neither libvirt nor nova-compute reported the end of the migration. The VM runs on the destination",
                        null);
            case HERE -> overdue < STAYS.toNanos() ? Step.of(state) : stays(state, now);
            case UNKNOWN ->
                overdue < LOST.toNanos()
                        ? Step.of(state)
                        : Step.of(
                                state,
                                new Fail(
                                        ("Neither libvirt nor nova-compute reported how the migration ended. The VM is not on this host, and"
                                                        + " for %d s the destination's host driver has not reported that it runs there. See the"
                                                        + " log of nova-compute.")
                                                .formatted(LOST.toSeconds())));
        };
    }

    private static Step<NovaSupervisionState, NovaSupervisionAction> stays(NovaSupervisionState state, NovaMoment now) {
        if (now.cancelWanted() || state.nova().deserted()) {
            return stayed(state, "cancelled", null);
        }
        return state.job().begun()
                ? stayed(
                        state,
                        "failed",
                        "its job has ended and the VM is on this host as before. nova-compute has not reported why; see its log")
                : Step.of(
                        state,
                        new Fail("Nova asked for the migration but did not begin it. See the log of nova-compute."));
    }

    private static Step<NovaSupervisionState, NovaSupervisionAction> stayed(
            NovaSupervisionState state, String status, String words) {
        MigrationInfo info = MigrationInfo.of(state.last(), status, words);
        return Step.of(state, new End(info.withSwitchDowntime(state.switchDowntimeMillis())));
    }

    /** The last figures are not those of the end. */
    private static Step<NovaSupervisionState, NovaSupervisionAction> arrived(
            NovaSupervisionState state, String note, String words) {
        MigrationInfo info = MigrationInfo.of(new JobStats(Map.of()), "completed", words);
        return Step.of(state, new Note(note), new End(info.withSwitchDowntime(state.switchDowntimeMillis())));
    }
}
