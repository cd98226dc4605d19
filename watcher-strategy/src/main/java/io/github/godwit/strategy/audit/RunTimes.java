package io.github.godwit.strategy.audit;

import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.objects.Audit;
import io.github.godwit.strategy.objects.AuditState;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * When a continuous audit runs. It has a row of slots: with seconds from its first run on, with a cron expression the times that this names
 * in UTC. It runs once in each slot from its start time on and before its end time.
 *
 * <ul>
 *   <li>A slot in which it could not run is missed, and it waits for the next one: while no instance was there, while it was suspended, while
 *       its own last run went on, and if it comes more than {@link #LATEST} too late.
 *   <li>A change of interval, start or end time holds at once. A new number of seconds counts from the last slot.
 *   <li>If the clock was put back, it waits no longer than its interval.
 * </ul>
 */
final class RunTimes {

    /** How late a run may be while an instance was there, for example one that takes over from an instance that has died. */
    static final Duration LATEST = Duration.ofMinutes(5);

    /** What is to be done with an audit. */
    enum Kind {
        /** It runs now, in this slot. */
        RUNS,
        /** It waits for this slot. */
        WAITS,
        /** Its slot has passed; it waits for this one. */
        MISSED,
        /** Its end time has come. */
        OVER
    }

    /**
     * A decision.
     *
     * @param kind what is to be done
     * @param slot the slot that it is about; the end time if that has come
     */
    record Due(Kind kind, Instant slot) {}

    private RunTimes() {}

    /**
     * Decides what to do with an audit.
     *
     * @param audit a continuous audit that is pending or ongoing, and does not run
     * @param now   the current time
     * @param since since when this instance is there
     * @throws ServiceRefusal if its interval is none
     */
    static Due due(Audit audit, Instant now, Instant since) {
        if (audit.endTime() != null && !now.isBefore(audit.endTime())) {
            return new Due(Kind.OVER, audit.endTime());
        }
        AuditSchedule schedule = AuditSchedule.parse(audit.interval());
        Instant begin = begin(audit, now);
        Instant latest = schedule.latestFrom(begin);
        Instant slot = audit.nextRunTime() == null ? schedule.firstFrom(begin) : audit.nextRunTime();
        if (slot.isAfter(latest)) {
            slot = latest;
        }
        if (slot.isAfter(now)) {
            return new Due(Kind.WAITS, slot);
        }
        boolean missed = slot.isBefore(since) || Duration.between(slot, now).compareTo(LATEST) > 0;
        return missed ? new Due(Kind.MISSED, schedule.slotAfter(slot, now)) : new Due(Kind.RUNS, slot);
    }

    private static Instant begin(Audit audit, Instant now) {
        return audit.startTime() != null && audit.startTime().isAfter(now) ? audit.startTime() : now;
    }

    /**
     * The slot after a run that ends now. Slots that passed meanwhile are missed.
     *
     * @param audit the audit as it is now
     * @param ran   the slot in which it ran
     */
    static Instant after(Audit audit, Instant ran, Instant now) {
        AuditSchedule schedule = AuditSchedule.parse(audit.interval());
        Instant begin = begin(audit, now);
        return begin.isAfter(now) ? schedule.firstFrom(begin) : schedule.slotAfter(ran, now);
    }

    /**
     * The first slot of a new audit.
     *
     * @throws ServiceRefusal if it has none before its end time
     */
    static Instant first(Audit audit, Instant now) {
        Instant first = AuditSchedule.parse(audit.interval()).firstFrom(begin(audit, now));
        if (audit.endTime() != null && !first.isBefore(audit.endTime())) {
            throw ServiceRefusal.invalid(
                    "The audit would never run: with interval '%s' its first run would be at %s, and its end_time is %s. Choose a later one."
                            .formatted(audit.interval(), first, audit.endTime()));
        }
        return first;
    }

    /** Whether a client has changed what slots depend on. */
    static boolean differ(Audit before, Audit after) {
        return before.state() != after.state() || timesDiffer(before, after);
    }

    /** Whether a client has changed interval, start or end time. */
    static boolean timesDiffer(Audit before, Audit after) {
        return !Objects.equals(before.interval(), after.interval())
                || !Objects.equals(before.startTime(), after.startTime())
                || !Objects.equals(before.endTime(), after.endTime());
    }

    /**
     * The next slot of an audit that a client has changed or resumed.
     *
     * @param before as it was, with its next slot
     * @param after  as it is now
     */
    static Instant changed(Audit before, Audit after, Instant now) {
        AuditSchedule schedule = AuditSchedule.parse(after.interval());
        Instant begin = begin(after, now);
        boolean startsAnew = before.nextRunTime() == null
                || before.state() == AuditState.PENDING
                || (begin.isAfter(now) && !Objects.equals(before.startTime(), after.startTime()));
        if (schedule.isCron() || startsAnew) {
            return schedule.firstFrom(begin);
        }
        Instant slot = before.nextRunTime();
        if (before.interval().equals(after.interval())) {
            return slot.isAfter(now) ? earlier(slot, schedule.latestFrom(begin)) : schedule.slotAfter(slot, now);
        }
        Optional<Instant> last = AuditSchedule.every(before.interval()).map(slot::minus);
        return last.map(schedule::latestFrom).filter(begin::isBefore).orElse(begin);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** When an audit that waits for a slot is due: then, or at its end time. */
    static Instant wake(Audit audit, Instant slot) {
        return audit.endTime() == null ? slot : earlier(slot, audit.endTime());
    }
}
