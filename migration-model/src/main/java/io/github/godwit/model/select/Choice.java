package io.github.godwit.model.select;

import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.technique.Technique;
import java.util.List;

/**
 * The technique chosen for one migration, and how the other techniques compared.
 *
 * @param technique  the chosen technique
 * @param policy     the policy it was chosen by
 * @param prediction its prediction
 * @param reason     why it was chosen, in one or a few sentences
 * @param scores     all techniques that were compared, best first; the first is the chosen one
 * @param rejected   all techniques that were not compared, with the reason
 */
public record Choice(
        Technique technique,
        SloPolicy policy,
        Prediction prediction,
        String reason,
        List<Score> scores,
        List<Rejection> rejected) {

    /**
     * The score of one technique under a policy ([FGCS 2025], equations 3, 4 and 6).
     *
     * @param technique  the technique
     * @param prediction its prediction
     * @param violations number of SLOs that the predicted values violate: the sum of V_abs, equation 3
     * @param violation  expected weighted extent of violation: the sum of V_rel, equation 4, over the prediction interval
     * @param objective  distance from the thresholds in the optimised metrics: the sum of O_rel, equation 6
     * @param reason     why it was or was not chosen, in one sentence
     */
    public record Score(
            Technique technique,
            Prediction prediction,
            int violations,
            double violation,
            double objective,
            String reason) {}

    /**
     * A technique that was not compared.
     *
     * @param technique the technique
     * @param reason    why it was not compared, as the rest of a sentence
     */
    public record Rejection(Technique technique, String reason) {}

    /** Copies the lists. */
    public Choice {
        scores = List.copyOf(scores);
        rejected = List.copyOf(rejected);
    }
}
