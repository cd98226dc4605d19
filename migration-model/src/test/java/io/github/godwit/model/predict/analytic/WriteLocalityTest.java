package io.github.godwit.model.predict.analytic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.Vms;
import io.github.godwit.model.profile.DirtyCurve.Point;
import io.github.godwit.model.profile.VmProfile;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** VMs whose way of writing is known, looked at as the host driver does. */
class WriteLocalityTest {

    private static final double PAGES = 10_000;

    @Test
    void writes_in_order_raise_the_curve_straight() {
        WriteLocality round = locality(t -> Math.min(PAGES, 40_000 * t), 1);
        WriteLocality once = locality(t -> 8_000 * t, 1);

        assertThat(round.sequential()).isGreaterThan(0.9);
        assertThat(once.sequential()).isGreaterThan(0.9);
        assertThat(round.hotPages() + round.coldPages()).isCloseTo(PAGES, within(1.0));
    }

    @Test
    void writes_at_random_bend_it() {
        WriteLocality often = locality(t -> seen(PAGES, 40_000 * t), 1 - Math.exp(-4));
        WriteLocality seldom = locality(t -> seen(PAGES, 5_000 * t), 1 - Math.exp(-0.5));

        assertThat(often.sequential()).isLessThan(0.05);
        assertThat(seldom.sequential()).isLessThan(0.05);
        assertThat(often.hotPages() + often.coldPages()).isCloseTo(PAGES, within(0.02 * PAGES));
        assertThat(seldom.hotPages() + seldom.coldPages()).isCloseTo(PAGES, within(0.25 * PAGES));
    }

    @Test
    void nine_writes_of_ten_to_a_tenth_of_the_pages_show_a_hot_spot_and_all_that_is_cold() {
        double hot = PAGES / 10;
        double cold = PAGES - hot;
        DoubleUnaryOperator curve = t -> seen(hot, 18_000 * t) + seen(cold, 2_000 * t);
        double coldSeen = seen(cold, 2_000);
        double spatial = (hot + coldSeen * coldSeen / cold) / (hot + coldSeen);

        WriteLocality locality = locality(curve, spatial);

        assertThat(locality.hotPages()).isCloseTo(hot, within(0.3 * hot));
        assertThat(locality.hotRate()).isCloseTo(18_000, within(6_000.0));
        assertThat(locality.coldRate()).isCloseTo(2_000, within(400.0));
        assertThat(locality.hotPages() + locality.coldPages()).isCloseTo(PAGES, within(0.25 * PAGES));
        assertThat(locality.sequential()).isLessThan(0.05);
    }

    @Test
    void a_vm_that_writes_nothing_has_no_such_pages() {
        VmProfile idle = Vms.writing(256, 64, 64, 0, false);

        assertThat(WriteLocality.of(idle)).isEqualTo(new WriteLocality(0, 0, 0, 0, 0));
    }

    /** 350 pages in half a second, 600 in one and 900 in two: 300 of them are new in the last second. */
    @Test
    void the_last_slope_is_what_is_cold_and_where_it_cuts_the_axis_is_what_is_hot() {
        Point[] curve = {new Point(0.5, 350), new Point(1, 600), new Point(2, 900)};

        WriteLocality locality = WriteLocality.of(ByHand.vm(256, 128, 1, 0, 0.8, curve));

        assertThat(locality.coldRate()).isCloseTo(300, within(1e-9));
        assertThat(locality.hotPages()).isCloseTo(900 - 2 * 300, within(1e-9));
        // Half a second saw 350, of them 150 cold: 200 of 300 hot ones, which takes −ln(1/3) writes for each.
        assertThat(locality.hotRate()).isCloseTo(Math.log(3) * 300 / 0.5, within(1e-9));
        // 0.8 of 900 have a neighbour, the hot ones all: 420 of 600 cold ones, so that 0.7 of all cold pages were seen.
        assertThat(locality.coldPages()).isCloseTo(600 / 0.7, within(1e-9));
        assertThat(locality.pages()).isCloseTo(300 + 600 / 0.7, within(1e-9));
    }

    @Test
    void there_are_no_more_cold_pages_than_the_vm_has_beside_the_hot_ones() {
        Point[] curve = {new Point(0.5, 350), new Point(1, 600), new Point(2, 900)};

        // 1,024 pages in all
        assertThat(WriteLocality.of(ByHand.vm(256, 4, 1, 0, 0.7, curve)).coldPages())
                .isCloseTo(1_024 - 300, within(1e-9));
        // Without any neighbours a hundredth was seen, at least.
        assertThat(WriteLocality.of(ByHand.vm(1024, 1024, 1, 0, 0, curve)).coldPages())
                .isCloseTo(600 / 0.01, within(1e-9));
    }

    @Test
    void a_curve_that_is_level_from_the_first_window_on_has_hot_pages_alone() {
        WriteLocality locality = WriteLocality.of(ByHand.vm(256, 128, ByHand.levelAt(700)));

        assertThat(locality.hotPages()).isCloseTo(700, within(1e-9));
        assertThat(locality.coldRate()).isZero();
        // All seen in 10 ms counts as 98 %.
        assertThat(locality.hotRate()).isCloseTo(-Math.log(0.02) * 700 / 0.01, within(1e-6));
        assertThat(locality.pages()).isCloseTo(700, within(1e-9));
    }

    private static double seen(double pages, double writes) {
        return pages * (1 - Math.exp(-writes / pages));
    }

    private static WriteLocality locality(DoubleUnaryOperator curve, double spatialLocality) {
        VmProfile vm = Vms.writing(256, 128, 64, 60, false);
        List<Point> points = DoubleStream.of(0.05, 0.1, 0.25, 0.5, 1)
                .mapToObj(t -> new Point(t, curve.applyAsDouble(t)))
                .toList();
        return WriteLocality.of(Vms.lookedAt(vm, points, spatialLocality, vm.content()));
    }
}
