package io.github.godwit.model.watch;

/**
 * What the rest of a pre-copy takes if the guest continues as in its last rounds. Pure.
 *
 * <p>A round takes as long as sending what the guest wrote in the round before, which is QEMU's {@code expected-downtime}. The time that a
 * guest needs to write so much again grows slower than the round (the same pages are written again), so the ratio of one round to the
 * round before never falls while the guest and its throttle stay the same: a forecast by the last ratio is the best case.
 *
 * @param round  the last round
 * @param growth length of that round's successor as a share of its own length, as far as the rounds so far show it
 * @param limit  the expected downtime at which it ends, in ms
 * @param throttleIncrement how much auto-converge adds to its throttle at a time, QEMU's {@code cpu-throttle-increment}, in percent
 */
public record PrecopyForecast(PrecopyRound round, double growth, double limit, int throttleIncrement) {

    /** QEMU's default {@code cpu-throttle-increment}. */
    static final int DEFAULT_INCREMENT = 10;

    /** In post-copy what remains is sent once more, page by page where the VM waits for it. */
    private static final double POSTCOPY_OVERHEAD = 1.1;

    /** Auto-converge adds to its throttle after every second round in which the guest wrote too much. */
    private static final int ROUNDS_PER_INCREMENT = 2;

    /** The most that QEMU throttles, its default {@code max-cpu-throttle}. */
    private static final double MOST_THROTTLE = 0.99;

    /** A pre-copy that needs more rounds does not come to its end. */
    private static final int MOST_ROUNDS = 100;

    /** Rounds within which a better moment to switch is looked for. */
    private static final int NEXT_ROUNDS = 5;

    /** The same with another increment of the throttle. */
    PrecopyForecast withIncrement(int percent) {
        return new PrecopyForecast(round, growth, limit, percent);
    }

    /** Time in ms until it ends, including its downtime; infinite if it does not. */
    double millisToEnd() {
        double sum = 0;
        double expected = round.expectedDowntimeMillis();
        for (int i = 0; i < MOST_ROUNDS; i++) {
            if (expected <= limit) {
                return sum + expected;
            }
            sum += expected;
            expected *= growthAfter(i);
        }
        return Double.POSITIVE_INFINITY;
    }

    /**
     * What a switch to post-copy costs after a round: the time that the rest takes, and once more the same, because meanwhile the VM waits
     * for its pages.
     *
     * @param expected expected downtime after that round, in ms
     */
    public static double switchCost(double expected) {
        return 2 * POSTCOPY_OVERHEAD * expected;
    }

    /** What the switch costs now. */
    double costNow() {
        return switchCost(round.expectedDowntimeMillis());
    }

    /** The least that it costs after one of the next rounds, with the time until then. */
    double costLater() {
        double sum = 0;
        double expected = round.expectedDowntimeMillis();
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < NEXT_ROUNDS; i++) {
            sum += expected;
            expected *= growthAfter(i);
            least = Math.min(least, sum + switchCost(expected));
        }
        return least;
    }

    private double growthAfter(int rounds) {
        double throttle = round.throttlePercent() / 100.0;
        if (throttle <= 0) {
            return growth;
        }
        double then = Math.min(MOST_THROTTLE, throttle + rounds * throttleIncrement / 100.0 / ROUNDS_PER_INCREMENT);
        return growth * (1 - then) / (1 - Math.min(MOST_THROTTLE, throttle));
    }
}
