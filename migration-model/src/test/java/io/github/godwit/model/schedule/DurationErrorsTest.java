package io.github.godwit.model.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What plans that have run say about the next one. Errors are in standard deviations of the single predictions. */
class DurationErrorsTest {

    /** 8 to 13 s around 10 s: the standard deviations are 2 / 1.6449 and 3 / 1.6449. */
    @Test
    void anErrorCountsInStandardDeviationsOfItsSide() {
        Interval predicted = new Interval(8, 10, 13);
        assertThat(DurationErrors.error(predicted, 10)).isZero();
        assertThat(DurationErrors.error(predicted, 13)).isCloseTo(1.6449, within(1e-9));
        assertThat(DurationErrors.error(predicted, 9)).isCloseTo(-0.82245, within(1e-9));
        assertThat(DurationErrors.error(predicted, 1000)).isEqualTo(4);
        assertThat(DurationErrors.error(Interval.exactly(10), 9)).isEqualTo(-4);
    }

    @Test
    void withoutPlansTheAssumptionHolds() {
        assertThat(DurationErrors.of(List.of())).isEqualTo(DurationErrors.ASSUMED);
    }

    /**
     * Ten plans of two, half with the errors 1 and 1, half with −1 and −1: all of it is common, (4 · 0.5 + 10 · 1) / 14 = 0.857. The scale
     * stays 1.
     */
    @Test
    void errorsThatAreAlikeWithinAPlanAreCommon() {
        List<List<Double>> plans = List.of(
                List.of(1.0, 1.0),
                List.of(-1.0, -1.0),
                List.of(1.0, 1.0),
                List.of(-1.0, -1.0),
                List.of(1.0, 1.0),
                List.of(-1.0, -1.0),
                List.of(1.0, 1.0),
                List.of(-1.0, -1.0),
                List.of(1.0, 1.0),
                List.of(-1.0, -1.0));
        assertThat(DurationErrors.of(plans).common()).isCloseTo(12.0 / 14, within(1e-9));
        assertThat(DurationErrors.of(plans).scale()).isCloseTo(1, within(1e-9));
    }

    /** Ten plans with the errors 1 and −1: nothing is common, 4 · 0.5 / 14 = 0.143. */
    @Test
    void errorsThatDifferWithinAPlanAverageOut() {
        assertThat(DurationErrors.of(Collections.nCopies(10, List.of(1.0, -1.0)))
                        .common())
                .isCloseTo(2.0 / 14, within(1e-9));
    }

    /**
     * Five migrations, each alone in its plan and off by a fifth of a standard deviation: the mean square is
     * (3 · 1 + 5 · 0.04) / 8 = 0.4, the scale its root. Nothing says what is common.
     */
    @Test
    void smallErrorsNarrow() {
        DurationErrors learned = DurationErrors.of(Collections.nCopies(5, List.of(0.2)));
        assertThat(learned.scale()).isCloseTo(Math.sqrt(0.4), within(1e-9));
        assertThat(learned.common()).isEqualTo(0.5);
    }

    /** (3 · 1 + 5 · 4) / 8 = 2.875. */
    @Test
    void largeErrorsWiden() {
        assertThat(DurationErrors.of(Collections.nCopies(5, List.of(-2.0))).scale())
                .isCloseTo(Math.sqrt(2.875), within(1e-9));
    }

    /** Eight migrations of one plan have 8 / (1 + 7 · 0.6) = 1.54 independent errors: (3 + 1.54 · 4) / 4.54 = 2.02. */
    @Test
    void onePlanDoesNotCountAsManyIndependentErrors() {
        DurationErrors learned = DurationErrors.of(List.of(Collections.nCopies(8, 2.0)));
        assertThat(learned.common()).isCloseTo(0.6, within(1e-9));
        assertThat(learned.scale()).isCloseTo(Math.sqrt((3 + 4 * 8 / 5.2) / (3 + 8 / 5.2)), within(1e-9));
    }

    @Test
    void theBoundsHold() {
        assertThat(DurationErrors.of(Collections.nCopies(1000, List.of(4.0))).scale())
                .isEqualTo(3);
        assertThat(DurationErrors.of(Collections.nCopies(1000, List.of(0.0, 0.0)))
                        .scale())
                .isEqualTo(0.25);
        assertThat(DurationErrors.of(Collections.nCopies(1000, List.of(1.0, -1.0)))
                        .common())
                .isEqualTo(0.1);
        assertThatThrownBy(() -> new DurationErrors(1.1, 1)).hasMessageContaining("must be 0 to 1");
    }
}
