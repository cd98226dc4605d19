package io.github.godwit.host.migrate;

import io.github.godwit.host.Refusal;
import io.github.godwit.model.Choice;
import io.github.godwit.model.MigrationCase;
import io.github.godwit.model.NoTechniqueException;
import io.github.godwit.model.Prediction;
import io.github.godwit.model.Predictor;
import io.github.godwit.model.SloPolicies;
import io.github.godwit.model.Technique;
import io.github.godwit.model.TechniqueAvailability;
import io.github.godwit.model.TechniqueSelector;
import io.github.godwit.model.api.MigrationRequest;
import java.util.Map;

/**
 * The technique of one migration and why.
 *
 * @param technique  the technique
 * @param prediction what it is expected to cost
 * @param reason     why this one, in a sentence
 */
record Decision(Technique technique, Prediction prediction, String reason) {

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
     * @throws Refusal when the two hosts cannot run the technique for this VM
     */
    static void checkAvailable(Technique technique, TechniqueAvailability availability) {
        String obstacle = availability.unavailable().get(technique);
        if (obstacle != null) {
            throw Refusal.conflict("%s is not available: %s. Available are %s."
                    .formatted(technique, obstacle, availability.available()));
        }
    }
}
