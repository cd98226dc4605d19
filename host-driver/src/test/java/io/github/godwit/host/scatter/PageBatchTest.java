package io.github.godwit.host.scatter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.host.scatter.stream.StreamException;
import io.github.godwit.host.scatter.stream.SyntheticStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Pages that are stored together. */
class PageBatchTest {

    @Test
    void aBatchHasWhatWasAdded() throws Exception {
        PageBatch batch = new PageBatch(false);
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
        assertThat(index.page(2, stored, index.offset(2))).isPresent();
    }

    @Test
    void aChangedByteIsNoticed() throws Exception {
        PageBatch batch = new PageBatch(false);
        batch.add(0, 7, SyntheticStream.content(7));
        byte[] stored = batch.bytes();
        PageBatch.Index index = new PageBatch.Index(stored);

        stored[index.offset(0) + 4_095] ^= 1;

        assertThat(index.page(0, stored, index.offset(0))).isEmpty();
        assertThat(index.page(0, Arrays.copyOf(stored, stored.length - 1), index.offset(0)))
                .isEmpty();
    }

    /** A page of text is compressed, one of noise is not, and both come back. */
    @Test
    void pagesThatBecomeSmallerAreCompressed() throws Exception {
        byte[] text = new byte[4_096];
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) "live migration ".charAt(i % 15);
        }
        byte[] noise = new byte[4_096];
        new Random(7).nextBytes(noise);
        PageBatch batch = new PageBatch(true);
        batch.add(0, 1, text);
        batch.add(0, 2, (byte) 3);
        batch.add(0, 3, noise);
        byte[] stored = batch.bytes();
        PageBatch.Index index = new PageBatch.Index(stored);

        assertThat(index.length(0)).isLessThan(200);
        assertThat(index.length(2)).isEqualTo(4_096);
        assertThat(content(index, 0, stored)).isEqualTo(text);
        assertThat(content(index, 2, stored)).isEqualTo(noise);

        stored[index.offset(0) + index.length(0) / 2] ^= 1;
        assertThat(index.page(0, stored, index.offset(0))).isEmpty();
    }

    private static byte[] content(PageBatch.Index index, int entry, byte[] stored) {
        FeedQueue.Page page = index.page(entry, stored, index.offset(entry)).orElseThrow();
        return Arrays.copyOfRange(page.content(), page.offset(), page.offset() + 4_096);
    }

    @Test
    void morePagesFitIntoABatchIfTheyAreCompressed() {
        PageBatch batch = new PageBatch(true);
        for (int page = 0; page < 3 * PageBatch.MOST_PAGES; page++) {
            batch.add(0, page, new byte[4_096]);
        }
        assertThat(batch.isFull()).isFalse();
    }

    @Test
    void aBatchIsFullWithTwelvePagesOrAThousandFilledOnes() {
        PageBatch batch = new PageBatch(false);
        assertThat(batch.isEmpty()).isTrue();
        for (int page = 0; page < PageBatch.MOST_PAGES; page++) {
            assertThat(batch.isFull()).isFalse();
            batch.add(0, page, SyntheticStream.content(page));
        }
        assertThat(batch.isFull()).isTrue();

        PageBatch filled = new PageBatch(false);
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

    /** A destination keeps an index for each batch, and reads more than that to find one. */
    @Test
    void anIndexKeepsNothingOfTheBytesThatItWasReadFrom() throws Exception {
        PageBatch batch = new PageBatch(false);
        batch.add(0, 7, SyntheticStream.content(7));
        batch.add(0, 8, (byte) 3);
        byte[] stored = batch.bytes();
        PageBatch.Index index = new PageBatch.Index(stored);
        byte[] content = stored.clone();
        Arrays.fill(stored, (byte) 0);
        assertThat(index.page(0)).isEqualTo(7);
        assertThat(index.page(0, content, index.offset(0))).isPresent();
        assertThat(index.fill(1)).isEqualTo((byte) 3);
    }

    @Test
    void aDamagedIndexIsNoIndex() throws Exception {
        PageBatch batch = new PageBatch(false);
        batch.add(0, 7, (byte) 3);
        byte[] stored = batch.bytes();
        for (int place = 0; place < stored.length; place++) {
            byte[] damaged = stored.clone();
            damaged[place] ^= 0x10;
            assertThatThrownBy(() -> new PageBatch.Index(damaged)).isInstanceOf(StreamException.class);
        }
    }
}
