package io.github.godwit.training.learn;

import io.github.godwit.model.predict.forest.Ensemble;
import java.util.Arrays;
import java.util.List;

/** A trained regressor. */
public interface Regressor {

    /** Predicts the value for a complete case vector. */
    Answer answer(double[] vector);

    /**
     * The combined answer of the members of a regressor.
     *
     * @param median median of the members, a single value that outliers do not affect
     * @param mean   mean of the members, the expected value
     * @param spread standard deviation of the members; 0 where the members are summands
     */
    record Answer(double median, double mean, double spread) {

        /**
         * The answer of members each of which predicts the whole value.
         *
         * @param members values of the members, at least one
         */
        static Answer of(double[] members) {
            double mean = Arrays.stream(members).average().orElseThrow();
            double variance = Arrays.stream(members)
                    .map(value -> (value - mean) * (value - mean))
                    .average()
                    .orElseThrow();
            return new Answer(Ensemble.median(members.clone(), members.length), mean, Math.sqrt(variance));
        }

        /** The answer shifted by a constant. */
        Answer plus(double more) {
            return new Answer(median + more, mean + more, spread);
        }
    }

    /** A regressor of trees, which can be exported. */
    interface Forest extends Regressor {

        /** The trees, whose leaves contain their contribution to the prediction. */
        List<FlatTree> trees();

        /** Whether the trees are summands; otherwise each predicts the whole value. */
        boolean boosted();

        /** Constant that is added to the trees. */
        double base();
    }
}
