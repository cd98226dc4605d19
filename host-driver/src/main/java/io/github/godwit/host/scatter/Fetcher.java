package io.github.godwit.host.scatter;

import io.github.godwit.host.scatter.PageTable.Place;
import io.github.godwit.host.scatter.store.BatchStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches pages from the intermediaries: {@link #fetchBatches} what nobody waits for, batch by batch, and {@link #fetchUrgent} single pages, each on a
 * thread and a connection of its own. A page whose checksum is wrong, or whose intermediary fails, comes from another copy. As long as the source's
 * QEMU can send it again, a page that no copy has ends the gathering; afterwards the copies are asked again and again.
 */
final class Fetcher {

    private static final Logger LOG = LoggerFactory.getLogger(Fetcher.class);

    private static final Duration PAUSE = Duration.ofMillis(500);

    /** For so long the other copies of what an intermediary has are asked for first, once it has failed. */
    private static final Duration AVOIDED = Duration.ofSeconds(30);

    private final ScatterTerms terms;
    private final PageTable table;
    private final FeedQueue feed;
    private final BlockingQueue<Place> urgent = new LinkedBlockingQueue<>();
    private final BatchStore[] stores;
    private final long[] failedUntil;
    private final BulkPace pace;
    private final int first;
    private boolean warned;

    /**
     * @param pace  limits the batches that are on their way at once
     * @param first the intermediary whose batches this fetches
     */
    Fetcher(ScatterTerms terms, PageTable table, FeedQueue feed, BulkPace pace, int first) {
        this.terms = terms;
        this.table = table;
        this.feed = feed;
        this.pace = pace;
        this.first = first;
        this.stores = new BatchStore[terms.stores().size()];
        this.failedUntil = new long[terms.stores().size()];
    }

    /** Has {@link #fetchUrgent} fetch a page. */
    void want(Place place) {
        pace.urgent();
        urgent.add(place);
    }

    /** Fetches all batches of the intermediary. */
    void fetchBatches() throws IOException, InterruptedException {
        try {
            for (int batch = table.take(first); batch >= 0; batch = table.take(first)) {
                fetch(batch);
            }
        } finally {
            closeStores();
        }
    }

    private void fetch(int batch) throws IOException, InterruptedException {
        PageBatch.Index index = table.index(batch).orElseThrow();
        byte[] bytes = null;
        for (int entry = 0; entry < index.count(); entry++) {
            if (table.isDelivered(index.block(entry), index.page(entry))) {
                continue;
            }
            if (!index.isFilled(entry) && bytes == null) {
                bytes = whole(batch, index);
            }
            feed.add(page(index, entry, bytes).orElseThrow());
        }
    }

    private byte[] whole(int batch, PageBatch.Index index) throws IOException, InterruptedException {
        pace.begin();
        try {
            return fetched(
                    batch,
                    store -> store.get(Placement.key(terms.migration(), batch)).filter(bytes -> holds(index, bytes)));
        } finally {
            pace.end();
        }
    }

    /** The index of a batch that is not known, by the intermediaries; empty if none has it now. */
    Optional<PageBatch.Index> index(int batch) {
        String key = Placement.key(terms.migration(), batch);
        return firstOf(batch, store -> {
                    Optional<byte[]> found = store.get(key, 0, PageBatch.MOST_INDEX_BYTES);
                    return found.isPresent() ? Optional.of(new PageBatch.Index(found.get())) : Optional.empty();
                })
                .found();
    }

    private static Optional<FeedQueue.Page> page(PageBatch.Index index, int entry, byte[] batch) {
        return index.page(entry, batch, index.isFilled(entry) ? 0 : index.offset(entry));
    }

    private static boolean holds(PageBatch.Index index, byte[] bytes) {
        for (int entry = 0; entry < index.count(); entry++) {
            if (page(index, entry, bytes).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Fetches pages that are waited for, until this thread is interrupted. */
    void fetchUrgent() throws IOException, InterruptedException {
        try {
            while (true) {
                Place place = urgent.take();
                PageBatch.Index index = table.index(place.batch()).orElseThrow();
                int entry = place.entry();
                if (table.isDelivered(index.block(entry), index.page(entry))) {
                    continue;
                }
                byte[] bytes = index.isFilled(entry) ? null : single(place, index);
                feed.urgent(index.page(entry, bytes, 0).orElseThrow());
            }
        } finally {
            closeStores();
        }
    }

    private byte[] single(Place place, PageBatch.Index index) throws IOException, InterruptedException {
        String key = Placement.key(terms.migration(), place.batch());
        return fetched(
                place.batch(),
                store -> store.get(key, index.offset(place.entry()), index.length(place.entry()))
                        .filter(bytes -> index.page(place.entry(), bytes, 0).isPresent()));
    }

    /** A question to an intermediary. */
    @FunctionalInterface
    private interface Question<T> {
        /** What it has, if that is what the source sent. */
        Optional<T> ask(BatchStore store) throws IOException;
    }

    /** What the copies of a batch answered: the first that was right, or why none was. */
    private record Answer<T>(Optional<T> found, String reason) {}

    private <T> Answer<T> firstOf(int batch, Question<T> question) {
        String reason = "";
        for (int intermediary : inOrder(batch)) {
            try {
                Optional<T> found = question.ask(store(intermediary));
                if (found.isPresent()) {
                    return new Answer<>(found, "");
                }
                reason = "Intermediary %s has lost pages"
                        .formatted(terms.stores().get(intermediary).name());
            } catch (IOException e) {
                closeStore(intermediary);
                failedUntil[intermediary] = System.nanoTime() + AVOIDED.toNanos();
                reason = e.getMessage();
            }
        }
        return new Answer<>(Optional.empty(), reason);
    }

    private byte[] fetched(int batch, Question<byte[]> question) throws IOException, InterruptedException {
        while (true) {
            Answer<byte[]> answer = firstOf(batch, question);
            if (answer.found().isPresent()) {
                return answer.found().get();
            }
            String reason = answer.reason();
            if (!table.isLast()) {
                throw new IOException(reason);
            }
            if (!warned) {
                warned = true;
                LOG.error(
                        "Pages of migration {} cannot be fetched, and the source cannot send them again. They are asked for again until they come: {}",
                        terms.migration(),
                        reason);
            }
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
    }

    /** The intermediaries that have a batch. Those that have just failed come last, since each question to one that hangs takes its timeout. */
    private List<Integer> inOrder(int batch) {
        return IntStream.range(0, terms.copies())
                .map(copy -> terms.placement().of(batch, copy))
                .boxed()
                .sorted(Comparator.comparing(this::hasJustFailed))
                .toList();
    }

    private boolean hasJustFailed(int intermediary) {
        return failedUntil[intermediary] != 0 && System.nanoTime() - failedUntil[intermediary] < 0;
    }

    private BatchStore store(int intermediary) throws IOException {
        if (stores[intermediary] == null) {
            stores[intermediary] = terms.stores().get(intermediary).open();
        }
        return stores[intermediary];
    }

    private void closeStore(int intermediary) {
        if (stores[intermediary] != null) {
            stores[intermediary].close();
            stores[intermediary] = null;
        }
    }

    /** Ends the connections. */
    void closeStores() {
        for (int intermediary = 0; intermediary < stores.length; intermediary++) {
            closeStore(intermediary);
        }
    }
}
