package io.github.godwit.host.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CostMeterTest {

    @TempDir
    private Path proc;

    private void cpuTicks(int ticks) throws IOException {
        Files.createDirectories(proc.resolve("42"));
        Files.writeString(proc.resolve("42/stat"), "42 (qemu) S 1 1 1 0 -1 0 0 0 0 0 %d 0 0 0 20".formatted(ticks));
    }

    @Test
    void whatWasMeasuredBeforeTheEndOfQemuCounts() throws IOException {
        cpuTicks(100);
        CostMeter meter = new CostMeter(proc, 42, 0.5);
        meter.start();
        cpuTicks(200);
        meter.sample();
        double measured = meter.cpuPercent().orElseThrow();
        Files.delete(proc.resolve("42/stat"));
        meter.sample();

        // A second of CPU time in less than a second.
        assertThat(measured).isGreaterThan(100 * (1 - 0.5));
        assertThat(meter.cpuPercent()).hasValue(measured);
    }

    @Test
    void aProcessThatCannotBeReadHasNoCpuUseRatherThanNone() {
        CostMeter meter = new CostMeter(proc, 42, 0.5);
        meter.start();
        meter.sample();
        assertThat(meter.cpuPercent()).isEmpty();
    }
}
