package io.github.godwit.strategy.objects;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.godwit.hostapi.MigrationDecision;
import io.github.godwit.hostapi.MigrationDecision.Alternative;
import io.github.godwit.hostapi.MigrationRequest.Observation;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.select.Choice;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.cluster.MoveOrder;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.plan.MigrationSlot;
import io.github.godwit.strategy.plan.PlannedMigration;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Input of an action of type {@code migrate}: Watcher's parameters and Godwit's decision.
 *
 * @param migrationType   always {@code live}
 * @param resourceId      the VM
 * @param resourceName    the VM's name
 * @param sourceNode      host that it is on
 * @param destinationNode host that it goes to
 * @param technique       the technique, or null to let the host driver choose by the policy
 * @param policy          SLO policy by which it was chosen
 * @param predicted       predicted cost by metric
 * @param endProbability  probability that it ends within its time limit, 0 to 1, or null
 * @param basis           what the prediction is based on, or null
 * @param timeLimit       seconds after which it is cancelled; 0 for no limit but Nova's
 * @param reservation     bits per second to reserve on both hosts, or null
 * @param reason          why this VM, this destination and this technique, in sentences
 * @param alternatives    all techniques, the best first
 * @param observed        the VM and both hosts when it was decided, or null
 * @param decidedAt       when it was decided, or null
 * @param policyVersion   version of the SLO policy by which it was chosen, or null
 * @param localDisk       size of the VM's disks on its host in bytes, which Nova may copy as well, or null for none
 * @param schedule        when and how fast it is to run, or null if the plan has no schedule
 * @param reservationTerms within which its reservation is adapted to the traffic, or null for the host driver's own
 * @param eviction        when the source is free, where that is before the end; else null
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record MigrateParameters(
        String migrationType,
        String resourceId,
        String resourceName,
        String sourceNode,
        String destinationNode,
        Technique technique,
        String policy,
        Map<Metric, Estimate> predicted,
        Double endProbability,
        Prediction.Basis basis,
        double timeLimit,
        Long reservation,
        String reason,
        List<Alternative> alternatives,
        Observation observed,
        Instant decidedAt,
        Integer policyVersion,
        Long localDisk,
        MigrationSlot schedule,
        ReservationTerms reservationTerms,
        @JsonInclude(JsonInclude.Include.NON_NULL) Prediction.Eviction eviction) {

    private static final double EVEN = 0.5;
    private static final double BITS = 8;

    /** In bits per second; a link without free bandwidth still transfers something. */
    private static final double SLOWEST_LINK = 1e6;

    /** Shortest time limit of a migration, in seconds. */
    private static final double LEAST_LIMIT_SECONDS = 60;

    /** The time limit is so many times the upper end of the predicted total time. */
    private static final double LIMIT_FACTOR = 2;

    /**
     * The input of the action for a planned migration.
     *
     * @param decidedAt when it was planned
     */
    public static MigrateParameters of(PlannedMigration planned, Instant decidedAt) {
        Choice choice = planned.choice();
        Map<Metric, Estimate> predicted =
                MigrationDecision.rounded(choice.prediction().estimates());
        double upper = Math.max(
                predicted.get(Metric.TOTAL_TIME).high() / 1e3,
                planned.slot()
                        .map(slot -> slot.end().high() - slot.start().low())
                        .orElse(0.0));
        return new MigrateParameters(
                "live",
                planned.move().vm(),
                planned.move().vm(),
                planned.move().from(),
                planned.move().to(),
                choice.technique(),
                choice.policy().name(),
                predicted,
                choice.prediction().endProbability(),
                choice.prediction().basis(),
                Math.ceil(Math.max(LEAST_LIMIT_SECONDS, LIMIT_FACTOR * upper) + LIMIT_FACTOR * diskSeconds(planned)),
                planned.reservation()
                        .map(bandwidth -> bandwidth.bitsPerSecond())
                        .orElse(null),
                planned.reason(),
                MigrationDecision.alternatives(choice),
                new Observation(
                        planned.migrationCase().vm(),
                        planned.migrationCase().source(),
                        planned.migrationCase().destination()),
                decidedAt,
                choice.policy().version(),
                planned.localDisk() == 0 ? null : planned.localDisk(),
                planned.slot().orElse(null),
                planned.terms().orElse(null),
                choice.prediction().eviction());
    }

    /** Time to copy the VM's local disks over the link, in seconds, as far as the predicted total time does not include them. */
    private static double diskSeconds(PlannedMigration planned) {
        Bandwidth expected = planned.migrationCase().link().expected();
        long unpredicted =
                Math.max(0, planned.localDisk() - planned.migrationCase().diskBytes());
        return BITS * unpredicted / Math.max(SLOWEST_LINK, expected.bitsPerSecond());
    }

    /** The order for the migration, with the plan's observations and decision. */
    public MoveOrder order(UUID id) {
        return new MoveOrder(
                id,
                resourceId,
                sourceNode,
                destinationNode,
                technique,
                policy,
                reservation == null ? null : new Bandwidth(reservation),
                limit().orElse(null),
                observed,
                decision(),
                reservationTerms);
    }

    /** The plan's decision; null if the input holds only a technique or a policy, or was not written by a plan. */
    private MigrationDecision decision() {
        boolean decided = technique != null && observed != null && decidedAt != null && reason != null;
        if (!decided || predicted == null || !predicted.keySet().containsAll(List.of(Metric.values()))) {
            return null;
        }
        return new MigrationDecision(technique, prediction(), reason, alternatives, decidedAt, policyVersion);
    }

    /** What it is predicted to cost. */
    public Prediction prediction() {
        boolean ends = endProbability == null || endProbability >= EVEN;
        return new Prediction(predicted, ends, endProbability, basis, eviction);
    }

    /**
     * Reads the input of an action.
     *
     * @throws ServiceRefusal if it is not the input of a migration
     */
    public static MigrateParameters read(JsonNode parameters) {
        MigrateParameters read;
        try {
            read = Texts.mapper().treeToValue(parameters, MigrateParameters.class);
        } catch (JsonProcessingException e) {
            throw ServiceRefusal.invalid("The input_parameters of action migrate are wrong: " + e.getOriginalMessage());
        }
        if (isMissing(read.resourceId()) || isMissing(read.sourceNode()) || isMissing(read.destinationNode())) {
            throw ServiceRefusal.invalid("Action migrate needs resource_id, source_node and destination_node");
        }
        if (!"live".equals(read.migrationType())) {
            throw ServiceRefusal.invalid(
                    "The migration_type '%s' of action migrate is not live, nor cold, which needs Nova"
                            .formatted(read.migrationType()));
        }
        if (read.technique() == null && isMissing(read.policy())) {
            throw ServiceRefusal.invalid("Action migrate needs a technique or a policy");
        }
        if (read.timeLimit() < 0) {
            throw ServiceRefusal.invalid(
                    "The time_limit of action migrate must be a number of seconds above 0, or absent for none");
        }
        return read;
    }

    private static boolean isMissing(String name) {
        return name == null || name.isBlank();
    }

    /** The time after which it is cancelled; empty for no limit but Nova's. */
    public Optional<Duration> limit() {
        return timeLimit == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(Math.round(1e3 * timeLimit)));
    }

    /** The same with another time limit. */
    public MigrateParameters withTimeLimit(Duration limit) {
        return with(limit.toMillis() / 1e3, schedule);
    }

    /**
     * The same move as it was planned again, from the same observations. Its time limit is not shorter, and it was not decided later: what
     * was observed is as old as before.
     */
    public MigrateParameters replannedBy(PlannedMigration later) {
        MigrateParameters next = of(later, decidedAt);
        return next.with(timeLimit == 0 ? 0 : Math.max(timeLimit, next.timeLimit), next.schedule);
    }

    private MigrateParameters with(double limit, MigrationSlot slot) {
        return new MigrateParameters(
                migrationType,
                resourceId,
                resourceName,
                sourceNode,
                destinationNode,
                technique,
                policy,
                predicted,
                endProbability,
                basis,
                limit,
                reservation,
                reason,
                alternatives,
                observed,
                decidedAt,
                policyVersion,
                localDisk,
                slot,
                reservationTerms,
                eviction);
    }

    /**
     * The migration in the opposite direction. The policy chooses a technique again, since the predictions were for this
     * direction; without a policy the technique stays.
     *
     * @param why the reason of that migration, in a sentence
     */
    public MigrateParameters back(String why) {
        return new MigrateParameters(
                migrationType,
                resourceId,
                resourceName,
                /* sourceNode= */ destinationNode,
                /* destinationNode= */ sourceNode,
                policy == null ? technique : null,
                policy,
                Map.of(),
                /* endProbability= */ null,
                /* basis= */ null,
                timeLimit,
                reservation,
                why,
                List.of(),
                /* observed= */ null,
                /* decidedAt= */ null,
                /* policyVersion= */ null,
                localDisk,
                /* schedule= */ null,
                /* reservationTerms= */ null,
                /* eviction= */ null);
    }

    /** What the action does and why, in sentences. */
    public String sentence() {
        String how = technique == null ? "by policy " + policy : "by " + technique;
        return "Live-migrate %s from %s to %s %s%s. %s"
                .formatted(resourceId, sourceNode, destinationNode, how, expected(), reason == null ? "" : reason)
                .strip();
    }

    private String expected() {
        Estimate total = predicted == null ? null : predicted.get(Metric.TOTAL_TIME);
        Estimate down = predicted == null ? null : predicted.get(Metric.DOWNTIME);
        Estimate perf = predicted == null ? null : predicted.get(Metric.PERFORMANCE);
        if (total == null || down == null || perf == null) {
            return "";
        }
        return ": about %.1f s, %.0f ms of downtime, %.0f %% of its performance kept"
                .formatted(total.value() / 1e3, down.value(), 100 * perf.value());
    }
}
