package io.github.godwit.host.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessMeterTest {

    private static final String STAT = "%d (qemu (g) 1) S 1 1 1 0 -1 4194560 0 0 0 0 %d %d 0 0 20 0 4 0 5000 0 0";

    @TempDir
    private Path proc;

    private ProcessMeter meter;

    @BeforeEach
    void makeAProcess() throws IOException {
        stat(proc.resolve("42"), 42, 150, 25);
        stat(proc.resolve("42/task/43"), 43, 90, 10);
        stat(proc.resolve("42/task/44"), 44, 30, 5);
        Files.writeString(proc.resolve("42/statm"), "200000 25600 900 1 0 30000 0");
        meter = new ProcessMeter(proc, 42);
    }

    @Test
    void addsUserAndSystemTimeEvenIfTheNameContainsParentheses() throws IOException {
        // 150 + 25 ticks of 10 ms.
        assertThat(meter.cpu().cpuSeconds()).isEqualTo(1.75);
    }

    @Test
    void theClockOfARealProcessAgreesWithTheJvms() throws IOException {
        Assumptions.assumeTrue(CpuClock.available());
        ProcessMeter own =
                new ProcessMeter(Path.of("/proc"), ProcessHandle.current().pid());
        double before = own.cpu().cpuSeconds();
        long end = System.nanoTime() + 200_000_000;
        long spun = 0;
        while (System.nanoTime() < end) {
            spun++;
        }
        double after = own.cpu().cpuSeconds();

        assertThat(spun).isPositive();
        assertThat(after).isGreaterThan(before);
        double ticks =
                ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
        assertThat(ticks).isBetween(after - 0.05, after + 1);
        assertThatThrownBy(() -> new ProcessMeter(Path.of("/proc"), 4_194_303).cpu())
                .isInstanceOf(IOException.class);
    }

    @Test
    void addsTheTimesOfThreads() throws IOException {
        // 90 + 10 + 30 + 5 ticks.
        assertThat(meter.cpuOf(List.of(43L, 44L)).cpuSeconds()).isEqualTo(1.35);
    }

    @Test
    void residentMemoryIsReadInPages() throws IOException {
        assertThat(meter.residentMemory()).isEqualTo(MemorySize.ofMebibytes(100));
    }

    @Test
    void cpuUseIsInCores() {
        CpuSample before = new CpuSample(1.75, 1_000_000_000L);
        CpuSample after = new CpuSample(2.5, 3_000_000_000L);

        assertThat(after.coresSince(before)).isEqualTo(0.375);
        assertThatThrownBy(() -> before.coresSince(after)).hasMessageContaining("needs an earlier sample");
    }

    @Test
    void aProcessThatEndedIsNamed() {
        assertThatThrownBy(() -> new ProcessMeter(proc, 99).cpu())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("99 has ended");
    }

    private static void stat(Path directory, int id, int userTicks, int systemTicks) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("stat"), STAT.formatted(id, userTicks, systemTicks));
    }
}
