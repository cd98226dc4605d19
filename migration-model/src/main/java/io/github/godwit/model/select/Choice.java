package io.github.godwit.model.select;

import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.technique.Technique;
import java.util.List;

/**
 * The technique chosen for one migration, with everything it was chosen from.
 *
 * @param technique  the technique to use
 * @param policy     name of the policy it was chosen under
 * @param prediction what it is expected to cost
 * @param reason     why, in one sentence
 * @param scores     all techniques that were compared, best first; the first is the chosen one
 * @param rejected   all that were not compared, with the reason
 */
public record Choice(
        Technique technique,
        String policy,
        Prediction prediction,
        String reason,
        List<Score> scores,
        List<Rejection> rejected) {

    /**
     * How one technique does under a policy.
     *
     * @param technique  the technique
     * @param prediction what it is expected to cost
     * @param violations number of SLOs that the expected values break: V_abs summed, equation 3
     * @param violation  weighted extent of violation that is to be expected: V_rel summed, equation 4, over what may come
     * @param objective  distance from the thresholds in the optimised metrics: O_rel summed, equation 6
     * @param reason     why it won or lost, in one sentence
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
     * @param reason    why, in one sentence
     */
    public record Rejection(Technique technique, String reason) {}

    /** Copies the lists. */
    public Choice {
        scores = List.copyOf(scores);
        rejected = List.copyOf(rejected);
    }
}
