package io.github.godwit.host.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.vm.HeartbeatSource;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.profile.VmProfile.DirtySource;
import io.github.godwit.model.unit.MemorySize;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DirtyCurveProbeTest {

    private static final MonotonicClock CLOCK = new MonotonicClock(Clock.systemUTC());
    private static final HeartbeatPace STEADY = new HeartbeatPace(Optional.empty(), CLOCK);
    private static final Duration LONG = Duration.ofSeconds(10);

    @Test
    void aRateBecomesThePagesOfItsWindow() throws Exception {
        DirtyCurveProbe probe = probe(vm(Accelerator.KVM, 0), qemu(60, 40));

        probe.measure(50, 100);

        // (60 + 0.5) MiB/s x 256 pages/MiB x 0.05 s and x 0.1 s.
        DirtyCurve curve = probe.curve(16_384);
        assertThat(curve.points()).extracting(DirtyCurve.Point::windowSeconds).containsExactly(0.05, 0.1);
        assertThat(curve.pagesAfter(0.05)).isCloseTo(774.4, within(1e-9));
        assertThat(curve.pagesAfter(0.1)).isCloseTo(1548.8, within(1e-9));
        assertThat(probe.source()).isEqualTo(DirtySource.DIRTY_BITMAP);
    }

    @Test
    void aGuestWithoutWritesHasAFlatCurve() throws Exception {
        DirtyCurveProbe probe = probe(vm(Accelerator.KVM, 0), qemu(0, 0));

        probe.measure(50, 100);

        assertThat(probe.mostPages()).isZero();
        assertThat(probe.curve(1000).pagesAfter(10)).isZero();
    }

    @Test
    void pagesAreSampledIfTheBitmapIsUnusable() throws Exception {
        for (RunningVm vm : new RunningVm[] {vm(Accelerator.TCG, 0), vm(Accelerator.KVM, 4096)}) {
            FakeQmp qmp = qemu(60, 40);
            DirtyCurveProbe probe = probe(vm, qmp);

            probe.measure(50);

            assertThat(probe.source()).isEqualTo(DirtySource.PAGE_SAMPLING);
            assertThat(qmp.commands).first().isEqualTo("calc-dirty-rate 50 page-sampling");
            assertThat(probe.mostPages()).isCloseTo(40.5 * 256 * 0.05, within(1e-9));
        }
    }

    @Test
    void aFastWriterIsMeasuredByPageSampling() throws Exception {
        FakeQmp qmp = qemu(100, 190);
        DirtyCurveProbe probe = probe(vm(Accelerator.KVM, 0), qmp);

        probe.measure(50, 60);

        assertThat(qmp.commands.stream().filter(commands -> commands.startsWith("calc")))
                .containsExactly(
                        "calc-dirty-rate 50 dirty-bitmap",
                        "calc-dirty-rate 50 page-sampling",
                        "calc-dirty-rate 60 page-sampling");
        assertThat(probe.curve(16_384).points().get(0).pages()).isCloseTo(190.5 * 256 * 0.05, within(1e-9));
    }

    @Test
    void aRefusedBitmapIsReplacedByPageSampling() throws Exception {
        DirtyCurveProbe probe = probe(vm(Accelerator.KVM, 0), new FakeQmp((command, arguments) -> {
            if ("dirty-bitmap".equals(arguments.get("mode"))) {
                throw FakeQmp.refusal("mode dirty-bitmap is not enabled");
            }
            return command.startsWith("calc") ? "{}" : measured(20);
        }));

        probe.measure(50);

        assertThat(probe.source()).isEqualTo(DirtySource.PAGE_SAMPLING);
    }

    /** Before QEMU 8.2. */
    @Test
    void aQemuThatMeasuresWholeSecondsOnlyIsAskedOnce() {
        FakeQmp older = new FakeQmp((command, arguments) -> {
            throw FakeQmp.refusal("QEMU refused calc-dirty-rate: Parameter 'calc-time-unit' is unexpected");
        });

        assertThatThrownBy(() -> probe(vm(Accelerator.KVM, 0), older).measure(50, 100))
                .isInstanceOf(QmpException.class)
                .hasMessage("This QEMU measures dirty rates over whole seconds only, as all before 8.2.");
        assertThat(older.commands).containsExactly("calc-dirty-rate 50 dirty-bitmap");
    }

    @Test
    void refusedPageSamplingIsAnError() {
        DirtyCurveProbe probe = probe(vm(Accelerator.TCG, 0), new FakeQmp((command, arguments) -> {
            throw FakeQmp.refusal("the measurement is in progress");
        }));

        assertThatThrownBy(() -> probe.measure(50))
                .isInstanceOf(QmpException.class)
                .hasMessageContaining("in progress");
    }

    @Test
    void aRateThatIsNotAvailableByTheDeadlineIsAnError() {
        FakeQmp neverDone =
                new FakeQmp((command, arguments) -> command.startsWith("calc") ? "{}" : "{\"status\": \"measuring\"}");
        DirtyCurveProbe probe =
                new DirtyCurveProbe(vm(Accelerator.KVM, 0), neverDone, STEADY, Deadline.after(Duration.ofMillis(100)));

        assertThatThrownBy(() -> probe.measure(50))
                .isInstanceOfSatisfying(
                        QmpException.class,
                        e -> assertThat(e.refused())
                                .as("so that page-sampling is not tried")
                                .isFalse())
                .hasMessageContaining("no result for a dirty rate over 50 ms after");
        assertThat(neverDone.commands.stream().filter(commands -> commands.startsWith("calc")))
                .containsExactly("calc-dirty-rate 50 dirty-bitmap");
    }

    @Test
    void aWindowIsConvertedToTheGuestsTime() throws Exception {
        // 1000 heartbeats in the two seconds before, half as many from then on.
        HeartbeatSource halved = mock();
        when(halved.since(any()))
                .thenReturn(new Heartbeats(1001, 1_000_000, 3_000_000, 2_000, 0, 232))
                .thenAnswer(call -> {
                    double seconds = (CLOCK.micros() - MonotonicClock.micros(call.getArgument(0))) / 1e6;
                    return new Heartbeats(Math.round(250 * seconds), 1, 2, 1, 0, 0);
                });
        HeartbeatPace pace = new HeartbeatPace(Optional.of(halved), CLOCK);
        DirtyCurveProbe probe = new DirtyCurveProbe(vm(Accelerator.KVM, 0), qemu(60, 60), pace, Deadline.after(LONG));

        probe.measure(200);

        assertThat(pace.ratePerSecond()).isEqualTo(500);
        assertThat(probe.curve(16_384).points().get(0).windowSeconds()).isCloseTo(0.1, within(0.005));
    }

    /** A probe of a guest that keeps its pace, with enough time. */
    private static DirtyCurveProbe probe(RunningVm vm, FakeQmp qmp) {
        return new DirtyCurveProbe(vm, qmp, STEADY, Deadline.after(LONG));
    }

    private static RunningVm vm(Accelerator accelerator, int dirtyRing) {
        VmDefinition definition =
                new VmDefinition("g", MemorySize.ofMebibytes(512), 1, "guest.elf", "", accelerator, dirtyRing);
        return new RunningVm(definition, 1, Path.of("/nowhere"));
    }

    private static FakeQmp qemu(int byBitmap, int bySampling) {
        int[] rate = new int[1];
        boolean[] busy = new boolean[1];
        return new FakeQmp((command, arguments) -> {
            if (command.equals("calc-dirty-rate")) {
                rate[0] = arguments.get("mode").equals("dirty-bitmap") ? byBitmap : bySampling;
                busy[0] = true;
                return "{}";
            }
            assertThat(Map.of("calc-time-unit", "millisecond")).isEqualTo(arguments);
            if (busy[0]) {
                busy[0] = false;
                return "{\"status\": \"measuring\"}";
            }
            return measured(rate[0]);
        });
    }

    private static String measured(int mebibytesPerSecond) {
        return "{\"status\": \"measured\", \"dirty-rate\": %d}".formatted(mebibytesPerSecond);
    }
}
