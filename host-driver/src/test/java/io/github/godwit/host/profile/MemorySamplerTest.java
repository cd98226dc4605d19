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

/** A guest of 1,024 pages at page 16 of its process: pages 0 to 511 present, of which 0 to 127 hold something. */
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
        // Two values, alike often: one bit of eight.
        Random random = new Random(1);
        for (int i = FIRST * PAGE; i < (FIRST + FILLED) * PAGE; i++) {
            memory[i] = (byte) (1 + random.nextInt(2));
        }
        Files.write(proc.resolve("42/mem"), memory);
    }

    @Test
    void countsPresentAndNonZeroPages() throws IOException {
        try (MemorySampler sampler = sampler()) {
            sampler.look();
            MemoryFindings findings = sampler.lookAgain();

            // Of each of the 64 present runs one page is looked at; a run is filled as a whole or not at all.
            assertThat(findings.presentPages()).isEqualTo(512);
            assertThat(findings.nonZeroPages()).isEqualTo(128);
        }
    }

    @Test
    void judgesOnlyThePagesThatHoldSomething() throws IOException {
        try (MemorySampler sampler = sampler()) {
            sampler.look();
            MemoryFindings findings = sampler.lookAgain();

            assertThat(findings.content().entropy()).isCloseTo(0.125, within(0.001));
            // A coin needs one bit of eight, and neither compressor beats that.
            assertThat(findings.content().zlibRatio()).isBetween(0.125, 0.25);
            assertThat(findings.content().zstdRatio()).isBetween(0.125, 0.25);
        }
    }

    @Test
    void anUnchangedGuestPromisesNothing() throws IOException {
        try (MemorySampler sampler = sampler()) {
            sampler.look();
            MemoryFindings findings = sampler.lookAgain();

            assertThat(findings.changedShare()).isZero();
            assertThat(findings.spatialLocality()).isZero();
            assertThat(findings.content().changedBytesPerPage()).isEqualTo(4096);
        }
    }

    @Test
    void seesWhichBytesChangedAndWhetherNeighboursDid() throws IOException {
        try (MemorySampler sampler = sampler()) {
            sampler.look();
            // Pages 0, 1, 2 and 5 of each of the first two runs.
            for (int page : new int[] {0, 1, 2, 5, 8, 9, 10, 13}) {
                change(page, page == 0 ? 20 : 60);
            }
            MemoryFindings findings = sampler.lookAgain();

            assertThat(findings.changedPages()).isEqualTo(8);
            assertThat(findings.content().changedBytesPerPage()).isEqualTo((20 + 7 * 60) / 8.0);
            // 0-1 and 1-2 of 0, 1, 2, 5, in both runs.
            assertThat(findings.spatialLocality()).isEqualTo(0.5);
        }
    }

    @Test
    void anUntouchedGuestHoldsNothing() throws IOException {
        Files.write(proc.resolve("42/pagemap"), new byte[(FIRST + PAGES) * Long.BYTES]);
        try (MemorySampler sampler = sampler()) {
            sampler.look();
            MemoryFindings findings = sampler.lookAgain();

            assertThat(findings.nonZeroPages()).isZero();
            assertThat(findings.content().zlibRatio()).isEqualTo(1);
        }
    }

    @Test
    void swappedPagesHoldSomethingAndAreLeftAlone() throws IOException {
        ByteBuffer entry = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(0, 1L << 62);
        write("42/pagemap", (FIRST + 700) * 8, entry.array());
        try (MemorySampler sampler = sampler()) {
            sampler.look();

            assertThat(sampler.lookAgain().nonZeroPages()).isEqualTo(129);
        }
    }

    @Test
    void eachSecondLookNeedsAFirst() throws IOException {
        try (MemorySampler sampler = sampler()) {
            assertThatThrownBy(sampler::lookAgain).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void memoryThatEndsIsAnError() throws IOException {
        Files.write(proc.resolve("42/mem"), new byte[0]);
        try (MemorySampler sampler = sampler()) {
            assertThatThrownBy(sampler::look).isInstanceOf(IOException.class).hasMessageContaining("QEMU has ended");
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
