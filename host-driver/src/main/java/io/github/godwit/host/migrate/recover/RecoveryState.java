package io.github.godwit.host.migrate.recover;

import io.github.godwit.hostapi.PostcopyRecovery;
import java.time.Duration;

/**
 * What {@link RecoveryRule} remembers of a migration.
 *
 * @param counts what has happened so far; the pause of a break that lasts is not part of it
 * @param now    the break that lasts; null if the connection is not broken
 */
public record RecoveryState(PostcopyRecovery counts, Break now) {

    /** The connection has not broken. */
    public static final RecoveryState NONE = new RecoveryState(new PostcopyRecovery(0, 0, 0, 0, null), null);

    /**
     * A break that lasts.
     *
     * @param cause      why the connection broke
     * @param sinceNanos when that was noticed
     * @param tries      attempts since then
     * @param nextNanos  when the next one is due
     * @param pending    the attempt that runs; null if none does
     * @param givenUp    whether it is left to an operator
     */
    record Break(String cause, long sinceNanos, int tries, long nextNanos, Pending pending, boolean givenUp) {
        boolean lastsAt(long nanos, Duration atLeast) {
            return nanos - sinceNanos >= atLeast.toNanos();
        }

        Break tried(Pending begun) {
            return new Break(cause, sinceNanos, tries + 1, nextNanos, begun, givenUp);
        }

        Break waitingUntil(long nanos) {
            return new Break(cause, sinceNanos, tries, nanos, null, givenUp);
        }

        Break seen() {
            return pending == null
                    ? this
                    : new Break(cause, sinceNanos, tries, nextNanos, new Pending(pending.sinceNanos(), true), givenUp);
        }

        Break leftToAnOperator() {
            return new Break(cause, sinceNanos, tries, nextNanos, null, true);
        }
    }

    /**
     * An attempt that runs.
     *
     * @param sinceNanos when it began
     * @param seen       whether QEMU has reported that it recovers
     */
    record Pending(long sinceNanos, boolean seen) {}

    /** Whether the connection is broken, as far as is known. */
    public boolean broken() {
        return now != null;
    }

    /** What has happened, with the pause of a break that lasts; null if the connection has not broken. */
    public PostcopyRecovery soFar(long nanos) {
        if (counts.breaks() == 0 || !broken()) {
            return counts.breaks() == 0 ? null : counts;
        }
        return counts(0, 0, Duration.ofNanos(nanos - now.sinceNanos()).toMillis(), counts.reason());
    }

    private PostcopyRecovery counts(int recovered, int attempts, long millis, String reason) {
        return new PostcopyRecovery(
                counts.breaks(),
                counts.recovered() + recovered,
                counts.attempts() + attempts,
                counts.pausedMillis() + millis,
                reason);
    }

    RecoveryState broke(String reason, long nanos) {
        PostcopyRecovery more = new PostcopyRecovery(
                counts.breaks() + 1, counts.recovered(), counts.attempts(), counts.pausedMillis(), reason);
        return new RecoveryState(more, new Break(reason, nanos, 0, nanos, null, false));
    }

    RecoveryState recovered(long nanos) {
        long lasted = Duration.ofNanos(nanos - now.sinceNanos()).toMillis();
        return new RecoveryState(counts(1, 0, lasted, counts.reason()), null);
    }

    RecoveryState tried(Pending begun) {
        return new RecoveryState(counts(0, 1, 0, counts.reason()), now.tried(begun));
    }

    RecoveryState failed(String reason, long next) {
        return new RecoveryState(counts(0, 0, 0, reason), now.waitingUntil(next));
    }

    RecoveryState seen() {
        return broken() ? new RecoveryState(counts, now.seen()) : this;
    }

    RecoveryState leftToAnOperator() {
        return new RecoveryState(counts, now.leftToAnOperator());
    }
}
