package io.github.godwit.host.scatter.store;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** An intermediary that keeps batches in memory. {@link RedisStoreTest} holds it to the same contract as a real one. */
public abstract class HeldStore implements BatchStore.Factory {

    private final String name;
    private final Map<String, byte[]> batches = new ConcurrentHashMap<>();

    /** @param name of the intermediary */
    protected HeldStore(String name) {
        this.name = name;
    }

    /** Called before batches are stored; may refuse them. */
    protected void storing() throws IOException {}

    /** Called before a batch is looked up; may fail. */
    protected void asked() throws IOException {}

    /** What it has, by key. */
    public final Map<String, byte[]> batches() {
        return batches;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final BatchStore open() {
        return new BatchStore() {
            @Override
            public void put(Map<String, byte[]> more) throws IOException {
                storing();
                batches.putAll(more);
            }

            @Override
            public Optional<byte[]> get(String key) throws IOException {
                asked();
                return Optional.ofNullable(batches.get(key));
            }

            @Override
            public Optional<byte[]> get(String key, int offset, int length) throws IOException {
                return get(key).map(
                                bytes -> Arrays.copyOfRange(bytes, offset, Math.min(bytes.length, offset + length)));
            }

            @Override
            public long removeAll(String prefix) throws IOException {
                asked();
                long before = batches.size();
                batches.keySet().removeIf(key -> key.startsWith(prefix));
                return before - batches.size();
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
}
