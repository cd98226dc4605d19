package io.github.godwit.training.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.forest.CaseVector;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LearnerTest {

    private static final int ROWS = 300;
    private static final int[] PLACES = {1, 3, 8};

    private final double[][] vectors = new double[ROWS][CaseVector.LENGTH];
    private final double[] targets = new double[ROWS];

    /** y = 2·x1 + x3², and x8 says nothing. */
    LearnerTest() {
        Random random = new Random(5);
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < CaseVector.LENGTH; j++) {
                vectors[i][j] = random.nextDouble();
            }
            targets[i] = truth(vectors[i]);
        }
    }

    private static double truth(double[] vector) {
        return 2 * vector[1] + vector[3] * vector[3];
    }

    @ParameterizedTest
    @EnumSource(Learner.class)
    void learnsWhatItHasNotSeen(Learner learner) {
        Regressor regressor = learner.learn(vectors, targets, PLACES, 1);
        Random random = new Random(6);
        double error = 0;
        double spread = 0;
        double mean = Arrays.stream(targets).average().orElseThrow();
        for (int i = 0; i < ROWS; i++) {
            double[] vector = random.doubles(CaseVector.LENGTH).toArray();
            error += Math.abs(regressor.predict(vector) - truth(vector));
            spread += Math.abs(mean - truth(vector));
        }
        assertThat(error).isLessThan(0.3 * spread);
    }

    @ParameterizedTest
    @EnumSource(Learner.class)
    void whatIsAlwaysTheSameIsPredictedSo(Learner learner) {
        Arrays.fill(targets, 3);

        assertThat(learner.learn(vectors, targets, PLACES, 1).predict(vectors[0]))
                .isCloseTo(3, within(1e-9));
    }

    @ParameterizedTest
    @EnumSource(Learner.class)
    void theSameSeedGivesTheSameModel(Learner learner) {
        Regressor one = learner.learn(vectors, targets, PLACES, 3);
        Regressor other = learner.learn(vectors, targets, PLACES, 3);

        for (double[] vector : vectors) {
            assertThat(one.predict(vector)).isEqualTo(other.predict(vector));
        }
    }

    /** A vector whose other places are nonsense is predicted as if they were not there. */
    @ParameterizedTest
    @EnumSource(Learner.class)
    void readsOnlyItsPlaces(Learner learner) {
        Regressor regressor = learner.learn(vectors, targets, PLACES, 1);
        double[] other = new double[CaseVector.LENGTH];
        Arrays.fill(other, 1e6);
        for (int place : PLACES) {
            other[place] = vectors[7][place];
        }

        assertThat(regressor.predict(other)).isEqualTo(regressor.predict(vectors[7]));
    }

    @Test
    void extraTreesRememberWhatTheySaw() {
        Regressor regressor = Learner.EXTRA_TREES.learn(vectors, targets, PLACES, 1);

        for (int i = 0; i < 20; i++) {
            assertThat(regressor.predict(vectors[i])).isCloseTo(targets[i], within(0.3));
        }
        assertThat(regressor.spread(vectors[0])).isPositive();
    }
}
