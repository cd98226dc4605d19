package io.github.godwit.model.watch;

import io.github.godwit.model.watch.WatchChange.RaiseDowntimeLimit;
import io.github.godwit.model.watch.WatchChange.StartPostcopy;
import java.time.Duration;
import java.util.Optional;

/**
 * Decides what to change about a migration while it runs in pre-copy: first a longer downtime limit within the SLO ({@link DowntimeRamp}),
 * and where that does not suffice, post-copy, if it is possible and permitted. Pure; the same for all drivers.
 *
 * <p>After each round it forecasts the rest ({@link PrecopyForecast}) from how the rounds become shorter ({@link RoundGrowth}). Post-copy
 * begins after a round from which the way to the end would take {@value #TIMES_AS_LONG} times as long as the switch costs, unless the switch
 * is expected to be cheaper after one of the next rounds. KubeVirt's stall detector (VEP 248) waits until the rounds of 40 s bring no
 * progress, and then for a local minimum of what remains.
 *
 * @param ramp             raises the downtime limit
 * @param postcopyFallback whether the migration can be switched to post-copy, and that is permitted
 * @param timeLimit        time within which it should end; what could only be cancelled then is switched to post-copy shortly before. Null
 *                         for none
 */
public record MigrationWatch(DowntimeRamp ramp, boolean postcopyFallback, Duration timeLimit) {

    /** Changes nothing. */
    public static final MigrationWatch NONE = new MigrationWatch(DowntimeRamp.NONE, false, null);

    /** How much longer than a switch costs a pre-copy may take to its end: post-copy has risks that a pre-copy does not have. */
    private static final double TIMES_AS_LONG = 1.5;

    /**
     * What is remembered of the rounds so far.
     *
     * @param ramp   of the downtime limit
     * @param growth how the rounds become shorter
     */
    public record State(DowntimeRamp.State ramp, RoundGrowth growth) {}

    /**
     * A decision.
     *
     * @param state  what to remember
     * @param change what to change; empty to continue
     */
    public record Decision(State state, Optional<WatchChange> change) {}

    /**
     * What is remembered when the migration begins.
     *
     * @param limit the downtime limit that it begins with
     */
    public static State initial(Duration limit) {
        return new State(DowntimeRamp.initial(limit), RoundGrowth.NONE);
    }

    /**
     * Decides after a poll.
     *
     * @param round the figures of the present round
     * @param state what is remembered: {@link #initial}, or the state of the last decision
     */
    public Decision next(PrecopyRound round, State state) {
        DowntimeRamp.Decision ramped = ramp.next(round, state.ramp());
        RoundGrowth growth = state.growth().after(round);
        State next = new State(ramped.state(), growth);
        if (ramped.limit().isPresent()) {
            return new Decision(next, ramped.limit().map(RaiseDowntimeLimit::new));
        }
        boolean known = growth.round() > state.growth().round() && growth.ratios() > 0;
        Optional<WatchChange> stalled =
                postcopyFallback && known ? stalled(round, growth, ramped.state()) : Optional.empty();
        boolean late = timeLimit != null
                && round.elapsedMillis() + Math.max(0, round.expectedDowntimeMillis()) >= timeLimit.toMillis();
        return new Decision(next, stalled.or(() -> late ? insteadOfCancelling(round) : Optional.empty()));
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

    private Optional<WatchChange> stalled(PrecopyRound round, RoundGrowth growth, DowntimeRamp.State state) {
        double limit = Math.max(ramp.longest(), state.limitMillis());
        PrecopyForecast rest = new PrecopyForecast(round, growth.ratio(), limit);
        boolean tooLong = rest.millisToEnd() > TIMES_AS_LONG * rest.costNow();
        return tooLong && rest.costNow() <= rest.costLater()
                ? Optional.of(new StartPostcopy(
                        "each round of pre-copy took %.0f %% of the time of the round before, and the last one would have meant a downtime of %d ms"
                                .formatted(100 * growth.ratio(), round.expectedDowntimeMillis())))
                : Optional.empty();
    }
}
