package io.github.godwit.hostapi.client;

import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows one migration to its end, by its events while they come and by its status where they do not. */
final class MigrationFollower {

    private static final Logger LOG = LoggerFactory.getLogger(MigrationFollower.class);

    /** Between two looks at an agent that gives no events. */
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final HostDriverConnection connection;
    private final String path;
    private final Consumer<MigrationEvent> listener;
    private long lastHeardNanos = System.nanoTime();

    /**
     * @param connection the source's host driver
     * @param path       the migration's path on it
     * @param listener   gets every event
     */
    MigrationFollower(HostDriverConnection connection, String path, Consumer<MigrationEvent> listener) {
        this.connection = connection;
        this.path = path;
        this.listener = listener;
    }

    /** Waits for the end; see {@link HostDriverClient#follow}. */
    MigrationStatus follow(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            Optional<MigrationStatus> ended = listen(deadline).or(this::ask);
            if (ended.isPresent()) {
                return ended.get();
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (System.nanoTime() >= deadline) {
                throw HostDriverException.late(
                        connection.agent(),
                        "The migration %s%s has not ended within %d s. It may still be running: cancel it or look again."
                                .formatted(connection.agent(), path, atMost.toSeconds()));
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        }
    }

    /** Reads events until the last one, or until they stop coming. */
    private Optional<MigrationStatus> listen(long deadline) throws InterruptedException {
        try (ServerSentEvents events = connection.events(path + "/events")) {
            while (System.nanoTime() < deadline) {
                Optional<MigrationEvent> event = events.next(
                                connection.timeouts().silence())
                        .map(data -> connection.read(data, MigrationEvent.class));
                if (event.isEmpty()) {
                    return Optional.empty();
                }
                lastHeardNanos = System.nanoTime();
                listener.accept(event.get());
                if (isLast(event.get())) {
                    return Optional.of(event.get().status());
                }
            }
        } catch (HostDriverException e) {
            LOG.debug("No events from {}{}; its status is asked for instead.", connection.agent(), path, e);
        }
        return Optional.empty();
    }

    private static boolean isLast(MigrationEvent event) {
        return event.status() != null
                && event.status().phase() != null
                && event.status().phase().isFinal();
    }

    /** Asks for the status; an agent that does not answer is forgiven for a while. */
    private Optional<MigrationStatus> ask() {
        MigrationStatus status;
        try {
            status = connection.call(
                    "GET",
                    path,
                    null,
                    MigrationStatus.class,
                    connection.timeouts().answer());
        } catch (HostDriverException e) {
            if (Thread.currentThread().isInterrupted()) {
                // it was not the agent who fell silent
                return Optional.empty();
            }
            Duration silent = Duration.ofNanos(System.nanoTime() - lastHeardNanos);
            if (e.refused() || silent.compareTo(connection.timeouts().patience()) > 0) {
                throw e;
            }
            return Optional.empty();
        }
        if (status.phase() == null) {
            throw HostDriverException.unreadable(connection.agent(), 200, "a migration without a phase", null);
        }
        lastHeardNanos = System.nanoTime();
        listener.accept(new MigrationEvent(Instant.now(), status.phase(), "status asked for", status));
        return status.phase().isFinal() ? Optional.of(status) : Optional.empty();
    }
}
