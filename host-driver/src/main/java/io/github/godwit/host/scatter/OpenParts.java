package io.github.godwit.host.scatter;

import io.github.godwit.common.DaemonThreads;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections and threads of one side of a migration, which end together. Thread-safe. */
final class OpenParts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OpenParts.class);

    private final String migration;
    private final List<Closeable> connections = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    OpenParts(String migration) {
        this.migration = migration;
    }

    void add(Closeable connection) {
        connections.add(connection);
    }

    /** Runs something until it ends or is interrupted. */
    void start(String name, Runnable run) {
        threads.add(DaemonThreads.start("%s-%s".formatted(name, migration), run));
    }

    /** Closes all connections and interrupts all threads but this one. */
    @Override
    public void close() {
        for (Closeable connection : connections) {
            try {
                connection.close();
            } catch (IOException e) {
                LOG.debug("A connection of migration {} was closed already", migration, e);
            }
        }
        threads.stream().filter(thread -> thread != Thread.currentThread()).forEach(Thread::interrupt);
    }
}
