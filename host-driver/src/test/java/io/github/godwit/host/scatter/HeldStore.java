package io.github.godwit.host.scatter;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** An intermediary that keeps batches in memory. {@link RedisStoreTest} holds it to the same contract as a real one. */
abstract class HeldStore implements BatchStore.Factory {

    private final String name;
    private final Map<String, byte[]> batches = new ConcurrentHashMap<>();

    HeldStore(String name) {
        this.name = name;
    }

    /** Called before batches are stored; may refuse them. */
    void storing() throws IOException {}

    /** Called before a batch is looked up; may fail. */
    void asked() throws IOException {}

    final Map<String, byte[]> batches() {
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
}
