package io.github.godwit.host.scatter.store;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** A connection to an intermediary. It is for one thread, but for {@link #close}. */
public interface BatchStore extends AutoCloseable {

    /** Opens connections to one intermediary. */
    interface Factory {
        /**
         * Opens one.
         *
         * @throws IOException if the intermediary does not answer, or refuses the password
         */
        BatchStore open() throws IOException;

        /** What it is called in messages, such as {@code 10.0.0.9:6379}. */
        String name();
    }

    /**
     * Stores all of these, or fails.
     *
     * @param batches their bytes by key
     */
    void put(Map<String, byte[]> batches) throws IOException;

    /** A batch; empty if it is not there. */
    Optional<byte[]> get(String key) throws IOException;

    /** Some bytes of a batch; empty if it is not there. Fewer bytes than asked for if it is shorter. */
    Optional<byte[]> get(String key, int offset, int length) throws IOException;

    /** Removes everything whose key begins with this, and returns how much that was. */
    long removeAll(String prefix) throws IOException;

    /**
     * Bytes that it can still take.
     *
     * @throws IOException if it may throw away what it has taken, or nothing limits its memory
     */
    long room() throws IOException;

    /** Ends the connection; a call that runs fails. */
    @Override
    void close();
}
