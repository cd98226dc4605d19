package io.github.godwit.host.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.host.fixtures.NeedsKvm;
import io.github.godwit.host.vm.MachineAccelerator;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.profile.VmProfile.DirtySource;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Profiles a real guest with known writes and content. {@code -Dgodwit.guest} names its image; without it these tests are skipped.
 *
 * <p>A guest that writes {@code w} random pages per second in a working set of {@code n} pages has written
 * {@code n (1 - exp(-w t / n))} different pages after {@code t} seconds.
 */
@Timeout(180)
@EnabledIfSystemProperty(named = "godwit.guest", matches = ".+")
class QemuVmProfilerIT {

    private static final Logger LOG = LoggerFactory.getLogger(QemuVmProfilerIT.class);
    private static final int WORKING_SET_PAGES = 64 * 256;
    private static final int TOUCHED_PAGES = 256 * 256;
    private static final double HEARTBEATS_PER_SECOND = 500;
    private static final double UNDISTURBED = 0.9;
    private static final int PROFILES = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Accelerator ACCELERATOR =
            MachineAccelerator.ofThisMachine().accelerator();
    private static final boolean KVM = ACCELERATOR == Accelerator.KVM;

    /** Some 80 samples change within 100 ms, with a standard deviation of some 10 %; this is four of those. */
    private static final double FEW_SAMPLES_PERCENT = 40;

    private static final double[] CURVE_SECONDS = {0.1, 1};
    private static final String KNOWN = "dirty=%d entropy=500 change=64 cpu=300";

    /** The guest must keep its pace, and with TCG it can write some 150 MiB/s at most. */
    private static final int FAST_MEBIBYTES = KVM ? 200 : 80;

    @TempDir
    private Path directory;

    /** With KVM the dirty bitmap is used, which is exact; with TCG QEMU samples pages. */
    @Test
    void theProfileMatchesTheGuest() throws Exception {
        double percent = KVM ? 15 : FEW_SAMPLES_PERCENT;
        try (LabGuest guest = LabGuest.start(directory, ACCELERATOR, 0, KNOWN.formatted(61_440))) {
            VmProfile profile = profile(guest, each -> curveIsRight(each, 15_360, percent));

            assertThat(profile.dirtySource()).isEqualTo(KVM ? DirtySource.DIRTY_BITMAP : DirtySource.PAGE_SAMPLING);
            assertCurve(profile, 15_360, percent);
            assertContent(profile);
            // At this rate nearly all changed pages were written once or twice in a second, 64 bytes each time.
            assertThat(profile.content().changedBytesPerPage()).isBetween(40.0, 64.0);
            assertThat(profile.heartbeatsPerSecond()).isCloseTo(500, Percentage.withPercentage(20));
            assertThat(profile.vcpuUse()).isBetween(0.2, 1.1);
            assertThat(profile.residentMemory().mebibytes()).isBetween(256.0, 600.0);
        }
    }

    @Test
    void aFastWriterIsSampled() throws Exception {
        double pagesPerSecond = FAST_MEBIBYTES * 256;
        double percent = KVM ? 20 : FEW_SAMPLES_PERCENT;
        try (LabGuest guest = LabGuest.start(directory, ACCELERATOR, 0, KNOWN.formatted(FAST_MEBIBYTES * 1024))) {
            VmProfile profile = profile(guest, each -> curveIsRight(each, pagesPerSecond, percent));

            assertThat(profile.dirtySource()).isEqualTo(DirtySource.PAGE_SAMPLING);
            assertCurve(profile, pagesPerSecond, percent);
        }
    }

    @Test
    @NeedsKvm("dirty ring")
    void aGuestWithADirtyRingIsSampled() throws Exception {
        try (LabGuest guest = LabGuest.start(directory, Accelerator.KVM, 4096, KNOWN.formatted(61_440))) {
            VmProfile profile = profile(guest, each -> curveIsRight(each, 15_360, FEW_SAMPLES_PERCENT));

            assertThat(profile.dirtyRing()).isTrue();
            assertThat(profile.dirtySource()).isEqualTo(DirtySource.PAGE_SAMPLING);
            assertCurve(profile, 15_360, FEW_SAMPLES_PERCENT);
        }
    }

