package io.github.godwit.lab.collect;

import java.util.EnumSet;
import java.util.List;

/**
 * A region of the design space. Short migrations are cheap to measure in large numbers, but the choice of the technique makes
 * little difference to them; it matters for long migrations and for those that do not converge.
 */
@SuppressWarnings("ImmutableEnumChecker") // ranges are records of numbers
public enum DesignRegion {
    /** Short first rounds, and the full range of each family. */
    SHORT('s', new Range(100, 10_000), new Range(0.08, 1.4), 0, new Range(30, 1000), 3, 4),
    /** First rounds of seconds, and VMs that write more than most of their family. */
    LONG('l', new Range(100, 10_000), new Range(0.5, 2.5), 0.4, new Range(30, 500), 2, 3),
    /** VMs that write about as fast as the link transfers, or faster: pre-copy does not converge for them. */
    BUSY('b', new Range(100, 1500), new Range(0.4, 1.6), 0.5, new Range(30, 500), 3, 6),
    /** As {@link #BUSY} with less content and shorter limits, so that twice as many are measured in the same time. */
    QUICK('q', new Range(300, 1200), new Range(0.2, 0.6), 0.5, new Range(20, 200), 1.5, 5),
    /** First rounds of many seconds, as large VMs have; the link determines their duration, and noise matters little. */
    SLOW('w', new Range(100, 1000), new Range(2, 6), 0, new Range(30, 1000), 4, 3),
    /** VMs that write about as fast as the link transfers, with first rounds of seconds; the technique matters most here. */
    HEAVY('h', new Range(100, 1000), new Range(1.5, 4), 0.5, new Range(30, 500), 4, 3),
    /** VMs of 1 to 4 vCPUs and up to 4 GiB, with up to 2.4 GiB of content, on links fast enough for them. */
    LARGE('g', new Range(1000, 10_000), new Range(1, 8), 0, new Range(30, 500), 4, 3);

    private static final Range CONTENT_MEBIBYTES = new Range(12, 800);
    private static final Range MEMORY_MEBIBYTES = new Range(128, 1024);
    private static final Range LARGE_CONTENT_MEBIBYTES = new Range(100, 2400);
    private static final Range LARGE_MEMORY_MEBIBYTES = new Range(512, 4096);
    private static final int MOST_VCPUS = 4;

    /** Dirty rate of a busy VM as a share of the link's rate, whatever its family. */
    private static final Range BUSY_DIRTY = new Range(0.6, 2.5);

    private final char letter;
    private final Range linkMegabits;
    private final Range firstRoundSeconds;
    private final double activityFrom;
    private final Range downtimeLimitMillis;
    private final double leastLimitSeconds;
    private final double roundsInLimit;

    DesignRegion(
            char letter,
            Range linkMegabits,
            Range firstRoundSeconds,
            double activityFrom,
            Range downtimeLimitMillis,
            double leastLimitSeconds,
            double roundsInLimit) {
        this.letter = letter;
        this.linkMegabits = linkMegabits;
        this.firstRoundSeconds = firstRoundSeconds;
        this.activityFrom = activityFrom;
        this.downtimeLimitMillis = downtimeLimitMillis;
        this.leastLimitSeconds = leastLimitSeconds;
        this.roundsInLimit = roundsInLimit;
    }

    /** First letter of the names of its cases. */
    char letter() {
        return letter;
    }

    /** Content of a VM, in MiB. */
    Range contentMebibytes() {
        return this == LARGE ? LARGE_CONTENT_MEBIBYTES : CONTENT_MEBIBYTES;
    }

    /** Memory of a VM, in MiB. */
    Range memoryMebibytes() {
        return this == LARGE ? LARGE_MEMORY_MEBIBYTES : MEMORY_MEBIBYTES;
    }

    /**
     * Number of vCPUs of a VM. Among four VMs that share a link each number occurs once, and likewise among VMs of a family that follow each
     * other.
     *
     * @param number number of the VM in the design
     */
    int vcpus(int number) {
        int families = WorkloadFamily.values().length;
        return this == LARGE
                ? 1 + (number + number / CollectionDesign.VMS_PER_LINK + number / families) % MOST_VCPUS
                : 1;
    }

    /** Rates of the links, in Mbit/s. */
    Range linkMegabits() {
        return linkMegabits;
    }

    /** Seconds that one round over a VM's content takes when the link is idle. */
    Range firstRoundSeconds() {
        return firstRoundSeconds;
    }

    /** Its families, in the order of the enum; an idle family is in no busy region. */
    List<WorkloadFamily> families() {
        return writesLikeItsLink()
                ? List.copyOf(EnumSet.of(
                        WorkloadFamily.DATABASE,
                        WorkloadFamily.CACHE,
                        WorkloadFamily.STREAM,
                        WorkloadFamily.BATCH,
                        WorkloadFamily.WRITER))
                : List.of(WorkloadFamily.values());
    }

    /** Working set of a VM of a family as a share of its content, for a coordinate from 0 to 1. */
    double workingSet(WorkloadFamily family, double coordinate) {
        return family.workingSet().logarithmicAt(activity(coordinate));
    }

    /** Dirty rate of a VM of a family as a share of the link's rate, for a coordinate from 0 to 1. */
    double dirty(WorkloadFamily family, double coordinate) {
        return writesLikeItsLink()
                ? BUSY_DIRTY.logarithmicAt(coordinate)
                : family.dirty().logarithmicAt(activity(coordinate));
    }

    private boolean writesLikeItsLink() {
        return this == BUSY || this == QUICK || this == HEAVY;
    }

    private double activity(double coordinate) {
        return activityFrom + (1 - activityFrom) * coordinate;
    }

    /** QEMU's downtime limit, in milliseconds. */
    Range downtimeLimitMillis() {
        return downtimeLimitMillis;
    }

    /** Seconds after which a migration counts as not converging, for the seconds that its first round takes. */
    double timeLimit(double firstRound) {
        return leastLimitSeconds + roundsInLimit * firstRound;
    }
}
