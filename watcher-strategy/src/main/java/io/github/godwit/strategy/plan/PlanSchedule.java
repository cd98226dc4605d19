package io.github.godwit.strategy.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.godwit.model.schedule.Interval;
import io.github.godwit.model.schedule.Objective;
import io.github.godwit.model.schedule.Schedule;
import io.github.godwit.model.schedule.ScheduledMigration;
import io.github.godwit.strategy.common.Texts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The schedule of a plan as a whole. When each migration is to run is in its action ({@link MigrationSlot}).
 *
 * @param method    how the schedule was found, as a phrase, such as "exact"
 * @param objective what it minimises
 * @param end       when the last migration has ended, in seconds after the plan begins
 * @param deadline  whether the plan ends in time, or null without a deadline
 * @param revisions the schedules that were made later of what was left, oldest first
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record PlanSchedule(
        String method, Objective objective, MigrationSlot.Span end, Deadline deadline, List<Revision> revisions) {

    private static final double PERCENT = 100;
    private static final double MILLIS = 1e3;

    /** A plan keeps this many revisions, the latest. */
    private static final int MOST_REVISIONS = 50;

    /**
     * Whether a plan ends in time, counted from when it was made.
     *
     * @param at          the deadline
     * @param met         whether it is met with a probability of at least one half
     * @param probability probability that it is met, 0 to 1
     * @param inTheWay    VM whose end decides, or null if nothing has to be migrated
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Deadline(Instant at, boolean met, double probability, String inTheWay) {

        private static final double EVEN = 0.5;

        /**
         * Judges a deadline.
         *
         * @param deadline the deadline, or null
         * @param begins   when the schedule begins
         * @return the judgement, or null without a deadline
         */
        public static Deadline of(Instant deadline, Instant begins, Schedule schedule) {
            if (deadline == null) {
                return null;
            }
            double seconds = Duration.between(begins, deadline).toMillis() / 1e3;
            boolean needless = schedule.migrations().isEmpty();
            double probability = seconds < 0 && !needless ? 0 : schedule.probability(Math.max(0, seconds));
            return new Deadline(
                    deadline,
                    probability >= EVEN,
                    Math.round(PERCENT * probability) / PERCENT,
                    schedule.inTheWay().map(ScheduledMigration::vm).orElse(null));
        }

        /** Returns the judgement for a plan whose first migration begins at another time. */
        Deadline ifBegun(Instant begins, MigrationSlot.Span end) {
            if (probability == 0) {
                return this; // a VM stays, or there was no time from the beginning
            }
            double seconds = Math.max(0, Duration.between(begins, at).toMillis() / 1e3);
            double now = new Interval(end.low(), end.value(), end.high()).probabilityOfAtMost(seconds);
            return new Deadline(at, now >= EVEN, Math.round(PERCENT * now) / PERCENT, inTheWay);
        }

        /** Returns the judgement of a host on which a VM stays in any case. */
        public Deadline missedBecauseOf(String vm) {
            return new Deadline(at, false, 0, vm);
        }

        /** Returns the judgement as a sentence. */
        public String sentence() {
            String way = inTheWay == null ? "" : "; %s is in the way".formatted(inTheWay);
            return "The deadline %s %s: the probability is %.0f %%%s."
                    .formatted(at, met ? "can be met" : "cannot be met", PERCENT * probability, way);
        }
    }

    /**
     * A later schedule of what was left.
     *
     * @param at     when it was made
     * @param reason why, as a sentence
     * @param end    when the last migration has ended by it, in seconds after the plan began
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Revision(Instant at, String reason, MigrationSlot.Span end) {}

    /** Copies the list. A missing list, as an older release leaves it, is empty. */
    public PlanSchedule {
        revisions = revisions == null ? List.of() : List.copyOf(revisions);
    }

    /** A schedule that was not revised. */
    public PlanSchedule(String method, Objective objective, MigrationSlot.Span end, Deadline deadline) {
        this(method, objective, end, deadline, List.of());
    }

    /** The same for a plan whose first migration begins at another time than was assumed. */
    public PlanSchedule ifBegun(Instant begins) {
        return deadline == null || end == null ? this : with(deadline.ifBegun(begins, end));
    }

    /**
     * The same for a plan that is later than its schedule because it had to wait.
     *
     * @param began   when its first migration began
     * @param seconds by how much it is later
     */
    public PlanSchedule later(Instant began, double seconds) {
        MigrationSlot.Span last =
                revisions.isEmpty() ? end : revisions.get(revisions.size() - 1).end();
        return deadline == null || last == null
                ? this
                : with(deadline.ifBegun(began.plusMillis(Math.round(MILLIS * seconds)), last));
    }

    /** The same with another judgement of the deadline. */
    public PlanSchedule with(Deadline other) {
        return new PlanSchedule(method, objective, end, other, revisions);
    }

    /** The same after a revision, which may have moved the probability of the deadline. */
    public PlanSchedule revised(Revision revision, Deadline now) {
        List<Revision> all = new ArrayList<>(revisions);
        all.add(revision);
        return new PlanSchedule(
                method, objective, end, now, all.subList(Math.max(0, all.size() - MOST_REVISIONS), all.size()));
    }

    /** Reads what the database holds; null for null. */
    public static PlanSchedule read(JsonNode tree) {
        try {
            return tree == null ? null : Texts.mapper().treeToValue(tree, PlanSchedule.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The database contains a schedule that cannot be read.", e);
        }
    }
}
