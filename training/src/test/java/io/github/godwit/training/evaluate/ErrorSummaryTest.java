package io.github.godwit.training.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.training.evaluate.ErrorSummary.Pair;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorSummaryTest {

    @Test
    void geometricMeansOfAbsoluteAndRelativeErrors() {
        // errors of 10 of 100 and of 40 of 1000: √(10·40) = 20 and √(0.1·0.04) = 0.0632
        ErrorSummary errors = ErrorSummary.of(
                Metric.TOTAL_TIME, List.of(new Pair(110, 100, 120, 100, 0), new Pair(960, 950, 970, 1000, 0)));

        assertThat(errors.gmae()).isCloseTo(20, within(1e-9));
        assertThat(errors.gmre()).isCloseTo(0.063246, within(1e-6));
        // √((10² + 40²)/2) over a range of 900
        assertThat(errors.nrmse()).isCloseTo(29.1548 / 900, within(1e-6));
        assertThat(errors.coverage90()).isEqualTo(0.5);
    }

    @Test
    void theWidthIsThatOfTheMiddleInterval() {
        // 20 of 100, 20 of 1000 and 2000 of 2000
        ErrorSummary errors = ErrorSummary.of(
                Metric.TOTAL_TIME,
                List.of(
                        new Pair(110, 100, 120, 100, 0),
                        new Pair(960, 950, 970, 1000, 0),
                        new Pair(2000, 1000, 3000, 2000, 0)));

        assertThat(errors.width()).isCloseTo(0.2, within(1e-12));
    }

    @Test
    void withoutPairsThereIsNoWidth() {
        assertThat(ErrorSummary.of(Metric.TOTAL_TIME, List.of()).width()).isNaN();
    }

    @Test
    void anErrorBelowTheResolutionCountsAsTheResolution() {
        ErrorSummary errors = ErrorSummary.of(Metric.TOTAL_TIME, List.of(new Pair(100, 100, 100, 100, 0)));

        assertThat(errors.gmae()).isCloseTo(0.1, within(1e-12));
        assertThat(errors.gmre()).isCloseTo(0.001, within(1e-12));
    }

    @Test
    void cpuIsRelativeToTheWholeOfIt() {
        // an error of 5 points, where QEMU used 40 % before and 10 % more during the migration
        ErrorSummary errors = ErrorSummary.of(Metric.CPU, List.of(new Pair(15, 0, 20, 10, 0.4)));

        assertThat(errors.gmre()).isCloseTo(0.1, within(1e-12));
        assertThat(errors.width()).as("20 points of 50").isCloseTo(0.4, within(1e-12));
    }
}
