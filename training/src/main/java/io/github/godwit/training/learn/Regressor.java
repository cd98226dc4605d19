package io.github.godwit.training.learn;

import java.util.List;

/** What a learner has learned. */
public interface Regressor {

    /** The prediction for a vector. */
    double predict(double[] vector);

    /** How much its members disagree about a vector, their standard deviation; 0 where it has none that could. */
    double spread(double[] vector);

    /** A regressor of trees, which can be exported. */
    interface Forest extends Regressor {

        /** Its trees, whose leaves hold what they add to the prediction. */
        List<FlatTree> trees();

        /** Whether the trees are added up; else they are averaged. */
        boolean boosted();

        /** Added to the trees. */
        double base();
    }
}
