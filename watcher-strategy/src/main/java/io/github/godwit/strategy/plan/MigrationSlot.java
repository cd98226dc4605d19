package io.github.godwit.strategy.plan;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.godwit.model.schedule.Interval;
import io.github.godwit.model.schedule.ScheduledMigration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * When and how fast one migration of a plan is to run. All times are seconds after the plan begins.
 *
 * @param group     migrations of the same group begin together; groups count from 1 in their order
 * @param start     when it begins
 * @param end       when it ends
 * @param bandwidth its rate over time, in order; empty if it is not known
 * @param after     names of the VMs for whose ends it waits
 * @param priority  priority of the VM, 0 for normal
 * @param duration  seconds from its start to its end by its own prediction, without what other migrations have shown; null from an older
 *                  release
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record MigrationSlot(
        int group, Span start, Span end, List<Rate> bandwidth, Set<String> after, int priority, Span duration) {

    /**
     * A time with its 90 % interval.
     *
     * @param value the expected time
     * @param low   earlier with a probability of 5 %
     * @param high  later with a probability of 5 %
     */
    public record Span(double value, double low, double high) {

        /** The time as an interval. */
        public Interval interval() {
            return new Interval(
                    Math.max(0, Math.min(low, value)), Math.max(0, value), Math.max(0, Math.max(high, value)));
        }

        /** The same time, counted from a moment that is this much earlier. */
        public Span plus(double seconds) {
            return new Span(rounded(value + seconds), rounded(low + seconds), rounded(high + seconds));
        }

        /** A predicted time, rounded to milliseconds. */
        public static Span of(Interval interval) {
            return new Span(rounded(interval.value()), rounded(interval.low()), rounded(interval.high()));
        }
    }

    /**
     * A step of the bandwidth.
     *
     * @param from          when it begins to hold
     * @param bitsPerSecond the rate
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Rate(double from, long bitsPerSecond) {}

    /** Copies the list. */
    public MigrationSlot {
        bandwidth = bandwidth == null ? List.of() : List.copyOf(bandwidth);
        after = after == null ? Set.of() : Collections.unmodifiableSet(new TreeSet<>(after));
    }

    /**
     * The slot of a scheduled migration.
     *
     * @param priority priority of the VM
     * @param duration seconds from its start to its end by its own prediction
     */
    static MigrationSlot of(ScheduledMigration scheduled, int priority, Interval duration) {
        return new MigrationSlot(
                scheduled.group() + 1,
                Span.of(scheduled.start()),
                Span.of(scheduled.end()),
                scheduled.bandwidth().stream()
                        .map(step -> new Rate(
                                rounded(step.atSeconds()), step.bandwidth().bitsPerSecond()))
                        .toList(),
                scheduled.after(),
                priority,
                Span.of(duration));
    }

    /** The same slot of a schedule that begins so many seconds after its plan. */
    public MigrationSlot plus(double seconds) {
        return new MigrationSlot(
                group,
                start.plus(seconds),
                end.plus(seconds),
                bandwidth.stream()
                        .map(step -> new Rate(rounded(step.from() + seconds), step.bitsPerSecond()))
                        .toList(),
                after,
                priority,
                duration);
    }

    private static double rounded(double seconds) {
        return Math.round(1e3 * seconds) / 1e3;
    }
}
