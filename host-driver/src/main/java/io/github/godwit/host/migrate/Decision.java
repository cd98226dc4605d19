package io.github.godwit.host.migrate;

import io.github.godwit.host.common.Refusal;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.select.Choice;
import io.github.godwit.model.select.NoTechniqueException;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.select.TechniqueSelector;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import java.util.Map;

/**
 * The technique of one migration and why.
 *
 * @param technique  the technique
 * @param prediction what it is expected to cost
 * @param reason     why this one, in a sentence
 */
public record Decision(Technique technique, Prediction prediction, String reason) {

    /** Decides by prediction: the technique that the caller gave, or the policy's best. */
    static Decision make(
            MigrationRequest request,
            MigrationCase migrationCase,
            TechniqueAvailability availability,
            Predictor predictor,
            SloPolicies policies) {
        if (request.technique() != null) {
            checkAvailable(request.technique(), availability);
            return new Decision(
                    request.technique(),
                    predictor.predict(migrationCase, request.technique()),
                    "It was asked for." + migrationCase.vm().caveats());
        }
        Map<Technique, Prediction> predictions = predictor.predictAll(migrationCase, availability.available());
        try {
            Choice choice = new TechniqueSelector().select(availability, predictions, policies.get(request.policy()));
            return new Decision(
                    choice.technique(),
                    choice.prediction(),
                    choice.reason() + migrationCase.vm().caveats());
        } catch (NoTechniqueException e) {
            throw Refusal.conflict(e.getMessage());
        }
    }

    /**
     * Passes a technique that can run.
     *
     * @throws Refusal when the two hosts cannot run the technique for this VM
     */
    public static void checkAvailable(Technique technique, TechniqueAvailability availability) {
        String obstacle = availability.unavailable().get(technique);
        if (obstacle != null) {
            throw Refusal.conflict("%s is not available: %s. Available are %s."
                    .formatted(technique, obstacle, availability.available()));
        }
    }
}
