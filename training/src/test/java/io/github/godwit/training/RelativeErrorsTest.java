package io.github.godwit.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RelativeErrorsTest {

    @Test
    void quantiles_are_interpolated_between_neighbours() {
        RelativeErrors errors = RelativeErrors.of(new double[] {0.4, 0.1, 0.2, 0.3, 0.0});

        assertThat(errors.count()).isEqualTo(5);
        assertThat(errors.median()).isCloseTo(0.2, within(1e-12));
        assertThat(errors.mean()).isCloseTo(0.2, within(1e-12));
        // Position 3.6 between 0.3 and 0.4.
        assertThat(errors.p90()).isCloseTo(0.36, within(1e-12));
        assertThat(errors.within25()).isCloseTo(0.6, within(1e-12));
    }

    @Test
    void nothing_measured_gives_no_figures() {
        assertThat(RelativeErrors.of(new double[0]).median()).isNaN();
    }
}
