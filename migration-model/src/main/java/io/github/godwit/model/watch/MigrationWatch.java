package io.github.godwit.model.watch;

import io.github.godwit.model.watch.WatchChange.RaiseDowntimeLimit;
import io.github.godwit.model.watch.WatchChange.StartPostcopy;
import java.time.Duration;
import java.util.Optional;

/**
 * Decides what to change about a migration while it runs in pre-copy: first a longer downtime limit within the SLO ({@link DowntimeRamp}),
 * and where that does not suffice, post-copy, if it is possible and permitted. Pure; the same for all drivers.
 *
 * <p>Post-copy begins at a local minimum of what remains, as KubeVirt's stall detector does (VEP 248): after {@value #STALLED} rounds
 * without progress, in the first one in which hardly more remains than in the best one so far, because all that remains is missing on the
 * destination. After {@value #PATIENCE} rounds without progress it begins anyhow. KubeVirt waits until the rounds of 40 s bring no progress;
 * rounds that are compared with each other need no such time. After a long round one without progress suffices: its figures are means of
 * what the guest does.
 *
 * @param ramp             raises the downtime limit
 * @param postcopyFallback whether the migration can be switched to post-copy, and that is permitted
 * @param timeLimit        time within which it should end; what could only be cancelled then is switched to post-copy shortly before. Null
 *                         for none
 */
public record MigrationWatch(DowntimeRamp ramp, boolean postcopyFallback, Duration timeLimit) {

    /** Changes nothing. */
    public static final MigrationWatch NONE = new MigrationWatch(DowntimeRamp.NONE, false, null);

    /** Rounds in a row without progress after which post-copy begins at the next local minimum. */
    private static final int STALLED = 2;

    /** Rounds in a row without progress after which it begins anyhow. */
    private static final int PATIENCE = 5;

    /** A round of this length, in ms, is long. */
    private static final long LONG_ROUND = 5_000;

    /** How much more than in the best round may remain at a local minimum. */
    private static final double NEAR_BEST = 1.05;

    /**
     * A decision.
     *
     * @param state  what to remember
     * @param change what to change; empty to continue
     */
    public record Decision(DowntimeRamp.State state, Optional<WatchChange> change) {}

    /**
     * What is remembered when the migration begins.
     *
     * @param limit the downtime limit that it begins with
     */
    public static DowntimeRamp.State initial(Duration limit) {
        return DowntimeRamp.initial(limit);
    }

    /**
     * Decides after a poll.
     *
     * @param round the figures of the present round
     * @param state what is remembered: {@link #initial}, or the state of the last decision
     */
    public Decision next(PrecopyRound round, DowntimeRamp.State state) {
        DowntimeRamp.Decision ramped = ramp.next(round, state);
        if (ramped.limit().isPresent()) {
            return new Decision(ramped.state(), ramped.limit().map(RaiseDowntimeLimit::new));
        }
        boolean known = round.number() > state.round();
        Optional<WatchChange> stalled = postcopyFallback && known ? stalled(round, ramped.state()) : Optional.empty();
        boolean late = timeLimit != null
                && round.elapsedMillis() + Math.max(0, round.expectedDowntimeMillis()) >= timeLimit.toMillis();
        return new Decision(ramped.state(), stalled.or(() -> late ? insteadOfCancelling(round) : Optional.empty()));
    }

    /**
     * What is done with a migration that will not end, or has not ended, within its time limit. In post-copy what remains is sent once more:
     * it ends about as much later as its downtime would have been. A migration that has not sent all memory once is cancelled all the same.
     *
     * @param round the last figures
     * @return a change, or nothing if the migration is to be cancelled
     */
    public Optional<WatchChange> insteadOfCancelling(PrecopyRound round) {
        return postcopyFallback && round.number() > 1
                ? Optional.of(new StartPostcopy(
                        "it would not have ended within its time limit of %d s".formatted(timeLimit.toSeconds())))
                : Optional.empty();
    }

    private Optional<WatchChange> stalled(PrecopyRound round, DowntimeRamp.State state) {
        boolean nearBest = round.expectedDowntimeMillis() <= state.shortestMillis() * NEAR_BEST;
        boolean withinRamp = ramp.needed(round) <= Math.max(ramp.ceiling().toMillis(), state.limitMillis());
        int enough = round.expectedDowntimeMillis() >= LONG_ROUND ? 1 : STALLED;
        boolean hopeless = state.stalled() >= enough && nearBest && !withinRamp;
        return hopeless || state.stalled() >= PATIENCE
                ? Optional.of(new StartPostcopy(
                        "the rounds of pre-copy no longer became shorter, and the last one would have meant a downtime of %d ms"
                                .formatted(round.expectedDowntimeMillis())))
                : Optional.empty();
    }
}
