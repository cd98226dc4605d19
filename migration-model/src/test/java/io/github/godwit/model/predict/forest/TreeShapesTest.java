package io.github.godwit.model.predict.forest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trees of different depth that are walked in step, and arrays that are no trees. */
class TreeShapesTest {

    private static final byte LEAF = Trees.LEAF;

    /** At 0: feature 0 below 1: 10; else below 2: 20; else below 3: 30; else 40. At 7: always 50. */
    private static final Trees DEEP_AND_FLAT = new Trees(
            new byte[] {0, LEAF, 0, LEAF, 0, LEAF, LEAF, LEAF},
            new float[] {1, 10, 2, 20, 3, 30, 40, 50},
            new int[] {2, 0, 4, 0, 6, 0, 0, 0});

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void one_deep_tree_among_flat_ones_is_walked_to_its_end_wherever_it_stands(int place) {
        int[] roots = new int[8];
        Arrays.fill(roots, 7);
        roots[place] = 0;
        double[] vector = new double[CaseVector.LENGTH];
        vector[0] = 9;
        double[] values = new double[8];

        DEEP_AND_FLAT.valuesAt(roots, vector, values);

        double[] expected = new double[8];
        Arrays.fill(expected, 50);
        expected[place] = 40;
        assertThat(values).containsExactly(expected);
    }

    @Test
    void any_number_of_trees_says_what_each_says_alone() {
        Random random = new Random(17);
        for (int count = 1; count < 40; count++) {
            int[] roots = random.ints(count, 0, 8).toArray();
            double[] vector = new double[CaseVector.LENGTH];
            vector[0] = 4 * random.nextDouble();
            double[] values = new double[count];

            DEEP_AND_FLAT.valuesAt(roots, vector, values);

            for (int i = 0; i < count; i++) {
                assertThat(values[i]).isEqualTo(DEEP_AND_FLAT.valueAt(roots[i], vector));
            }
        }
    }

    @Test
    void there_may_be_no_node_at_all() {
        assertThat(new Trees(new byte[0], new float[0], new int[0]).size()).isZero();
        assertThat(new Trees(new byte[] {LEAF}, new float[] {3}, new int[] {0})
                        .valueAt(0, new double[CaseVector.LENGTH]))
                .as("or a leaf alone")
                .isEqualTo(3);
    }

    @Test
    void a_right_child_is_no_left_one_and_not_behind_the_last() {
        assertThatThrownBy(() -> tree(1)).hasMessageContaining("The right child of node 0 (1) must be from 2 to 2.");
        assertThat(tree(2).right(0)).isEqualTo(2);
        assertThatThrownBy(() -> tree(3)).hasMessageContaining("The right child of node 0 (3) must be from 2 to 2.");
    }

    private static Trees tree(int right) {
        return new Trees(new byte[] {0, LEAF, LEAF}, new float[] {1, 2, 3}, new int[] {right, 0, 0});
    }

    @Test
    void a_feature_below_that_of_a_leaf_is_refused() {
        assertThatThrownBy(() -> new Trees(new byte[] {-2, LEAF, LEAF}, new float[3], new int[] {2, 0, 0}))
                .hasMessageContaining("does not exist");
    }

    @Test
    void arrays_of_different_lengths_are_refused() {
        assertThatThrownBy(() -> new Trees(new byte[1], new float[2], new int[1]))
                .hasMessageContaining("same length");
        assertThatThrownBy(() -> new Trees(new byte[1], new float[1], new int[2]))
                .hasMessageContaining("same length");
    }
}
