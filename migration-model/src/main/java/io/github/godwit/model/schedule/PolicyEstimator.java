package io.github.godwit.model.schedule;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.PredictionTable;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.select.Slo;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.select.TechniqueSelector;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;
import java.util.EnumMap;
import java.util.Map;

/**
 * Estimates migrations by a predictor and a policy, as a single migration is decided. A share of bandwidth is a link of that rate with
 * nothing else on it: what applications and other migrations take is in the share already. Not safe for use by several threads.
 */
public final class PolicyEstimator implements MigrationEstimator {

    private static final double MILLIS = 1000;

    private final Candidates candidates;
    private final SloPolicy policy;
    private final TechniqueSelector selector = new TechniqueSelector();
    private final PredictionTable table = new PredictionTable();

    /** What is known about one VM and one of its destinations. */
    @FunctionalInterface
    public interface Candidates {

        /** The case of a migration, what can run, and what predicts it. */
        Candidate of(String vm, String destination);
    }

    /**
     * One VM and one of its destinations.
     *
     * @param migrationCase the VM, both hosts and the tuning; its link says how fast the way between them is at most
     * @param availability  the techniques that can run
     * @param predictor     predicts migrations from the source
     */
    public record Candidate(MigrationCase migrationCase, TechniqueAvailability availability, Predictor predictor) {}

    /**
     * Creates an estimator.
     *
     * @param candidates what is known about each VM and destination
     * @param policy     what the operator wants
     */
    public PolicyEstimator(Candidates candidates, SloPolicy policy) {
        this.candidates = Checks.present("candidates", candidates);
        this.policy = Checks.present("policy", policy);
    }

    @Override
    public TechniqueEstimates estimate(String vm, String destination, Bandwidth share) {
        Candidate candidate = candidates.of(vm, destination);
        candidate
                .predictor()
                .predict(
                        atShare(candidate.migrationCase(), share),
                        candidate.availability().available(),
                        table);
        Technique chosen = selector.choose(candidate.availability(), table, policy);
        Map<Technique, MigrationEstimate> estimates = new EnumMap<>(Technique.class);
        for (Technique technique : candidate.availability().available()) {
            if (table.has(technique)) {
                estimates.put(technique, estimate(technique));
            }
        }
        return new TechniqueEstimates(chosen, estimates);
    }

    private MigrationEstimate estimate(Technique technique) {
        double value = Math.max(1, table.value(technique, Metric.TOTAL_TIME));
        Interval seconds = new Interval(
                Math.max(0, Math.min(value, table.low(technique, Metric.TOTAL_TIME))) / MILLIS,
                value / MILLIS,
                Math.max(value, table.high(technique, Metric.TOTAL_TIME)) / MILLIS);
        double violation = 0;
        for (Slo slo : policy.slos()) {
            violation += slo.expectedViolation(table.low(technique, slo.metric()), table.high(technique, slo.metric()));
        }
        return new MigrationEstimate(
                technique,
                seconds,
                Math.max(0, table.value(technique, Metric.DOWNTIME)),
                Math.max(0, table.value(technique, Metric.TRANSFERRED_DATA)),
                violation);
    }

    /** The case of a migration that has this share of bandwidth. */
    public static MigrationCase atShare(MigrationCase general, Bandwidth share) {
        Bandwidth rate = share.min(general.link().capacity());
        return new MigrationCase(
                general.vm(),
                withoutTraffic(general.source()),
                withoutTraffic(general.destination()),
                new LinkProfile(rate, rate, Bandwidth.ZERO, general.link().latencyMillis()),
                general.tuning(),
                general.diskBytes(),
                general.scattering());
    }

    private static HostProfile withoutTraffic(HostProfile host) {
        return host.with(host.link(), Traffic.NONE);
    }
}
