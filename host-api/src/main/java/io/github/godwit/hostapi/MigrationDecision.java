package io.github.godwit.hostapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.select.Choice;
import io.github.godwit.model.technique.Technique;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How a migration was decided: by the service for one that it planned, by the host driver for any other.
 *
 * @param technique    the technique
 * @param prediction   what it is expected to cost
 * @param reason       why, in sentences
 * @param alternatives every technique with its score or the reason why it cannot run, the chosen one first; empty where none was compared
 * @param madeAt       when
 * @param policyVersion version of the policy that it was decided by, 0 for one that ships; null if there was none or it is unknown. Left
 *                     out on the wire if it is null, since older host drivers do not know it
 */
public record MigrationDecision(
        Technique technique,
        Prediction prediction,
        String reason,
        List<Alternative> alternatives,
        Instant madeAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) Integer policyVersion) {

    /** A prediction means no more digits than these. */
    private static final MathContext DIGITS = new MathContext(4);

    /**
     * One technique that was considered.
     *
     * @param technique  the technique
     * @param violations SLOs that it is expected to break; null where it cannot run
     * @param violation  weighted violation of the SLOs, 0 for none; null where it cannot run
     * @param objective  share saved in the optimised metrics; null where it cannot run
     * @param reason     why it was chosen or not
     * @param predicted  by metric what it is expected to cost; empty where it cannot run
     */
    public record Alternative(
            Technique technique,
            Integer violations,
            Double violation,
            Double objective,
            String reason,
            Map<Metric, Double> predicted) {}

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException when a part is missing
     */
    public MigrationDecision {
        if (technique == null || prediction == null || reason == null || madeAt == null) {
            throw new IllegalArgumentException("A decision needs technique, prediction, reason and madeAt.");
        }
        alternatives = alternatives == null ? List.of() : List.copyOf(alternatives);
    }

    /** A decision without a policy whose version is known. */
    public MigrationDecision(
            Technique technique, Prediction prediction, String reason, List<Alternative> alternatives, Instant madeAt) {
        this(technique, prediction, reason, alternatives, madeAt, null);
    }

    /** The same decision for a host driver that does not know versions of policies. */
    public MigrationDecision withoutPolicyVersion() {
        return new MigrationDecision(technique, prediction, reason, alternatives, madeAt);
    }

    /** Everything that a choice was made from, the chosen technique first. */
    public static List<Alternative> alternatives(Choice choice) {
        List<Alternative> alternatives = new ArrayList<>();
        choice.scores().forEach(score -> {
            Map<Metric, Double> predicted = new EnumMap<>(Metric.class);
            score.prediction()
                    .estimates()
                    .forEach((metric, estimate) -> predicted.put(metric, rounded(estimate.value())));
            alternatives.add(new Alternative(
                    score.technique(),
                    score.violations(),
                    score.violation(),
                    score.objective(),
                    score.reason(),
                    predicted));
        });
        choice.rejected()
                .forEach(rejection -> alternatives.add(
                        new Alternative(rejection.technique(), null, null, null, rejection.reason(), Map.of())));
        return alternatives;
    }

    /** The estimates of a prediction, with as many digits as mean something. */
    public static Map<Metric, Estimate> rounded(Map<Metric, Estimate> estimates) {
        Map<Metric, Estimate> rounded = new EnumMap<>(Metric.class);
        estimates.forEach((metric, estimate) -> rounded.put(
                metric, new Estimate(rounded(estimate.value()), rounded(estimate.low()), rounded(estimate.high()))));
        return rounded;
    }

    private static double rounded(double value) {
        return new BigDecimal(value, DIGITS).doubleValue();
    }
}
