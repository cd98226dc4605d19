package io.github.godwit.training.bandwidth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.bandwidth.BandwidthCurve;
import io.github.godwit.model.bandwidth.BandwidthCurve.Origin;
import io.github.godwit.model.bandwidth.TechniqueFamily;
import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.unit.Bandwidth;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class PiecewiseFitTest {

    private static final Bandwidth LINK = Bandwidth.ofMegabits(200);
    private static final Origin ORIGIN = new Origin("a test", 100, LINK, "2025-04-30");

    @Test
    void aStraightLineHasNoBreakpoint() {
        PiecewiseFit fit = PiecewiseFit.of(points(100, 0, traffic -> 0.9 - 0.3 * traffic));
        assertThat(fit.breakpoints()).isEmpty();
        assertThat(fit.weights().get(0)).isCloseTo(0.9, within(1e-9));
        assertThat(fit.weights().get(1)).isCloseTo(-0.3, within(1e-9));
    }

    /** TCP: the migration gets what is free, until only half of the link would be left to it. */
    @Test
    void theKneeOfAFairShareIsFound() {
        PiecewiseFit fit = PiecewiseFit.of(points(100, 0.01, traffic -> Math.max(0.45, 0.9 - 0.9 * traffic)));
        assertThat(fit.breakpoints()).containsExactly(0.5);
        BandwidthCurve curve = fit.curve(0, 1, ORIGIN);
        assertThat(curve.at(0.2)).isCloseTo(0.72, within(0.01));
        assertThat(curve.at(0.9)).isCloseTo(0.45, within(0.01));
    }

    @Test
    void twoKneesAreFound() {
        PiecewiseFit fit =
                PiecewiseFit.of(points(300, 0.005, traffic -> traffic < 0.2 ? 0.9 : Math.max(0.5, 1.1 - traffic)));
        assertThat(fit.breakpoints()).hasSize(2);
        assertThat(fit.breakpoints().get(0)).isCloseTo(0.2, within(1e-9));
        assertThat(fit.breakpoints().get(1)).isCloseTo(0.6, within(1e-9));
    }

    @Test
    void noiseInventsNoBreakpoints() {
        int straight = 0;
        for (int seed = 0; seed < 20; seed++) {
            straight += PiecewiseFit.of(points(seed, 60, 0.05, traffic -> 0.85))
                            .breakpoints()
                            .isEmpty()
                    ? 1
                    : 0;
        }
        assertThat(straight).isGreaterThanOrEqualTo(18);
    }

    @Test
    void aPieceThatNobodyMeasuredIsNotFitted() {
        List<BandwidthPoint> low = points(100, 0, traffic -> 0.9 - traffic).stream()
                .filter(point -> point.traffic() < 0.4)
                .toList();
        PiecewiseFit fit = PiecewiseFit.of(low);
        assertThat(fit.breakpoints()).isEmpty();
        assertThat(fit.curve(0, 0.4, ORIGIN).at(1)).isCloseTo(0.5, within(1e-9));
    }

    private static List<BandwidthPoint> points(int count, double noise, DoubleUnaryOperator curve) {
        return points(1, count, noise, curve);
    }

    private static List<BandwidthPoint> points(int seed, int count, double noise, DoubleUnaryOperator curve) {
        Random random = new Random(seed);
        List<BandwidthPoint> points = new ArrayList<>();
        for (int i = 0; i <= count; i++) {
            double traffic = (double) i / count;
            double value = curve.applyAsDouble(traffic) + noise * random.nextGaussian();
            points.add(new BandwidthPoint(TechniqueFamily.PRE, TrafficClass.OUTBOUND, traffic, value, LINK, "" + i));
        }
        return points;
    }
}
