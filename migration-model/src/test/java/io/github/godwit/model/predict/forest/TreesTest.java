package io.github.godwit.model.predict.forest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreesTest {

    /** Feature 1 below 5: 10, else feature 0 below 2: 20, else 30. */
    private static final Trees TREE =
            new Trees(new byte[] {1, Trees.LEAF, 0, Trees.LEAF, Trees.LEAF}, new float[] {5, 10, 2, 20, 30}, new int[] {
                2, 0, 4, 0, 0
            });

    private static double at(double first, double second) {
        double[] vector = new double[CaseVector.LENGTH];
        vector[0] = first;
        vector[1] = second;
        return TREE.valueAt(0, vector);
    }

    @Test
    void aVectorFallsIntoItsLeaf() {
        assertThat(at(9, 4.9)).isEqualTo(10);
        assertThat(at(1, 5)).isEqualTo(20);
        assertThat(at(2, 7)).isEqualTo(30);
    }

    /** Fewer than are walked in step, as many, some more, and several times as many with some more. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 28})
    void severalTreesAreWalkedLikeEachAlone(int count) {
        int[] someRoots = {0, 2, 3, 0, 1};
        int[] roots = IntStream.range(0, count)
                .map(i -> someRoots[i * i % someRoots.length])
                .toArray();
        double[] vector = new double[CaseVector.LENGTH];
        vector[0] = 1;
        vector[1] = 5;
        double[] values = new double[count];

        TREE.valuesAt(roots, vector, values);

        assertThat(values)
                .containsExactly(Arrays.stream(roots)
                        .mapToDouble(root -> TREE.valueAt(root, vector))
                        .toArray());
    }

    @Test
    void theLastFeatureIsReadLikeAnyOther() {
        byte last = (byte) (CaseVector.LENGTH - 1);
        Trees tree =
                new Trees(new byte[] {last, Trees.LEAF, Trees.LEAF}, new float[] {-0.5f, -1, 1}, new int[] {2, 0, 0});
        double[] vector = new double[CaseVector.LENGTH];
        vector[last] = -0.6;
        assertThat(tree.valueAt(0, vector)).isEqualTo(-1);
        vector[last] = -0.5;
        assertThat(tree.valueAt(0, vector)).isEqualTo(1);
    }

    @Test
    void aTreeThatWouldNotEndIsRefused() {
        assertThatThrownBy(() ->
                        new Trees(new byte[] {0, Trees.LEAF, Trees.LEAF}, new float[] {1, 1, 1}, new int[] {0, 0, 0}))
                .hasMessageContaining("child");
        assertThatThrownBy(() -> new Trees(new byte[] {Trees.LEAF, 0}, new float[2], new int[2]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFeatureThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> new Trees(
                        new byte[] {(byte) CaseVector.LENGTH, Trees.LEAF, Trees.LEAF}, new float[3], new int[] {2, 0, 0
                        }))
                .hasMessageContaining("does not exist");
    }
}
