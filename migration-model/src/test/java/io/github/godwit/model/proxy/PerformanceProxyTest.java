package io.github.godwit.model.proxy;

import static io.github.godwit.model.proxy.PerformanceProxy.GUEST_TIME;
import static io.github.godwit.model.proxy.PerformanceProxy.QEMU_FIGURES;
import static io.github.godwit.model.proxy.PerformanceProxy.RUN_SHARE;
import static io.github.godwit.model.proxy.PerformanceProxy.RUN_TIME;
import static io.github.godwit.model.proxy.PerformanceProxy.RUN_TIME_LESS_OVERHEAD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.watch.PrecopyRound;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PerformanceProxyTest {

    private static final Offset<Double> EXACTLY = within(1e-12);

    /** 2.4 s on the source, of 1.6 s in guest mode, and 0.6 s on the destination, of 0.4 s. */
    private static final VcpuTimes TEN_SECONDS =
            new VcpuTimes(10, new VcpuTime(2.4, 0.8, 1.6), new VcpuTime(0.6, 0.2, 0.4));

    private static OutsideView view(double usualCores, PrecopyRound... rounds) {
        return new OutsideView(TEN_SECONDS, usualCores, List.of(rounds), 10_000, 500);
    }

    private static PrecopyRound round(int number, int throttlePercent, long elapsedMillis) {
        return new PrecopyRound(number, 0, throttlePercent, elapsedMillis, 0, 0);
    }

    @Test
    void theVcpusOfBothHostsRanThreeSecondsInTenInsteadOfFour() {
        assertThat(RUN_TIME.of(view(0.4))).hasValueCloseTo(0.75, EXACTLY);
        assertThat(RUN_TIME_LESS_OVERHEAD.of(view(0.4))).hasValueCloseTo(0.75 / 1.1, EXACTLY);
        assertThat(GUEST_TIME.of(view(0.4))).hasValueCloseTo(0.5, EXACTLY);
        assertThat(RUN_SHARE.of(view(0.4))).hasValueCloseTo(0.75, EXACTLY);
    }

    @Test
    void aVmThatStaysHasRunOnTheSourceAlone() {
        VcpuTimes stayed = new VcpuTimes(10, new VcpuTime(2.4, 0, 0), null);
        assertThat(RUN_TIME.of(new OutsideView(stayed, 0.4, null, 0, 0))).hasValueCloseTo(0.6, EXACTLY);
    }

    @Test
    void aVmThatRanMoreThanBeforeIsUnharmed() {
        assertThat(RUN_TIME.of(view(0.1))).hasValue(1);
    }

    @Test
    void qemusOwnFiguresAreTheDowntimeAndTheThrottlingOfEachRound() {
        // 4 s without throttling, then 4 s at 20 % and 2 s at 60 %: (4 + 3.2 + 0.8) / 10; and 0.95 without the
        // downtime.
        OutsideView throttled = view(0.4, round(1, 0, 4_000), round(2, 20, 8_000), round(3, 60, 10_000));
        assertThat(QEMU_FIGURES.of(throttled)).hasValueCloseTo(0.8 * 0.95, EXACTLY);
        assertThat(QEMU_FIGURES.of(view(0.4))).hasValueCloseTo(0.95, EXACTLY);
        assertThat(QEMU_FIGURES.of(new OutsideView(TEN_SECONDS, 0.4, List.of(), 0, 0)))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsSaidAboutAGuestThatHardlyRan(PerformanceProxy proxy) {
        assertThat(proxy.of(view(0.019))).isEmpty();
        assertThat(proxy.of(view(0.02))).isPresent();
    }

    @Test
    void aVcpuThatWasNeverReadySaysNothingAboutItsShare() {
        VcpuTimes idle = new VcpuTimes(10, VcpuTime.NONE, null);
        assertThat(RUN_SHARE.of(new OutsideView(idle, 0.4, List.of(), 0, 0))).isEmpty();
        assertThat(RUN_TIME.of(new OutsideView(idle, 0.4, List.of(), 0, 0))).hasValue(0);
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> new VcpuTimes(0, VcpuTime.NONE, null)).hasMessageContaining("must be positive");
        assertThatThrownBy(() -> new VcpuTimes(1, null, null)).hasMessageContaining("is missing");
        assertThatThrownBy(() -> new VcpuTime(-1, 0, 0)).hasMessageContaining("must not be negative");
    }

    @Test
    void timeSinceAnEarlierReadingIsNeverNegative() {
        assertThat(new VcpuTime(5, 2, 1).since(new VcpuTime(3, 2.5, 0.25))).isEqualTo(new VcpuTime(2, 0, 0.75));
    }

    @Test
    void techniquesThatSlowAGuestByTheSameMeansAreAFamily() {
        assertThat(TechniqueFamily.of(Technique.PRE_COPY)).isEqualTo(TechniqueFamily.PRE_COPY);
        assertThat(TechniqueFamily.of(Technique.ZSTD)).isEqualTo(TechniqueFamily.PRE_COPY);
        assertThat(TechniqueFamily.of(Technique.AUTO_CONVERGE)).isEqualTo(TechniqueFamily.THROTTLED);
        assertThat(TechniqueFamily.of(Technique.DIRTY_LIMIT)).isEqualTo(TechniqueFamily.THROTTLED);
        assertThat(TechniqueFamily.of(Technique.POST_COPY_PREEMPT)).isEqualTo(TechniqueFamily.POST_COPY);
        assertThat(TechniqueFamily.of(Technique.PRE_POST_COPY)).isEqualTo(TechniqueFamily.PRE_POST_COPY);
    }

    @Test
    void aProxyIsTrustedFromARankCorrelationOfFourFifthsOnEnoughMigrations() {
        assertThat(trust(20, 0.8).suffices()).isTrue();
        assertThat(trust(19, 0.99).suffices()).isFalse();
        assertThat(trust(1_000, 0.79).suffices()).isFalse();
        assertThat(trust(1_000, Double.NaN).suffices()).isFalse();
    }

    private static ProxyTrust trust(int rows, double correlation) {
        return new ProxyTrust(Accelerator.KVM, TechniqueFamily.PRE_COPY, rows, correlation, 0.1);
    }

    @ParameterizedTest
    @EnumSource
    void aProxyIsLearnedExactlyWhereItsEvaluationSuffices(Technique technique) {
        for (Accelerator accelerator : Accelerator.values()) {
            boolean evaluated = ProxyTrust.MEASURED.stream()
                    .filter(each -> each.accelerator() == accelerator)
                    .filter(each -> each.family() == TechniqueFamily.of(technique))
                    .anyMatch(each -> each.correlation() >= 0.8 && each.rows() >= 20);
            assertThat(ProxyTrust.learned(technique, accelerator)).isEqualTo(evaluated);
        }
    }
}