    @Test
    void aGuestUnderTcgIsSampled() throws Exception {
        try (LabGuest guest = LabGuest.start(directory, Accelerator.TCG, 0, KNOWN.formatted(61_440))) {
            VmProfile profile = profile(guest, each -> curveIsRight(each, 15_360, FEW_SAMPLES_PERCENT));

            assertThat(profile.dirtySource()).isEqualTo(DirtySource.PAGE_SAMPLING);
            assertCurve(profile, 15_360, FEW_SAMPLES_PERCENT);
            assertContent(profile);
        }
    }

    @Test
    void aGuestThatOnlyReadsHasNoCurve() throws Exception {
        try (LabGuest guest = LabGuest.start(directory, ACCELERATOR, 0, KNOWN.formatted(0))) {
            assertThat(profile(guest, each -> true).dirtyCurve().pagesAfter(1)).isLessThan(300);
        }
    }

    /**
     * A profile during which the guest kept its pace. Profiles that other load on the host disturbed are repeated for up to a minute.
     * A stall as short as a window does not show in the pace of the whole profile, so the best of three undisturbed ones counts.
     */
    private static VmProfile profile(LabGuest guest, Predicate<VmProfile> right) throws Exception {
        VmProfile undisturbed = null;
        QemuVmProfiler profiler = new QemuVmProfiler(
                Path.of("/proc"), 1, guest.clock, vm -> Optional.of(guest.heartbeats), vm -> Traffic.NONE);
        Instant deadline = guest.clock.instant().plus(PATIENCE);
        int undisturbedProfiles = 0;
        while (undisturbedProfiles < PROFILES && guest.clock.instant().isBefore(deadline)) {
            long start = guest.clock.micros();
            long cpuStart = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            VmProfile profile = profiler.profile(guest.vm, guest.qmp);
            long end = guest.clock.micros();
            double rate = guest.heartbeats.ratePerSecond(start, end);
            long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuStart;
            LOG.info("{} ms, {} ms of CPU, {} heartbeats/s: {}", (end - start) / 1000, cpu / 1_000_000, rate, profile);
            if (rate > UNDISTURBED * HEARTBEATS_PER_SECOND
                    && profile.heartbeatsPerSecond() > UNDISTURBED * HEARTBEATS_PER_SECOND) {
                undisturbedProfiles++;
                undisturbed = profile;
                if (right.test(profile)) {
                    return profile;
                }
            }
        }
        if (undisturbed != null) {
            return undisturbed;
        }
        throw new TestAbortedException(
                "The host is too busy to check a measurement: run the test again when it is idle.");
    }

    private static boolean curveIsRight(VmProfile profile, double pagesPerSecond, double percent) {
        return DoubleStream.of(CURVE_SECONDS)
                .allMatch(seconds ->
                        Math.abs(profile.dirtyCurve().pagesAfter(seconds) / truth(pagesPerSecond, seconds) - 1)
                                <= percent / 100);
    }

    private static void assertCurve(VmProfile profile, double pagesPerSecond, double percent) {
        for (double seconds : CURVE_SECONDS) {
            assertThat(profile.dirtyCurve().pagesAfter(seconds))
                    .as("pages after %s s by %s", seconds, profile.dirtyCurve())
                    .isCloseTo(truth(pagesPerSecond, seconds), Percentage.withPercentage(percent));
        }
    }

    private static double truth(double pagesPerSecond, double seconds) {
        return WORKING_SET_PAGES * -Math.expm1(-pagesPerSecond * seconds / WORKING_SET_PAGES);
    }

    private static void assertContent(VmProfile profile) {
        Offset<Double> close = within(0.05);
        assertThat(profile.nonZeroPages()).isCloseTo(TOUCHED_PAGES, Percentage.withPercentage(5));
        assertThat(profile.content().entropy()).isCloseTo(0.5, close);
        // The bytes are independent and have half the entropy, so no compressor gets below a ratio of 0.5.
        assertThat(profile.content().zlibRatio()).isBetween(0.45, 0.7);
        assertThat(profile.content().zstdRatio()).isBetween(0.45, 0.7);
    }
}
