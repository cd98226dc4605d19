package io.github.godwit.training.learn;

import io.github.godwit.model.predict.forest.Ensemble;
import java.util.Arrays;
import java.util.List;

/** What a learner has learned. */
public interface Regressor {

    /** What it says of a vector. */
    Answer answer(double[] vector);

    /**
     * What the members of a regressor say together.
     *
     * @param median their median: the best single figure, which those that are far off do not draw
     * @param mean   their mean: what is to be expected on average
     * @param spread how much they disagree, their standard deviation; 0 where none of them tells the whole
     */
    record Answer(double median, double mean, double spread) {

        /**
         * Of members each of which tells the whole.
         *
         * @param members what they say; at least one
         */
        static Answer of(double[] members) {
            double mean = Arrays.stream(members).average().orElseThrow();
            double variance = Arrays.stream(members)
                    .map(value -> (value - mean) * (value - mean))
                    .average()
                    .orElseThrow();
            return new Answer(Ensemble.median(members.clone(), members.length), mean, Math.sqrt(variance));
        }

        /** The same, all of it higher by so much. */
        Answer plus(double more) {
            return new Answer(median + more, mean + more, spread);
        }
    }

    /** A regressor of trees, which can be exported. */
    interface Forest extends Regressor {

        /** Its trees, whose leaves hold what they add to the prediction. */
        List<FlatTree> trees();

        /** Whether the trees are added up; else each tells the whole. */
        boolean boosted();

        /** Added to the trees. */
        double base();
    }
}
