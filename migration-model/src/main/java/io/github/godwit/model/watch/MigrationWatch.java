package io.github.godwit.model.watch;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.watch.SecondChoice.SecondAttempt;
import io.github.godwit.model.watch.WatchChange.BeginAgain;
import io.github.godwit.model.watch.WatchChange.RaiseDowntimeLimit;
import io.github.godwit.model.watch.WatchChange.RaiseThrottle;
import io.github.godwit.model.watch.WatchChange.StartPostcopy;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Decides what to change about a migration while it runs in pre-copy: first a longer downtime limit within the SLO ({@link DowntimeRamp}),
 * and where that does not suffice, post-copy, if it is possible and permitted, or more throttle, if the technique throttles and the
 * migration could otherwise only be cancelled at its time limit. Where neither is possible, it is begun again by another technique, if that
 * takes less time than the rest of this one. Pure; the same for all drivers.
 *
 * <p>After each round it forecasts the rest ({@link PrecopyForecast}) from how the rounds become shorter ({@link RoundGrowth}). Post-copy
 * begins after a round from which the way to the end would take {@value #TIMES_AS_LONG} times as long as the switch costs, unless the switch
 * is expected to be cheaper after one of the next rounds. KubeVirt's stall detector (VEP 248) waits until the rounds of 40 s bring no
 * progress, and then for a local minimum of what remains.
 *
 * @param ramp             raises the downtime limit
 * @param postcopyFallback whether the migration can be switched to post-copy, and that is permitted
 * @param throttleIncrement the technique's {@code cpu-throttle-increment} in percent, if that can be raised while the migration runs: QEMU
 *                         can, libvirt has no word for it. 0 otherwise
 * @param timeLimit        time within which it should end; what could only be cancelled then is switched to post-copy shortly before. Null
 *                         for none
 * @param second           chooses the technique by which it may be begun again
 */
public record MigrationWatch(
        DowntimeRamp ramp, boolean postcopyFallback, int throttleIncrement, Duration timeLimit, SecondChoice second) {

    /** Changes nothing. */
    public static final MigrationWatch NONE = new MigrationWatch(DowntimeRamp.NONE, false, 0, null);

    /** How much longer than a switch costs a pre-copy may take to its end: post-copy has risks that a pre-copy does not have. */
    private static final double TIMES_AS_LONG = 1.5;

    private static final double MILLIS = 1000;

    /** Increments of the throttle that are tried, in percent; the smallest that suffices is taken. */
    private static final int[] INCREMENTS = {20, 30, 50, 99};

    /** What it takes to cancel a migration and to prepare the destination again, in ms. */
    private static final double BEGIN_AGAIN_MILLIS = 1500;

    /** Ratios of rounds that must be known before what has been sent is given up. */
    private static final int RATIOS_TO_GIVE_UP = 2;

    /** Does not begin again. */
    public MigrationWatch(DowntimeRamp ramp, boolean postcopyFallback, int throttleIncrement, Duration timeLimit) {
        this(ramp, postcopyFallback, throttleIncrement, timeLimit, SecondChoice.NONE);
    }

    /** Does not raise the throttle. */
    public MigrationWatch(DowntimeRamp ramp, boolean postcopyFallback, Duration timeLimit) {
        this(ramp, postcopyFallback, 0, timeLimit);
    }

    /**
     * What is remembered of the rounds so far.
     *
     * @param ramp   of the downtime limit
     * @param growth how the rounds become shorter
     * @param raise  what the throttle was raised to
     */
    public record State(DowntimeRamp.State ramp, RoundGrowth growth, Raise raise) {}

    /**
     * An increment of the throttle, raised while the migration runs.
     *
     * @param percent the increment in percent; 0 if it was not raised
     * @param round   the round in which it was
     */
    public record Raise(int percent, int round) {

        private static final Raise NONE = new Raise(0, 0);

        private boolean wasMade() {
            return percent > 0;
        }

        /** Whether no round has passed that began after it. */
        private boolean hasNotShownYet(RoundGrowth growth) {
            return wasMade() && growth.round() <= round + 1;
        }
    }

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
        return new State(DowntimeRamp.initial(limit), RoundGrowth.NONE, Raise.NONE);
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
        State next = new State(ramped.state(), growth, state.raise());
        if (ramped.limit().isPresent()) {
            return new Decision(next, ramped.limit().map(RaiseDowntimeLimit::new));
        }
        boolean known = growth.round() > state.growth().round() && growth.ratios() > 0;
        Optional<RaiseThrottle> more = known && !next.raise().wasMade() ? moreThrottle(round, next) : Optional.empty();
        if (more.isPresent()) {
            Raise raise = new Raise(more.get().increment(), growth.round());
            return new Decision(new State(ramped.state(), growth, raise), Optional.of(more.get()));
        }
        Optional<WatchChange> stalled = postcopyFallback && known ? stalled(round, next) : Optional.empty();
        boolean late = timeLimit != null
                && round.elapsedMillis() + Math.max(0, round.expectedDowntimeMillis()) >= timeLimit.toMillis();
        return new Decision(
                next,
                stalled.or(() -> late ? insteadOfCancelling(round) : Optional.empty())
                        .or(() -> known ? another(round, next) : Optional.empty()));
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

    private PrecopyForecast rest(PrecopyRound round, State state) {
        int own = throttleIncrement > 0 ? throttleIncrement : PrecopyForecast.DEFAULT_INCREMENT;
        return new PrecopyForecast(
                round,
                state.growth().ratio(),
                Math.max(ramp.longest(), state.ramp().limitMillis()),
                state.raise().wasMade() ? state.raise().percent() : own);
    }

    /** More throttle for a migration that throttles already and could otherwise only be cancelled. */
    private Optional<RaiseThrottle> moreThrottle(PrecopyRound round, State state) {
        if (throttleIncrement == 0 || postcopyFallback || timeLimit == null || round.throttlePercent() == 0) {
            return Optional.empty();
        }
        double left = timeLimit.toMillis() - round.elapsedMillis();
        PrecopyForecast rest = rest(round, state);
        if (rest.millisToEnd() <= left) {
            return Optional.empty();
        }
        return Arrays.stream(INCREMENTS)
                .filter(percent -> percent > throttleIncrement)
                .filter(percent -> percent == INCREMENTS[INCREMENTS.length - 1]
                        || rest.withIncrement(percent).millisToEnd() <= left)
                .mapToObj(RaiseThrottle::new)
                .findFirst();
    }

    /**
     * Another technique for a migration that cannot be switched, if that is through sooner, or if this one would only be cancelled. A raised
     * throttle is given a round to show what it does.
     */
    private Optional<WatchChange> another(PrecopyRound round, State state) {
        RoundGrowth growth = state.growth();
        if (postcopyFallback
                || growth.ratios() < RATIOS_TO_GIVE_UP
                || state.raise().hasNotShownYet(growth)) {
            return Optional.empty();
        }
        double rest = rest(round, state).millisToEnd();
        if (rest <= TIMES_AS_LONG * BEGIN_AGAIN_MILLIS) {
            return Optional.empty();
        }
        double left = timeLimit == null ? Double.POSITIVE_INFINITY : timeLimit.toMillis() - round.elapsedMillis();
        return second.after(round, growth.ratio())
                .filter(attempt -> millis(attempt) <= left)
                .filter(attempt -> rest > left || rest > TIMES_AS_LONG * millis(attempt))
                .map(attempt -> new BeginAgain(
                        attempt,
                        "each round of pre-copy took %.0f %% of the time of the round before, and by %s it takes %.1f s"
                                .formatted(
                                        100 * growth.ratio(), attempt.choice().technique(), millis(attempt) / MILLIS)));
    }

    private static double millis(SecondAttempt attempt) {
        return BEGIN_AGAIN_MILLIS + attempt.choice().prediction().value(Metric.TOTAL_TIME);
    }

    private Optional<WatchChange> stalled(PrecopyRound round, State state) {
        PrecopyForecast rest = rest(round, state);
        boolean tooLong = rest.millisToEnd() > TIMES_AS_LONG * rest.costNow();
        return tooLong && rest.costNow() <= rest.costLater()
                ? Optional.of(new StartPostcopy(
                        "each round of pre-copy took %.0f %% of the time of the round before, and the last one would have meant a downtime of %d ms"
                                .formatted(100 * state.growth().ratio(), round.expectedDowntimeMillis())))
                : Optional.empty();
    }
}
