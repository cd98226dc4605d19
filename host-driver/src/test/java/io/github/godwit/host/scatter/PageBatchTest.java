package io.github.godwit.host.scatter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.host.scatter.stream.StreamException;
import io.github.godwit.host.scatter.stream.SyntheticStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Pages that are stored together. */
class PageBatchTest {

    @Test
    void aBatchHasWhatWasAdded() throws Exception {
        PageBatch batch = new PageBatch();
        batch.add(0, 7, SyntheticStream.content(7));
        batch.add(1, 1 << 20, (byte) 9);
        batch.add(2, 8, SyntheticStream.content(8));

        byte[] stored = batch.bytes();
        PageBatch.Index index = new PageBatch.Index(Arrays.copyOf(stored, PageBatch.indexBytes(stored)));

        assertThat(index.count()).isEqualTo(3);
        assertThat(index.page(1)).isEqualTo(1 << 20);
        assertThat(index.isFilled(1)).isTrue();
        assertThat(index.fill(1)).isEqualTo((byte) 9);
        assertThat(index.block(2)).isEqualTo(2);
        assertThat(Arrays.copyOfRange(stored, index.offset(2), index.offset(2) + 4_096))
                .isEqualTo(SyntheticStream.content(8));
        assertThat(index.holds(2, stored, index.offset(2))).isTrue();
    }

    @Test
    void aChangedByteIsNoticed() throws Exception {
        PageBatch batch = new PageBatch();
        batch.add(0, 7, SyntheticStream.content(7));
        byte[] stored = batch.bytes();
        PageBatch.Index index = new PageBatch.Index(stored);

        stored[index.offset(0) + 4_095] ^= 1;

        assertThat(index.holds(0, stored, index.offset(0))).isFalse();
        assertThat(index.holds(0, Arrays.copyOf(stored, stored.length - 1), index.offset(0)))
                .isFalse();
    }

    @Test
    void aBatchIsFullWithTwelvePagesOrAThousandFilledOnes() {
        PageBatch batch = new PageBatch();
        assertThat(batch.isEmpty()).isTrue();
        for (int page = 0; page < PageBatch.MOST_PAGES; page++) {
            assertThat(batch.isFull()).isFalse();
            batch.add(0, page, SyntheticStream.content(page));
        }
        assertThat(batch.isFull()).isTrue();

        PageBatch filled = new PageBatch();
        for (int page = 0; page < PageBatch.MOST_ENTRIES; page++) {
            assertThat(filled.isFull()).isFalse();
            filled.add(0, page, (byte) 0);
        }
        assertThat(filled.isFull()).isTrue();
    }

    @Test
    void somethingElseIsNoBatch() {
        assertThatThrownBy(() -> new PageBatch.Index(new byte[] {0})).isInstanceOf(StreamException.class);
        assertThatThrownBy(() -> new PageBatch.Index(new byte[] {0, 2, 1, 1})).isInstanceOf(StreamException.class);
    }
}
