package io.github.godwit.host.scatter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.scatter.store.HeldStore;
import io.github.godwit.host.scatter.stream.RamBlocks;
import io.github.godwit.host.scatter.stream.RamBlocks.Block;
import io.github.godwit.host.scatter.stream.SyntheticStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From which copy a page is fetched. */
class FetcherTest {

    private static final int BATCHES = 8;

    private final Store broken = new Store("broken", true);
    private final Store sound = new Store("sound", false);
    private final ScatterTerms terms = new ScatterTerms("m", "key", List.of(broken, sound), 2, false);
    private final PageTable table = new PageTable(new RamBlocks(List.of(new Block("pc.ram", 64))), terms.placement());
    private final FeedQueue feed = new FeedQueue();

    /** An intermediary of which the questions are counted. */
    private static final class Store extends HeldStore {
        private final boolean fails;
        private int questions;

        Store(String name, boolean fails) {
            super(name);
            this.fails = fails;
        }

        @Override
        protected void asked() throws IOException {
            questions++;
            if (fails) {
                throw new IOException("Read timed out");
            }
        }
    }

    /** Each question to an intermediary that hangs takes its timeout. */
    @Test
    void anIntermediaryThatHasFailedIsNotAskedAgainForEachBatch() throws Exception {
        for (int number = 0; number < BATCHES; number++) {
            PageBatch batch = new PageBatch(false);
            batch.add(0, number, SyntheticStream.content(number));
            sound.batches().put(Placement.key("m", number), batch.bytes());
            table.stored(number, new PageBatch.Index(batch.bytes()));
        }
        table.complete(BATCHES);

        new Fetcher(terms, table, feed, new BulkPace(2), 0).fetchBatches();

        assertThat(broken.questions).isEqualTo(1);
        assertThat(sound.questions).isEqualTo(BATCHES / 2);
        for (int number = 0; number < BATCHES; number += 2) {
            assertThat(feed.take().page()).isEqualTo(number);
        }
    }
}
