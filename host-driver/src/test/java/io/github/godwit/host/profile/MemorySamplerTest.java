package io.github.godwit.host.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guest of 1,024 pages, which start at page 16 of its process: 0 to 511 are present, and 0 to 127 are not zero. */
class MemorySamplerTest {

    private static final int PAGE = MemorySize.PAGE_BYTES;
    private static final int FIRST = 16;
    private static final int PAGES = 1024;
    private static final int PRESENT = 512;
    private static final int FILLED = 128;
    private static final List<RamBlock> BLOCKS = List.of(new RamBlock("pc.ram", FIRST * PAGE, PAGES * PAGE));

    @TempDir
    private Path proc;

    @BeforeEach
    void makeAGuest() throws IOException {
        Files.createDirectories(proc.resolve("42"));
        ByteBuffer pagemap = ByteBuffer.allocate((FIRST + PAGES) * Long.BYTES).order(ByteOrder.nativeOrder());
        for (int page = 0; page < PRESENT; page++) {
            pagemap.putLong((FIRST + page) * Long.BYTES, 1L << 63);
        }
        Files.write(proc.resolve("42/pagemap"), pagemap.array());
        byte[] memory = new byte[(FIRST + PAGES) * PAGE];
        // Two equally frequent values: one bit of entropy per byte.
        Random random = new Random(1);
        for (int i = FIRST * PAGE; i < (FIRST + FILLED) * PAGE; i++) {
            memory[i] = (byte) (1 + random.nextInt(2));
        }
        Files.write(proc.resolve("42/mem"), memory);
    }

    @Test
    void countsPresentAndNonZeroPages() throws IOException {
        try (MemorySampler sampler = sampler()) {
            sampler.readFirst();
            MemoryFindings findings = sampler.readAgain();

            // One page of each of the 64 present runs is read, and the pages of a run are either all zero or all not.
            assertThat(findings.presentPages()).isEqualTo(512);
            assertThat(findings.nonZeroPages()).isEqualTo(128);
        }
    }

    @Test
    void evaluatesOnlyNonZeroPages() throws IOException {
        try (MemorySampler sampler = sampler()) {
            sampler.readFirst();
            MemoryFindings findings = sampler.readAgain();

            assertThat(findings.content().entropy()).isCloseTo(0.125, within(0.001));
            // One bit of eight is the entropy, and no compressor gets below it.
            assertThat(findings.content().zlibRatio()).isBetween(0.125, 0.25);
            assertThat(findings.content().zstdRatio()).isBetween(0.125, 0.25);
        }
    }

    @Test
    void anUnchangedGuestIsNotExpectedToCompressByDelta() throws IOException {
        try (MemorySampler sampler = sampler()) {
            sampler.readFirst();
            MemoryFindings findings = sampler.readAgain();

            assertThat(findings.changedShare()).isZero();
            assertThat(findings.spatialLocality()).isZero();
            assertThat(findings.content().changedBytesPerPage()).isEqualTo(4096);
        }
    }

    @Test
    void countsChangedBytesAndChangedNeighbours() throws IOException {
        try (MemorySampler sampler = sampler()) {
            sampler.readFirst();
            // Pages 0, 1, 2 and 5 of each of the first two runs.
            for (int page : new int[] {0, 1, 2, 5, 8, 9, 10, 13}) {
                change(page, page == 0 ? 20 : 60);
            }
            MemoryFindings findings = sampler.readAgain();

            assertThat(findings.changedPages()).isEqualTo(8);
            assertThat(findings.content().changedBytesPerPage()).isEqualTo((20 + 7 * 60) / 8.0);
            // 0-1 and 1-2 of 0, 1, 2, 5, in both runs.
            assertThat(findings.spatialLocality()).isEqualTo(0.5);
        }
    }

    @Test
    void anUntouchedGuestHasOnlyZeroPages() throws IOException {
        Files.write(proc.resolve("42/pagemap"), new byte[(FIRST + PAGES) * Long.BYTES]);
        try (MemorySampler sampler = sampler()) {
            sampler.readFirst();
            MemoryFindings findings = sampler.readAgain();

            assertThat(findings.nonZeroPages()).isZero();
            assertThat(findings.content().zlibRatio()).isEqualTo(1);
        }
    }

    @Test
    void swappedPagesCountAsNonZeroAndAreNotRead() throws IOException {
        ByteBuffer entry = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(0, 1L << 62);
        write("42/pagemap", (FIRST + 700) * 8, entry.array());
        try (MemorySampler sampler = sampler()) {
            sampler.readFirst();

            assertThat(sampler.readAgain().nonZeroPages()).isEqualTo(129);
        }
    }

    @Test
    void theSecondReadingNeedsAFirst() throws IOException {
        try (MemorySampler sampler = sampler()) {
            assertThatThrownBy(sampler::readAgain).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void unreadableMemoryIsAnError() throws IOException {
        Files.write(proc.resolve("42/mem"), new byte[0]);
        try (MemorySampler sampler = sampler()) {
            assertThatThrownBy(sampler::readFirst)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("QEMU may have ended");
        }
    }

    private MemorySampler sampler() throws IOException {
        return new MemorySampler(proc, 42, BLOCKS, 7);
    }

    private void change(int page, int bytes) throws IOException {
        byte[] other = new byte[bytes];
        Arrays.fill(other, (byte) 9);
        write("42/mem", (FIRST + page) * PAGE + 100, other);
    }

    private void write(String file, long position, byte[] bytes) throws IOException {
        try (RandomAccessFile memory = new RandomAccessFile(proc.resolve(file).toFile(), "rw")) {
            memory.seek(position);
            memory.write(bytes);
        }
    }
}
