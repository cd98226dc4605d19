package io.github.godwit.model.predict.forest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class EnsembleTest {

    /** Four trees that say 3, 1, 40 and 2 whatever the case. */
    private static final Trees SAYING = new Trees(
            new byte[] {Trees.LEAF, Trees.LEAF, Trees.LEAF, Trees.LEAF}, new float[] {3, 1, 40, 2}, new int[4]);

    @Test
    void oneTreeThatIsFarOffDrawsTheMeanButNotTheValue() {
        EnsembleOutput output = output(false, 0, 1, 2, 3);

        assertThat(output.value).isEqualTo(10 + 2.5);
        assertThat(output.mean).isEqualTo(10 + 11.5);
        assertThat(output.margin)
                .as("twice their standard deviation and the floor")
                .isCloseTo(2 * (16.4697 + 0.25), within(1e-3));
    }

    @Test
    void theMedianOfAnOddNumberIsTheMiddleOne() {
        assertThat(output(false, 0, 1, 2).value).isEqualTo(10 + 3);
        assertThat(output(false, 2).value).isEqualTo(10 + 40);
    }

    @Test
    void treesThatCorrectEachOtherAreAddedUp() {
        EnsembleOutput output = output(true, 0, 1, 2, 3);

        assertThat(output.value).isEqualTo(10 + 46);
        assertThat(output.mean).isEqualTo(10 + 46);
        assertThat(output.margin).isEqualTo(2 * 0.25);
    }

    private static EnsembleOutput output(boolean boosted, int... roots) {
        EnsembleOutput output = new EnsembleOutput();
        new Ensemble(roots, boosted, false, 10, 2, 0.25)
                .predict(SAYING, new double[CaseVector.LENGTH], new double[roots.length], output);
        return output;
    }
}
