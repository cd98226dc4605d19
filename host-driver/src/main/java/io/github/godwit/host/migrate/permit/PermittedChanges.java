package io.github.godwit.host.migrate.permit;

import io.github.godwit.host.common.Refusal;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.select.MigrationDecider.Candidates;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.watch.ObservedRechoice;
import io.github.godwit.model.watch.PostcopyFallback;
import io.github.godwit.model.watch.SecondChoice;
import java.util.Optional;

/**
 * Whether a migration may be left for another technique while it runs: a technique that somebody named is kept to, whatever happens, unless
 * the request says that it may be left. Pure.
 *
 * @param request      what was requested
 * @param policy       the policy, if there is one
 * @param availability what both hosts can run for the VM, and policy, nova.conf, flavor and server permit
 * @param predictor    predicts what each technique costs
 */
public record PermittedChanges(
        MigrationRequest request, Optional<SloPolicy> policy, TechniqueAvailability availability, Predictor predictor) {

    /**
     * The case of a migration, with the switch to post-copy where it may be needed.
     *
     * @throws Refusal when the request wants the switch and it is impossible
     */
    public MigrationCase withFallback(Technique technique, MigrationCase migrationCase) {
        if (Boolean.TRUE.equals(request.postcopyFallback())) {
            if (!availability.canFallBack(technique)) {
                throw Refusal.conflict(
                        "A migration by %s cannot be switched to post-copy while it runs, as postcopyFallback wants: %s."
                                .formatted(
                                        technique,
                                        availability
                                                .unavailable()
                                                .getOrDefault(
                                                        Technique.PRE_POST_COPY,
                                                        "QEMU cannot combine this technique with post-copy")));
            }
            return migrationCase.withTuning(migrationCase.tuning().withPostcopyFallback(true));
        }
        return mayLeave()
                ? PostcopyFallback.prepared(technique, migrationCase, availability, predictor)
                : migrationCase;
    }

    /** Chooses the technique by which the migration may be begun again. */
    public SecondChoice secondChoice(Technique technique, Candidates candidates) {
        return mayLeave()
                ? new ObservedRechoice(candidates, availability, policy.orElseThrow(), predictor, technique)
                : SecondChoice.NONE;
    }

    private boolean mayLeave() {
        boolean chosen = policy.isPresent() && (request.technique() == null || request.decision() != null);
        return chosen && request.postcopyFallback() == null;
    }
}
