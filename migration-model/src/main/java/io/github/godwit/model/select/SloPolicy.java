package io.github.godwit.model.select;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.technique.TechniqueConstraint;
import io.github.godwit.model.unit.Checks;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An operator's policy for migrations: SLOs with weights, and the metrics to optimise among the techniques that keep
 * them ([FGCS 2025], section 5.2.2).
 *
 * @param name     name by which audits and commands refer to it
 * @param version  counts the operator's changes; 0 for a policy that ships or is read from a file
 * @param scenario its purpose in a word: hotspot, consolidation
 * @param slos     at most one for each metric; may be empty
 * @param optimize weight of each optimised metric in the objective, at least one metric; independent of the weights of the SLOs
 * @param techniques the techniques that it lets be used
 * @param eviction   whether TT counts only until the source is free, which is earlier than the end of the migration by SCATTER-GATHER
 */
public record SloPolicy(
        String name,
        int version,
        String scenario,
        List<Slo> slos,
        Map<Metric, Double> optimize,
        TechniqueTerms techniques,
        boolean eviction) {

    /** A policy whose migrations end when the destination has everything. */
    public SloPolicy(
            String name,
            int version,
            String scenario,
            List<Slo> slos,
            Map<Metric, Double> optimize,
            TechniqueTerms techniques) {
        this(name, version, scenario, slos, optimize, techniques, false);
    }

    /** A policy that was never changed and may use every technique. */
    public SloPolicy(String name, String scenario, List<Slo> slos, Map<Metric, Double> optimize) {
        this(name, 0, scenario, slos, optimize, TechniqueTerms.FREE);
    }

    /**
     * @throws IllegalArgumentException when the name is empty, a metric has two SLOs, nothing is optimised, or a weight is not
     *                                  positive
     */
    public SloPolicy {
        Checks.named("policy name", name);
        Checks.notNegative("version of policy " + name, version);
        Checks.present("techniques of policy " + name, techniques);
        Checks.named("scenario of policy " + name, scenario);
        slos = List.copyOf(Checks.present("SLOs of policy " + name, slos));
        Set<Metric> limited = new HashSet<>();
        for (Slo slo : slos) {
            if (!limited.add(slo.metric())) {
                throw new IllegalArgumentException(
                        "Policy '%s' has two SLOs on %s. Keep one.".formatted(name, slo.metric()));
            }
        }
        if (optimize == null || optimize.isEmpty()) {
            throw new IllegalArgumentException(
                    "Policy '%s' optimises nothing. Name at least one metric under 'optimize'.".formatted(name));
        }
        EnumMap<Metric, Double> weights = new EnumMap<>(optimize);
        weights.forEach((metric, weight) -> Checks.positive("objective weight of " + metric, weight));
        optimize = Collections.unmodifiableMap(weights);
        if (eviction && !optimize.containsKey(Metric.TOTAL_TIME) && !limited.contains(Metric.TOTAL_TIME)) {
            throw new IllegalArgumentException(
                    "Policy '%s' counts TT until the source is free (eviction), but neither limits nor optimises TT. Name TT under 'slos' or 'optimize'."
                            .formatted(name));
        }
    }

    /** What a prediction says about a metric, as this policy counts it. */
    public Estimate estimate(Prediction prediction, Metric metric) {
        return isUntilSourceIsFree(metric)
                ? prediction.sourceFree()
                : prediction.estimates().get(metric);
    }

    /** What this policy understands by a metric, in words. */
    public String description(Metric metric) {
        return isUntilSourceIsFree(metric) ? "time until the source is free" : metric.description();
    }

    private boolean isUntilSourceIsFree(Metric metric) {
        return eviction && metric == Metric.TOTAL_TIME;
    }

    /** The same policy as another version. */
    public SloPolicy withVersion(int other) {
        return new SloPolicy(name, other, scenario, slos, optimize, techniques, eviction);
    }

    /** Name and version, for reasons: "policy gentle (version 3)". */
    public String title() {
        return version == 0 ? "policy " + name : "policy %s (version %d)".formatted(name, version);
    }

    /** The techniques that it rules out whatever is predicted. */
    public TechniqueConstraint constraint() {
        return techniques.equals(TechniqueTerms.FREE) ? TechniqueConstraint.NONE : techniques.constraint(title());
    }

    /** The SLO on a metric, if there is one. */
    public Optional<Slo> slo(Metric metric) {
        return slos.stream().filter(slo -> slo.metric() == metric).findFirst();
    }

    /** The SLOs that a prediction violates, in the order of the policy. */
    public List<Slo> violatedBy(Prediction prediction) {
        return slos.stream()
                .filter(slo -> slo.violatedBy(estimate(prediction, slo.metric()).value()))
                .toList();
    }

    /** The SLOs that the given values violate, in the order of the policy. */
    public List<Slo> violatedBy(Map<Metric, Double> values) {
        return slos.stream()
                .filter(slo -> values.containsKey(slo.metric()) && slo.violatedBy(values.get(slo.metric())))
                .toList();
    }
}
