package io.github.godwit.model.watch;

/**
 * How the rounds of a pre-copy become shorter or longer: the ratio of a round's expected downtime to that of the round before, as the last
 * rounds show it. Pure.
 *
 * @param round  number of the last round that counted; 0 before the first
 * @param millis its expected downtime
 * @param ratio  the ratio per round, the geometric mean of all so far in which each weighs as much as all before it; 1 before the first
 * @param ratios how many ratios are known
 */
public record RoundGrowth(int round, long millis, double ratio, int ratios) {

    /** QEMU begins with its limit as the expected downtime, and may still report that shortly after the first round has ended. */
    static final int FIRST_ROUND = 3;

    /** Before the first round. */
    static final RoundGrowth NONE = new RoundGrowth(0, 0, 1, 0);

    /** What is known after a poll. Several polls within a round, and figures that QEMU has not computed anew, change nothing. */
    RoundGrowth after(PrecopyRound poll) {
        int rounds = poll.number() - round;
        long expected = poll.expectedDowntimeMillis();
        if (poll.number() < FIRST_ROUND || rounds <= 0 || expected <= 0) {
            return this;
        }
        if (round == 0) {
            return new RoundGrowth(poll.number(), expected, 1, 0);
        }
        // QEMU computes it anew every 100 ms: the same figure in the next round is that of the round before.
        if (expected == millis && rounds == 1) {
            return this;
        }
        double latest = Math.pow((double) expected / millis, 1.0 / rounds);
        return new RoundGrowth(poll.number(), expected, ratios == 0 ? latest : Math.sqrt(ratio * latest), ratios + 1);
    }
}
