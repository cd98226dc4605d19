package io.github.godwit.model.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.profile.DirtyCurve.Point;
import java.util.List;
import org.junit.jupiter.api.Test;

class DirtyCurveTest {

    private final DirtyCurve curve =
            new DirtyCurve(List.of(new Point(0.1, 1000), new Point(0.5, 3000), new Point(1.0, 4000)), 6000);

    @Test
    void between_measured_windows_it_is_linear_from_the_origin_on() {
        assertThat(curve.pagesAfter(0.05)).isCloseTo(500, within(1e-9));
        assertThat(curve.pagesAfter(0.3)).isCloseTo(2000, within(1e-9));
        assertThat(curve.pagesAfter(0.75)).isCloseTo(3500, within(1e-9));
    }

    @Test
    void behind_the_last_window_it_goes_on_with_the_last_slope_to_the_limit() {
        assertThat(curve.pagesAfter(1.5)).isCloseTo(5000, within(1e-9));
        assertThat(curve.pagesAfter(60)).isEqualTo(6000);
    }

    @Test
    void no_time_or_no_writes_give_no_pages() {
        assertThat(curve.pagesAfter(0)).isZero();
        assertThat(curve.pagesAfter(-1)).isZero();
        assertThat(DirtyCurve.idle().pagesAfter(10)).isZero();
    }

    @Test
    void a_number_of_pages_is_written_within_the_window_that_has_so_many() {
        for (double seconds : new double[] {0.05, 0.1, 0.3, 0.75, 1.0, 1.9}) {
            assertThat(curve.secondsUntil(curve.pagesAfter(seconds))).isCloseTo(seconds, within(1e-9));
        }
        assertThat(curve.secondsUntil(0)).isZero();
        assertThat(curve.secondsUntil(6001)).isInfinite();
        assertThat(DirtyCurve.idle().secondsUntil(1)).isInfinite();
        assertThat(new DirtyCurve(List.of(new Point(1, 10), new Point(2, 10)), 20).secondsUntil(11))
                .isInfinite();
    }

    @Test
    void noise_that_lets_it_fall_is_raised_to_the_running_maximum() {
        DirtyCurve noisy = new DirtyCurve(List.of(new Point(0.1, 1000), new Point(0.2, 900)), 6000);

        assertThat(noisy.pagesAfter(0.2)).isEqualTo(1000);
    }

    @Test
    void windows_that_do_not_rise_are_refused() {
        assertThatThrownBy(() -> new DirtyCurve(List.of(new Point(0.2, 1), new Point(0.2, 2)), 10))
                .hasMessageContaining("must rise");
        assertThatThrownBy(() -> new Point(-1, 5)).hasMessageContaining("positive window");
        assertThatThrownBy(() -> new DirtyCurve(List.of(), -1)).hasMessageContaining("must not be negative");
    }
}
