package io.github.godwit.host.scatter;

import io.github.godwit.host.scatter.store.BatchStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores batches on one intermediary, those that wait together. */
final class BatchWriter implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(BatchWriter.class);

    /** Between attempts to store what was not taken. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Batches in one pipeline. */
    private static final int TOGETHER = 16;

    /** A write has no time limit of its own. */
    private static final Duration STALLS = Duration.ofSeconds(10);

    private static final long IDLE = Long.MIN_VALUE;

    private final String migration;
    private final BatchStore.Factory factory;
    private final OpenParts open;
    private final BlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
    private final Events events;
    private volatile BatchStore store;
    private volatile long storesSince = IDLE;

    /** What becomes of batches. */
    interface Events {
        /** The intermediary has a batch. */
        void stored(Pending batch);

        /**
         * The intermediary did not take batches.
         *
         * @return whether they are stored again and again until it takes them
         */
        boolean failed(IOException reason);
    }

    /**
     * A batch that is not yet stored.
     *
     * @param number its number, or {@link Placement#COUNT}
     * @param bytes  what is stored
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Pending(int number, byte[] bytes) {
        /** Whether it has no pages, but says how many batches there are. */
        boolean isCount() {
            return number == Placement.COUNT;
        }
    }

    /**
     * Connects to the intermediary.
     *
     * @param open gets the connections
     * @throws IOException if the intermediary does not answer
     */
    BatchWriter(String migration, BatchStore.Factory factory, OpenParts open, Events events) throws IOException {
        this.migration = migration;
        this.factory = factory;
        this.open = open;
        this.events = events;
        this.store = connect();
    }

    private BatchStore connect() throws IOException {
        BatchStore connected = factory.open();
        open.add(connected::close);
        return connected;
    }

    void add(Pending batch) {
        queue.add(batch);
    }

    /** Stores until this thread is interrupted, or the intermediary fails. */
    @Override
    public void run() {
        List<Pending> together = new ArrayList<>();
        try {
            do {
                together.clear();
                together.add(queue.take());
                queue.drainTo(together, TOGETHER - 1);
            } while (store(together));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            store.close(); // also one that was opened while the others were closed
        }
    }

    private boolean store(List<Pending> together) throws InterruptedException {
        Map<String, byte[]> batches = new LinkedHashMap<>();
        together.forEach(batch -> batches.put(Placement.key(migration, batch.number()), batch.bytes()));
        while (true) {
            try {
                put(batches);
                together.forEach(events::stored);
                return true;
            } catch (IOException e) {
                store.close();
                if (!events.failed(e)) {
                    return false;
                }
            }
            reconnect();
        }
    }

    private void put(Map<String, byte[]> batches) throws IOException {
        storesSince = System.nanoTime();
        try {
            store.put(batches);
        } finally {
            storesSince = IDLE;
        }
    }

    /** Closes a connection by which the intermediary has taken nothing for too long; what was to be stored fails. */
    void endStalled() {
        long since = storesSince;
        if (since != IDLE && System.nanoTime() - since > STALLS.toNanos()) {
            store.close();
        }
    }

    private void reconnect() throws InterruptedException {
        while (true) {
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            try {
                store = connect();
                return;
            } catch (IOException e) {
                LOG.debug("{} does not answer yet", factory.name(), e);
            }
        }
    }
}
