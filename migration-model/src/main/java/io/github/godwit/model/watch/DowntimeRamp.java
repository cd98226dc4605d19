package io.github.godwit.model.watch;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.select.Slo;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.technique.MigrationLimits;
import io.github.godwit.model.technique.Technique;
import java.time.Duration;
import java.util.Optional;

/**
 * Raises QEMU's {@code downtime-limit} while a migration runs in pre-copy and does not come closer to its end, as far as the SLO on downtime
 * permits. Pure.
 *
 * <p>QEMU switches over when it expects a downtime below the limit. Each round takes as long as sending what the guest wrote in the round
 * before, so rounds become shorter until the guest writes as much in a round as the round before it sent. From then on only a longer
 * downtime ends the migration. The limit is raised to just what is needed, and only then: a limit that is long from the start would end
 * every migration with a long downtime, because QEMU does not wait for a shorter one.
 *
 * @param ceiling the longest limit; the limit stays as it is where that is shorter
 */
public record DowntimeRamp(Duration ceiling) {

    /** Leaves the limit as it is. */
    public static final DowntimeRamp NONE = new DowntimeRamp(Duration.ZERO);

    /** Rounds without progress until the limit is raised. */
    private static final int STALLED = 2;

    /** Share of the shortest expected downtime so far that counts as progress. */
    private static final double PROGRESS = 0.9;

    /** The guest's rate varies from round to round. */
    private static final double MARGIN = 1.1;

    /** Share of the SLO that the limit may take up: the device state, and what QEMU's estimate misses, come on top. */
    private static final double SHARE_OF_SLO = 0.8;

    /**
     * What is remembered of the rounds so far.
     *
     * @param round           number of the last one
     * @param shortestMillis  the shortest expected downtime, in ms; {@link Long#MAX_VALUE} before the first
     * @param stalled         rounds in a row that have made no progress
     * @param throttlePercent the throttle in the last one
     * @param limitMillis     the present limit, in ms
     */
    public record State(int round, long shortestMillis, int stalled, int throttlePercent, long limitMillis) {}

    /**
     * A decision.
     *
     * @param state what to remember
     * @param limit the limit to set; empty to leave it as it is
     */
    public record Decision(State state, Optional<Duration> limit) {}

    /**
     * The ramp of a migration.
     *
     * @param technique how the VM is migrated; in post-copy, and before it, the limit has another purpose
     * @param policy    the policy, if there is one; without an SLO on downtime the limit stays as it is
     * @param limits    the operator's limits, which hold whatever the policy permits
     */
    public static DowntimeRamp of(Technique technique, Optional<SloPolicy> policy, MigrationLimits limits) {
        if (technique.isPostCopy()) {
            return NONE;
        }
        return policy.flatMap(each -> each.slo(Metric.DOWNTIME))
                .map(Slo::threshold)
                .map(millis -> limits.shorter(Duration.ofMillis(Math.round(millis * SHARE_OF_SLO))))
                .map(DowntimeRamp::new)
                .orElse(NONE);
    }

    /**
     * What is remembered when the migration begins.
     *
     * @param limit the limit that it begins with
     */
    public static State initial(Duration limit) {
        return new State(0, Long.MAX_VALUE, 0, 0, limit.toMillis());
    }

    /** The longest expected downtime that the limit may be raised for, in ms. */
    double longest() {
        return ceiling.toMillis() / MARGIN;
    }

    /**
     * Decides after a round.
     *
     * @param round its figures; those of the first round, and of one that is known already, change nothing
     * @param state what is remembered: {@link #initial}, or the state of the last decision
     */
    public Decision next(PrecopyRound round, State state) {
        if (round.number() < RoundGrowth.FIRST_ROUND
                || round.number() <= state.round()
                || round.expectedDowntimeMillis() <= 0) {
            return new Decision(state, Optional.empty());
        }
        long expected = round.expectedDowntimeMillis();
        boolean progress = expected < state.shortestMillis() * PROGRESS
                // More throttle makes the next rounds shorter.
                || round.throttlePercent() > state.throttlePercent();
        int stalled = progress ? 0 : state.stalled() + 1;
        long needed = Math.round(expected * MARGIN);
        boolean raise = stalled >= STALLED && needed > state.limitMillis() && needed <= ceiling.toMillis();
        return new Decision(
                new State(
                        round.number(),
                        Math.min(expected, state.shortestMillis()),
                        raise ? 0 : stalled,
                        round.throttlePercent(),
                        raise ? needed : state.limitMillis()),
                raise ? Optional.of(Duration.ofMillis(needed)) : Optional.empty());
    }
}
