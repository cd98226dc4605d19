package io.github.godwit.lab.collect;

/**
 * A part of what could be measured. Cases that are over in a moment are cheap and many, but whichever technique moves them
 * makes little difference; it is the long ones where the choice counts.
 */
@SuppressWarnings("ImmutableEnumChecker") // ranges are records of numbers
public enum DesignRegion {
    /** Short first rounds, and all that a family may do. */
    SHORT('s', new Range(0.08, 1.4), 0, new Range(30, 1000), 3, 4),
    /** First rounds of seconds, and VMs that write much for their family: many that pre-copy cannot move in time. */
    LONG('l', new Range(0.5, 2.5), 0.4, new Range(30, 500), 2, 3);

    private final char letter;
    private final Range firstRoundSeconds;
    private final double activityFrom;
    private final Range downtimeLimitMillis;
    private final double leastLimitSeconds;
    private final double roundsInLimit;

    DesignRegion(
            char letter,
            Range firstRoundSeconds,
            double activityFrom,
            Range downtimeLimitMillis,
            double leastLimitSeconds,
            double roundsInLimit) {
        this.letter = letter;
        this.firstRoundSeconds = firstRoundSeconds;
        this.activityFrom = activityFrom;
        this.downtimeLimitMillis = downtimeLimitMillis;
        this.leastLimitSeconds = leastLimitSeconds;
        this.roundsInLimit = roundsInLimit;
    }

    /** With which the names of its cases begin. */
    char letter() {
        return letter;
    }

    /** How long one round over a VM's content takes on the link alone. */
    Range firstRoundSeconds() {
        return firstRoundSeconds;
    }

    /** Where in its family's ranges a VM's working set and dirty rate lie, for a coordinate from 0 to 1. */
    double activity(double coordinate) {
        return activityFrom + (1 - activityFrom) * coordinate;
    }

    /** QEMU's downtime limit. */
    Range downtimeLimitMillis() {
        return downtimeLimitMillis;
    }

    /** When a migration counts as not converging, by how long its first round takes; both in seconds. */
    double timeLimit(double firstRound) {
        return leastLimitSeconds + roundsInLimit * firstRound;
    }
}
