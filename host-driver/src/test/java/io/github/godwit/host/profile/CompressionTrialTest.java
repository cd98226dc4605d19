package io.github.godwit.host.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.unit.MemorySize;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CompressionTrialTest {

    private static final int LENGTH = 300 * MemorySize.PAGE_BYTES;

    @Test
    void randomBytesAreIncompressible() {
        byte[] pages = new byte[LENGTH];
        new Random(1).nextBytes(pages);

        assertThat(CompressionTrial.zlibRatio(pages, LENGTH)).isCloseTo(1, within(0.01));
        assertThat(CompressionTrial.zstdRatio(pages, LENGTH, 0)).isCloseTo(1, within(0.01));
    }

    @Test
    void aRepeatedPageIsFoundInTheHistory() {
        byte[] page = new byte[MemorySize.PAGE_BYTES];
        new Random(1).nextBytes(page);
        byte[] pages = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i += page.length) {
            System.arraycopy(page, 0, pages, i, page.length);
        }

        assertThat(CompressionTrial.zlibRatio(pages, LENGTH)).isLessThan(0.05);
        assertThat(CompressionTrial.zstdRatio(pages, LENGTH, 0)).isLessThan(0.05);
    }

    @Test
    void theRatioOfNoPagesIsOne() {
        assertThat(CompressionTrial.zlibRatio(new byte[0], 0)).isEqualTo(1);
        assertThat(CompressionTrial.zstdRatio(new byte[0], 0, 0)).isEqualTo(1);
    }

    @Test
    void entropyIsBetweenZeroAndOne() {
        byte[] page = new byte[MemorySize.PAGE_BYTES];
        assertThat(PageStatistics.entropy(page, 0)).isZero();

        for (int i = 0; i < page.length; i++) {
            page[i] = (byte) (i % 16);
        }
        assertThat(PageStatistics.entropy(page, 0)).isCloseTo(0.5, within(1e-9));

        for (int i = 0; i < page.length; i++) {
            page[i] = (byte) i;
        }
        assertThat(PageStatistics.entropy(page, 0)).isCloseTo(1, within(1e-9));
    }

    @Test
    void countsTheBytesThatDiffer() {
        byte[] pages = new byte[2 * MemorySize.PAGE_BYTES];
        byte[] other = new byte[MemorySize.PAGE_BYTES];
        Arrays.fill(pages, MemorySize.PAGE_BYTES + 10, MemorySize.PAGE_BYTES + 74, (byte) 1);

        assertThat(PageStatistics.differingBytes(pages, 0, other)).isZero();
        assertThat(PageStatistics.differingBytes(pages, MemorySize.PAGE_BYTES, other))
                .isEqualTo(64);
    }
}
