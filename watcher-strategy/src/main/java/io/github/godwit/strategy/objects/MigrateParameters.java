package io.github.godwit.strategy.objects;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.select.Choice;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.plan.PlannedMigration;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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
 * @param timeLimit       seconds after which it is cancelled
 * @param reservation     bits per second to reserve on both hosts, or null
 * @param reason          why this VM, this destination and this technique, in sentences
 * @param alternatives    all techniques, the best first
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
        double timeLimit,
        Long reservation,
        String reason,
        List<Alternative> alternatives) {

    private static final MathContext DIGITS = new MathContext(4);

    /** Shortest time limit of a migration, in seconds. */
    private static final double LEAST_LIMIT_SECONDS = 60;

    /** The time limit is so many times the upper end of the predicted total time. */
    private static final double LIMIT_FACTOR = 2;

    /**
     * A technique that was considered.
     *
     * @param technique  the technique
     * @param violations number of SLOs that it is predicted to break; null if it cannot run
     * @param violation  weighted violation of the SLOs, 0 for none; null if it cannot run
     * @param objective  fraction saved in the optimised metric; null if it cannot run
     * @param reason     why it was chosen or not
     * @param predicted  predicted cost by metric
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Alternative(
            Technique technique,
            Integer violations,
            Double violation,
            Double objective,
            String reason,
            Map<Metric, Double> predicted) {}

    /** The input of the action for a planned migration. */
    public static MigrateParameters of(PlannedMigration planned) {
        Choice choice = planned.choice();
        Map<Metric, Estimate> predicted = new EnumMap<>(Metric.class);
        choice.prediction()
                .estimates()
                .forEach((metric, estimate) -> predicted.put(
                        metric,
                        new Estimate(readable(estimate.value()), readable(estimate.low()), readable(estimate.high()))));
        double upper = predicted.containsKey(Metric.TOTAL_TIME)
                ? predicted.get(Metric.TOTAL_TIME).high() / 1e3
                : 0;
        List<Alternative> alternatives = new ArrayList<>(choice.scores().stream()
                .map(score -> new Alternative(
                        score.technique(),
                        score.violations(),
                        score.violation(),
                        score.objective(),
                        score.reason(),
                        score.prediction().estimates().entrySet().stream()
                                .collect(Collectors.toMap(
                                        Map.Entry::getKey,
                                        entry -> readable(entry.getValue().value())))))
                .toList());
        choice.rejected()
                .forEach(rejection -> alternatives.add(
                        new Alternative(rejection.technique(), null, null, null, rejection.reason(), Map.of())));
        return new MigrateParameters(
                "live",
                planned.move().vm(),
                planned.move().vm(),
                planned.move().from(),
                planned.move().to(),
                choice.technique(),
                choice.policy(),
                predicted,
                Math.ceil(Math.max(LEAST_LIMIT_SECONDS, LIMIT_FACTOR * upper)),
                planned.reservation()
                        .map(bandwidth -> bandwidth.bitsPerSecond())
                        .orElse(null),
                planned.reason(),
                alternatives);
    }

    /** Rounds to four significant digits; predictions are no more precise. */
    private static double readable(double value) {
        return new BigDecimal(value, DIGITS).doubleValue();
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
        if (read.resourceId() == null || read.sourceNode() == null || read.destinationNode() == null) {
            throw ServiceRefusal.invalid("Action migrate needs resource_id, source_node and destination_node");
        }
        if (!"live".equals(read.migrationType())) {
            throw ServiceRefusal.invalid("Action migrate supports only the migration_type live");
        }
        if (read.technique() == null && read.policy() == null) {
            throw ServiceRefusal.invalid("Action migrate needs a technique or a policy");
        }
        return read;
    }

    /** The time limit in seconds; 60 if none is set. */
    public double limitSeconds() {
        return timeLimit > 0 ? timeLimit : LEAST_LIMIT_SECONDS;
    }

    /** The same with another time limit. */
    public MigrateParameters withTimeLimit(Duration limit) {
        return new MigrateParameters(
                migrationType,
                resourceId,
                resourceName,
                sourceNode,
                destinationNode,
                technique,
                policy,
                predicted,
                limit.toMillis() / 1e3,
                reservation,
                reason,
                alternatives);
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
                timeLimit,
                reservation,
                why,
                List.of());
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
