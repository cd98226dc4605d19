package io.github.godwit.host.scatter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.scatter.stream.RamBlocks;
import io.github.godwit.host.scatter.stream.RamBlocks.Block;
import io.github.godwit.host.scatter.stream.SyntheticStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** From which copy a page is fetched. */
class FetcherTest {

    private static final int BATCHES = 8;

    private final Map<String, byte[]> batches = new HashMap<>();
    private final Store broken = new Store(true);
    private final Store sound = new Store(false);
    private final ScatterTerms terms = new ScatterTerms("m", "key", List.of(broken, sound), 2, false);
    private final PageTable table = new PageTable(new RamBlocks(List.of(new Block("pc.ram", 64))), terms.placement());
    private final FeedQueue feed = new FeedQueue();

    /** An intermediary of which the questions are counted. */
    private final class Store implements BatchStore.Factory {
        private final boolean fails;
        private int asked;

        Store(boolean fails) {
            this.fails = fails;
        }

        @Override
        public BatchStore open() {
            return new BatchStore() {
                @Override
                public void put(Map<String, byte[]> more) {
                    batches.putAll(more);
                }

                @Override
                public Optional<byte[]> get(String key) throws IOException {
                    asked++;
                    if (fails) {
                        throw new IOException("Read timed out");
                    }
                    return Optional.ofNullable(batches.get(key));
                }

                @Override
                public Optional<byte[]> get(String key, int offset, int length) throws IOException {
                    return get(key).map(bytes -> Arrays.copyOfRange(bytes, offset, offset + length));
                }

                @Override
                public void removeAll(String prefix) {
                    batches.keySet().removeIf(key -> key.startsWith(prefix));
                }

                @Override
                public long room() {
                    return Long.MAX_VALUE;
                }

                @Override
                public void close() {
                    // Nothing is open.
                }
            };
        }

        @Override
        public String name() {
            return fails ? "broken" : "sound";
        }
    }

    /** Each question to an intermediary that hangs takes its timeout. */
    @Test
    void anIntermediaryThatHasFailedIsNotAskedAgainForEachBatch() throws Exception {
        for (int number = 0; number < BATCHES; number++) {
            PageBatch batch = new PageBatch(false);
            batch.add(0, number, SyntheticStream.content(number));
            batches.put(Placement.key("m", number), batch.bytes());
            table.stored(number, new PageBatch.Index(batch.bytes()));
        }
        table.complete(BATCHES);

        new Fetcher(terms, table, feed, new BulkPace(2), 0).fetchBatches();

        assertThat(broken.asked).isEqualTo(1);
        assertThat(sound.asked).isEqualTo(BATCHES / 2);
        for (int number = 0; number < BATCHES; number += 2) {
            assertThat(feed.take().page()).isEqualTo(number);
        }
    }
}
