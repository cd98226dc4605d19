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
 * @param method    how the schedule was found, as a phrase, such as "exact"; null if there is none, so that the deadline cannot be judged
 * @param objective what it minimises
 * @param end       when the last migration has ended, in seconds after the plan begins; null without a schedule
 * @param deadline  whether the plan ends in time, or null without a deadline
 * @param revisions the schedules that were made later of what was left, oldest first
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record PlanSchedule(
        String method, Objective objective, MigrationSlot.Span end, Deadline deadline, List<Revision> revisions) {

    private static final double PERCENT = 100;
    private static final double MILLIS = 1e3;

    /** A sentence names at most so many VMs. */
    private static final int MOST_NAMED = 10;

    /** A plan keeps this many revisions, the latest. */
    private static final int MOST_REVISIONS = 50;

    /**
     * Whether a plan ends in time, counted from when it was made.
     *
     * @param at          the deadline
     * @param met         whether it is met with a probability of at least one half; null if it cannot be told
     * @param probability probability that it is met, 0 to 1; null if it cannot be told
     * @param inTheWay    VM whose end decides, or null if nothing has to be migrated, or if it cannot be told
     * @param unknown     why it cannot be told, as a sentence; null if it can
     * @param concerned   names of the VMs for whose moves there is no schedule therefore
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Deadline(
            Instant at, Boolean met, Double probability, String inTheWay, String unknown, List<String> concerned) {

        private static final double EVEN = 0.5;

        /** Copies the list. A missing list, as an older release leaves it, is empty. */
        public Deadline {
            concerned = concerned == null ? List.of() : List.copyOf(concerned);
        }

        private static Deadline judged(Instant at, double probability, String inTheWay) {
            return new Deadline(
                    at, probability >= EVEN, Math.round(PERCENT * probability) / PERCENT, inTheWay, null, List.of());
        }

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
            return judged(
                    deadline,
                    probability,
                    schedule.inTheWay().map(ScheduledMigration::vm).orElse(null));
        }

        /**
         * The judgement of a plan without a schedule.
         *
         * @param reason why there is none, as a sentence
         * @param vms    names of the VMs that are moved
         */
        public static Deadline unknown(Instant deadline, String reason, List<String> vms) {
            return new Deadline(deadline, null, null, null, reason, vms);
        }

        /** The judgement of a host on which a VM stays in any case. */
        public static Deadline missed(Instant deadline, String vm) {
            return judged(deadline, 0, vm);
        }

        /** Returns the judgement for a plan whose first migration begins at another time. */
        Deadline ifBegun(Instant begins, MigrationSlot.Span end) {
            if (unknown != null || probability == 0) {
                return this; // a VM stays, or there was no time from the beginning
            }
            double seconds = Math.max(0, Duration.between(begins, at).toMillis() / 1e3);
            return judged(at, new Interval(end.low(), end.value(), end.high()).probabilityOfAtMost(seconds), inTheWay);
        }

        /** Returns the judgement as a sentence. */
        public String sentence() {
            if (unknown != null) {
                return "It cannot be told whether the deadline %s can be met, because there is no schedule for %s. %s"
                        .formatted(at, moves(), unknown);
            }
            String way = inTheWay == null ? "" : "; %s is in the way".formatted(inTheWay);
            return "The deadline %s %s: the probability is %.0f %%%s."
                    .formatted(at, met ? "can be met" : "cannot be met", PERCENT * probability, way);
        }

        private String moves() {
            String first = String.join(", ", concerned.subList(0, Math.min(MOST_NAMED, concerned.size())));
            int others = concerned.size() - MOST_NAMED;
            return "the %s of %s%s"
                    .formatted(
                            concerned.size() == 1 ? "move" : "moves",
                            first,
                            others > 0 ? " and %d more".formatted(others) : "");
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

    /** The answer to a deadline of a plan without a schedule. */
    public static PlanSchedule none(Objective objective, Deadline deadline) {
        return new PlanSchedule(null, objective, null, deadline);
    }

    /** Whether its migrations have times. */
    public boolean made() {
        return end != null;
    }

    /** The same for a plan whose first migration begins at another time than was assumed. */
    public PlanSchedule ifBegun(Instant begins) {
        return deadline == null || !made() ? this : with(deadline.ifBegun(begins, end));
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
