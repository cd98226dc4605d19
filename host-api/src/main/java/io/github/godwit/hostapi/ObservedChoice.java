package io.github.godwit.hostapi;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.select.Slo;
import io.github.godwit.model.select.SloPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Godwit would have chosen for a migration that ran with Nova's own flags, because Godwit only observed.
 *
 * @param decision       the choice, with its prediction and all alternatives
 * @param leftToNova     whether the migration would have been left to Nova's own flags all the same; {@code decision} then has what was
 *                       compared
 * @param slos           the SLOs of the policy; empty without a policy
 * @param choiceViolates metrics whose SLO the choice is predicted to violate
 * @param novaViolates   metrics whose SLO the measured values violate
 */
public record ObservedChoice(
        MigrationDecision decision,
        boolean leftToNova,
        List<Slo> slos,
        List<Metric> choiceViolates,
        List<Metric> novaViolates) {

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException when the decision is missing
     */
    public ObservedChoice {
        if (decision == null) {
            throw new IllegalArgumentException("An observed choice needs its decision.");
        }
        slos = slos == null ? List.of() : List.copyOf(slos);
        choiceViolates = choiceViolates == null ? List.of() : List.copyOf(choiceViolates);
        novaViolates = novaViolates == null ? List.of() : List.copyOf(novaViolates);
    }

    /**
     * Judges a choice and what ran in its place by the same policy.
     *
     * @param measured what was measured of Nova's own flags
     */
    public static ObservedChoice of(
            MigrationDecision decision, boolean leftToNova, Optional<SloPolicy> policy, Map<Metric, Double> measured) {
        return new ObservedChoice(
                decision,
                leftToNova,
                policy.map(SloPolicy::slos).orElse(List.of()),
                metrics(policy.map(each -> each.violatedBy(decision.prediction()))),
                metrics(policy.map(each -> each.violatedBy(measured))));
    }

    private static List<Metric> metrics(Optional<List<Slo>> violated) {
        return violated.orElse(List.of()).stream().map(Slo::metric).toList();
    }
}
