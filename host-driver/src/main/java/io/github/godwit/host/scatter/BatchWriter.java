package io.github.godwit.host.scatter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Stores batches on one intermediary, those that wait together. */
final class BatchWriter implements Runnable, AutoCloseable {

    /** Batches in one pipeline. */
    private static final int TOGETHER = 16;

    private final String migration;
    private final BatchStore store;
    private final BlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
    private final Events events;

    /** What becomes of batches. */
    interface Events {
        /** A copy of a batch is stored. */
        void stored(Pending batch) throws IOException;

        /** The intermediary does not take any more. */
        void failed(IOException reason);
    }

    /**
     * A batch that is not yet stored.
     *
     * @param number its number
     * @param bytes  what is stored
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Pending(int number, byte[] bytes) {}

    BatchWriter(String migration, BatchStore store, Events events) {
        this.migration = migration;
        this.store = store;
        this.events = events;
    }

    void add(Pending batch) {
        queue.add(batch);
    }

    /** Stores until this thread is interrupted, or the intermediary fails. */
    @Override
    public void run() {
        List<Pending> together = new ArrayList<>();
        try {
            while (true) {
                together.clear();
                together.add(queue.take());
                queue.drainTo(together, TOGETHER - 1);
                Map<String, byte[]> batches = new LinkedHashMap<>();
                together.forEach(batch -> batches.put(Placement.key(migration, batch.number()), batch.bytes()));
                store.put(batches);
                for (Pending batch : together) {
                    events.stored(batch);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            events.failed(e);
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
