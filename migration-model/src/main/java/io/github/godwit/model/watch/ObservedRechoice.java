package io.github.godwit.model.watch;

import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.profile.ProfilePart;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.select.Choice;
import io.github.godwit.model.select.MigrationDecider;
import io.github.godwit.model.select.MigrationDecider.Candidates;
import io.github.godwit.model.select.MigrationDecider.Prepared;
import io.github.godwit.model.select.NoTechniqueException;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses again, under the same policy and among the same techniques, but for a VM that writes as fast as the rounds of its migration show.
 * Pure.
 *
 * @param candidates   what the first choice was made from
 * @param availability what both hosts can run for the VM, and policy, nova.conf, flavor and server permit
 * @param policy       what the operator wants
 * @param predictor    predicts what each technique costs
 * @param first        the technique that does not come to its end
 */
public record ObservedRechoice(
        Candidates candidates,
        TechniqueAvailability availability,
        SloPolicy policy,
        Predictor predictor,
        Technique first)
        implements SecondChoice {

    /** A technique that is less sure to come to its end is not worth what has been sent already. */
    private static final double SURE = 0.9;

    /** More is not believed of a few rounds. */
    private static final double FASTEST = 10;

    private static final double MILLIS = 1000;
    private static final int PAGE = 4096;

    @Override
    public Optional<SecondAttempt> after(PrecopyRound round, double growth) {
        MigrationCase before = candidates.unreserved();
        long left = before.tuning().timeLimit().toMillis() - round.elapsedMillis();
        if (left <= 0 || before.vm().missing().contains(ProfilePart.WRITES)) {
            return Optional.empty();
        }
        MigrationTuning tuning = before.tuning().withTimeLimit(Duration.ofMillis(left));
        Candidates observed = new Candidates(
                before.withVm(observed(before.vm(), round, growth)).withTuning(tuning),
                candidates.rule(),
                candidates.limits());
        MigrationDecider decider = MigrationDecider.unwatched(predictor);
        TechniqueAvailability others = availability.without(Set.of(first), "did not come to its end");
        try {
            Choice choice = decider.decide(observed, others, policy);
            while (!isSure(choice)) {
                others = others.without(Set.of(choice.technique()), "is not sure to come to its end");
                choice = decider.decide(observed, others, policy);
            }
            return Optional.of(
                    new SecondAttempt(choice, withFallback(observed.of(choice.technique()), choice.technique())));
        } catch (NoTechniqueException e) {
            return Optional.empty();
        }
    }

    /** A prediction for this VM was wrong once, and nothing is begun again a second time: what is sure to end is kept possible. */
    private Prepared withFallback(Prepared prepared, Technique technique) {
        MigrationCase again = prepared.migrationCase();
        return availability.canFallBack(technique)
                ? new Prepared(again.withTuning(again.tuning().withPostcopyFallback(true)), prepared.reservation())
                : prepared;
    }

    /** Post-copy comes to its end whatever the guest writes, also where the models were not trained for such a guest. */
    private static boolean isSure(Choice choice) {
        Prediction prediction = choice.prediction();
        boolean known = prediction.basis() == Basis.LEARNED
                || prediction.basis() == Basis.SIMULATED
                || (prediction.basis() == Basis.UNFAMILIAR && choice.technique().isPostCopy());
        return known && prediction.endProbability() >= SURE;
    }

    private static VmProfile observed(VmProfile vm, PrecopyRound round, double growth) {
        return vm.withDirtyCurve(vm.dirtyCurve().faster(timesAsFast(vm, round, growth)));
    }

    /**
     * How many times as fast as in its profile the guest writes. QEMU's expected downtime is what was written in the last round, divided by
     * the rate of sending; that round took the expected downtime of the round before. A throttled guest ran for a part of it.
     */
    static double timesAsFast(VmProfile vm, PrecopyRound round, double growth) {
        double bytesPerMilli = (double) round.transferredBytes() / Math.max(1, round.elapsedMillis());
        double written = round.expectedDowntimeMillis() * bytesPerMilli / PAGE;
        double roundSeconds = round.expectedDowntimeMillis() / growth / MILLIS;
        double ranSeconds = roundSeconds * (1 - Math.min(0.99, round.throttlePercent() / 100.0));
        double usualSeconds = vm.dirtyCurve().secondsUntil(written);
        return ranSeconds > 0 ? Math.min(FASTEST, Math.max(1, usualSeconds / ranSeconds)) : 1;
    }
}
