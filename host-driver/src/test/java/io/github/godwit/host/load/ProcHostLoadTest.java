package io.github.godwit.host.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.hostapi.HostStatus.HugePages;
import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads files as procfs and sysfs show them on a host of 768 GiB. */
class ProcHostLoadTest {

    private static final long GIB_IN_KIB = 1 << 20;

    @TempDir
    Path proc;

    @TempDir
    Path sysfs;

    @BeforeEach
    void play() throws IOException {
        Files.writeString(proc.resolve("stat"), "cpu  10 0 10 80 0 0 0 0 0 0\n");
        meminfo(40);
    }

    @Test
    void hugePagesThatAreReservedButFreeAreNotInUse() throws IOException {
        pool(1_048_576, 720, 700, 0);
        // 768 GiB less 40 available and 700 in free huge pages: 28 of 768 are in use.
        assertThat(load().memoryLoad()).isCloseTo(28.0 / 768, within(1e-9));
    }

    @Test
    void withoutHugePagesWhatIsNotAvailableIsInUse() {
        assertThat(load().memoryLoad()).isCloseTo(728.0 / 768, within(1e-9));
        assertThat(load().hugePages()).isEmpty();
    }

    @Test
    void poolsOfSeveralSizesAreReportedAndPromisedPagesAreNotFree() throws IOException {
        pool(1_048_576, 700, 10, 4);
        pool(2_048, 1_024, 512, 0);
        pool(64, 0, 0, 0);
        assertThat(load().hugePages())
                .containsExactly(
                        new HugePages(MemorySize.parse("2M"), 1_024, 512),
                        new HugePages(MemorySize.parse("1G"), 700, 6));
        // 40 available, 1 in free pages of 2 MiB and 6 in free pages of 1 GiB: 721 of 768 are in use.
        assertThat(load().memoryLoad()).isCloseTo(721.0 / 768, within(1e-9));
    }

    @Test
    void theLoadIsNeverNegative() throws IOException {
        meminfo(760);
        pool(1_048_576, 10, 10, 0);
        assertThat(load().memoryLoad()).isZero();
    }

    private ProcHostLoad load() {
        return new ProcHostLoad(8, proc, sysfs);
    }

    private void meminfo(long availableGib) throws IOException {
        Files.writeString(
                proc.resolve("meminfo"),
                "MemTotal:       %d kB\nMemFree:        1 kB\nMemAvailable:   %d kB\n"
                        .formatted(768 * GIB_IN_KIB, availableGib * GIB_IN_KIB));
    }

    private void pool(int kib, long total, long free, long promised) throws IOException {
        Path pool = Files.createDirectories(sysfs.resolve("kernel/mm/hugepages/hugepages-%dkB".formatted(kib)));
        Files.writeString(pool.resolve("nr_hugepages"), total + "\n");
        Files.writeString(pool.resolve("free_hugepages"), free + "\n");
        Files.writeString(pool.resolve("resv_hugepages"), promised + "\n");
    }
}
