package io.github.godwit.training.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.predict.forest.CaseVector;
import io.github.godwit.training.learn.Regressor.Answer;
import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LearnerTest {

    private static final int ROWS = 300;
    private static final int[] PLACES = {1, 3, 8};
    private static final int TREES = 28;

    private final double[][] vectors = new double[ROWS][CaseVector.LENGTH];
    private final double[] targets = new double[ROWS];

    /** y = 2·x1 + x3²; x8 has no influence. */
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
    void predictsUnseenVectors(Learner learner) {
        Regressor regressor = learner.learn(vectors, targets, PLACES, TREES, 1);
        double mean = Arrays.stream(targets).average().orElseThrow();
        double spread = Arrays.stream(targets)
                .map(target -> Math.abs(target - mean))
                .average()
                .orElseThrow();
        assertThat(meanError(regressor, Answer::median)).isLessThan(0.3 * spread);
    }

    @ParameterizedTest
    @EnumSource(Learner.class)
    void aConstantTargetIsPredicted(Learner learner) {
        Arrays.fill(targets, 3);

        assertThat(learner.learn(vectors, targets, PLACES, TREES, 1)
                        .answer(vectors[0])
                        .median())
                .isCloseTo(3, within(1e-9));
    }

    @ParameterizedTest
    @EnumSource(Learner.class)
    void theSameSeedGivesTheSameModel(Learner learner) {
        Regressor one = learner.learn(vectors, targets, PLACES, TREES, 3);
        Regressor other = learner.learn(vectors, targets, PLACES, TREES, 3);

        for (double[] vector : vectors) {
            assertThat(one.answer(vector).median())
                    .isEqualTo(other.answer(vector).median());
        }
    }

    /** Values at other positions have no influence on the prediction. */
    @ParameterizedTest
    @EnumSource(Learner.class)
    void readsOnlyItsPositions(Learner learner) {
        Regressor regressor = learner.learn(vectors, targets, PLACES, TREES, 1);
        double[] other = new double[CaseVector.LENGTH];
        Arrays.fill(other, 1e6);
        for (int place : PLACES) {
            other[place] = vectors[7][place];
        }

        assertThat(regressor.answer(other).median())
                .isEqualTo(regressor.answer(vectors[7]).median());
    }

    @Test
    void extraTreesReproduceTheirTrainingRows() {
        Regressor regressor = Learner.EXTRA_TREES.learn(vectors, targets, PLACES, TREES, 1);

        for (int i = 0; i < 20; i++) {
            assertThat(regressor.answer(vectors[i]).median()).isCloseTo(targets[i], within(0.3));
        }
        assertThat(regressor.answer(vectors[0]).spread()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(
            value = Learner.class,
            names = {"EXTRA_TREES", "RANDOM_FOREST"})
    void aFewOutliersDoNotMoveTheMedian(Learner learner) {
        for (int i = 0; i < ROWS; i += 20) {
            targets[i] += 20;
        }
        Regressor regressor = learner.learn(vectors, targets, PLACES, TREES, 1);

        assertThat(meanError(regressor, Answer::median)).isLessThan(0.7 * meanError(regressor, Answer::mean));
    }

    private static double meanError(Regressor regressor, ToDoubleFunction<Answer> figure) {
        Random random = new Random(6);
        return Stream.generate(() -> random.doubles(CaseVector.LENGTH).toArray())
                .limit(ROWS)
                .mapToDouble(vector -> Math.abs(figure.applyAsDouble(regressor.answer(vector)) - truth(vector)))
                .average()
                .orElseThrow();
    }
}
