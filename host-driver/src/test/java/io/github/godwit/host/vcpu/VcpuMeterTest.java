package io.github.godwit.host.vcpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.model.proxy.VcpuTime;
import io.github.godwit.model.proxy.VcpuTimes;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VcpuMeterTest {

    /** Nobody listens on this port. */
    private static final URI NOBODY = URI.create("http://127.0.0.1:9");

    @TempDir
    private Path proc;

    @BeforeEach
    void twoVcpusAndAnotherThread() throws IOException {
        thread(42, "qemu-system-x86", 9_000_000_000L, 0, 900, 0);
        thread(43, "CPU 0/KVM", 1_500_000_000L, 250_000_000L, 150, 120);
        thread(44, "CPU 1/KVM", 500_000_000L, 50_000_000L, 50, 40);
    }

    private void thread(int id, String name, long runNanos, long waitNanos, int ticks, int guestTicks)
            throws IOException {
        Path task = Files.createDirectories(proc.resolve("42/task/" + id));
        Files.writeString(task.resolve("comm"), name + "\n");
        Files.writeString(task.resolve("schedstat"), "%d %d 7\n".formatted(runNanos, waitNanos));
        // Fields 3 to 52 of proc(5); 14 is utime, 43 is guest_time.
        Files.writeString(
                task.resolve("stat"),
                "%d (%s) S 1 1 1 0 -1 4194560 0 0 0 0 %d 0 0 0 20 0 4 0 5000 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 %d 0 0 0 0 0 0 0 0 0\n"
                        .formatted(id, name, ticks, guestTicks));
    }

    @Test
    void theTimesOfAllVcpusAreAddedAndOtherThreadsLeftOut() throws IOException {
        VcpuTime time = VcpuThreads.time(proc.resolve("42"));

        assertThat(time.runSeconds()).isCloseTo(2, within(1e-9));
        assertThat(time.waitSeconds()).isCloseTo(0.3, within(1e-9));
        assertThat(time.guestSeconds()).isCloseTo(1.6, within(1e-9));
    }

    @Test
    void aKernelWithoutTheSchedulersStatisticsCountsInTicks() throws IOException {
        for (int thread : new int[] {43, 44}) {
            Files.delete(proc.resolve("42/task/" + thread + "/schedstat"));
        }
        assertThat(VcpuThreads.time(proc.resolve("42"))).isEqualTo(new VcpuTime(2, 0, 1.6));
    }

    @Test
    void aProcessWithoutVcpusIsNotOneThatRanForNoTime() throws IOException {
        thread(43, "worker", 1, 1, 1, 1);
        thread(44, "worker", 1, 1, 1, 1);
        assertThatThrownBy(() -> VcpuThreads.time(proc.resolve("42"))).hasMessageContaining("has the name of a vCPU");
        assertThatThrownBy(() -> VcpuThreads.time(proc.resolve("41"))).isInstanceOf(IOException.class);
    }

    @Test
    void theLastSampleBeforeTheEndOfQemuCounts() throws IOException {
        VcpuMeter meter = new VcpuMeter(proc, 42);
        meter.start();
        thread(43, "CPU 0/KVM", 2_250_000_000L, 250_000_000L, 225, 120);
        meter.sample();
        for (int thread : new int[] {42, 43, 44}) {
            for (String file : new String[] {"comm", "stat", "schedstat", "."}) {
                Files.deleteIfExists(
                        proc.resolve("42/task/" + thread).resolve(file).normalize());
            }
        }
        meter.sample();

        VcpuTimes times = meter.stayed().orElseThrow();
        assertThat(times.source().runSeconds()).isCloseTo(0.75, within(1e-9));
        assertThat(times.destination()).isNull();
        assertThat(times.seconds()).isPositive();
    }

    @Test
    void nothingIsKnownWithoutTheDestinationsPartOrWithoutAStart() {
        VcpuMeter meter = new VcpuMeter(proc, 42);
        meter.start();
        meter.sample();
        assertThat(meter.left(() -> HostDriverClient.of(NOBODY, null), "vm")).isEmpty();

        VcpuMeter ended = new VcpuMeter(proc, 41);
        ended.start();
        ended.sample();
        assertThat(ended.stayed()).isEmpty();
    }
}
