package io.github.godwit.model.watch;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.profile.ProfilePart;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;

/**
 * Decides whether a pre-copy is started so that it can be switched to post-copy while it runs. That costs something even if it is not
 * switched: the destination gives up the VM's huge pages for the time of the migration. Pure.
 */
public final class PostcopyFallback {

    /** While VMs migrate, KubeVirt's engineers measure two to three times the rate of writes from before (VEP 248). */
    private static final double FASTER = 3;

    /** A pre-copy that completes with this probability even then, in about the same time, needs no fallback. */
    private static final double SURE = 0.9;

    /** Times the total time that is about the same. */
    private static final double AS_LONG = 1.5;

    private PostcopyFallback() {}

    /**
     * Returns the case of a migration, with the fallback where it is possible and permitted and the migration might need it.
     *
     * @param technique     the technique that was chosen
     * @param migrationCase what it was predicted from
     * @param availability  what both hosts can run for the VM, and the policy, nova.conf, flavor and server permit
     * @param predictor     predicts whether the technique completes if the VM writes more than it did
     */
    public static MigrationCase prepared(
            Technique technique, MigrationCase migrationCase, TechniqueAvailability availability, Predictor predictor) {
        return availability.canFallBack(technique) && mightNotEnd(technique, migrationCase, predictor)
                ? migrationCase.withTuning(migrationCase.tuning().withPostcopyFallback(true))
                : migrationCase;
    }

    private static boolean mightNotEnd(Technique technique, MigrationCase migrationCase, Predictor predictor) {
        if (migrationCase.vm().missing().contains(ProfilePart.WRITES)) {
            return true;
        }
        MigrationCase faster = migrationCase.withVm(migrationCase
                .vm()
                .withDirtyCurve(migrationCase.vm().dirtyCurve().faster(FASTER)));
        Prediction expected = predictor.predict(migrationCase, technique);
        Prediction then = predictor.predict(faster, technique);
        boolean asLong = then.value(Metric.TOTAL_TIME) <= AS_LONG * expected.value(Metric.TOTAL_TIME);
        boolean known = then.basis() == Prediction.Basis.LEARNED || then.basis() == Prediction.Basis.SIMULATED;
        return then.endProbability() < SURE || !asLong || !known;
    }
}
