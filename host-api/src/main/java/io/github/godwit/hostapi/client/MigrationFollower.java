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

/** Follows one migration to its end: by its events, and by polling its status while there are none. */
final class MigrationFollower {

    private static final Logger LOG = LoggerFactory.getLogger(MigrationFollower.class);

    private static final Duration POLL_INTERVAL = Duration.ofMillis(500);

    private final HostDriverConnection connection;
    private final String path;
    private final Consumer<MigrationEvent> listener;
    private long lastAnswerNanos = System.nanoTime();

    /**
     * @param connection to the source's host driver
     * @param path       the migration's path there
     * @param listener   receives every event
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
            Optional<MigrationStatus> ended = listen(deadline).or(this::poll);
            if (ended.isPresent()) {
                return ended.get();
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (System.nanoTime() >= deadline) {
                throw HostDriverException.notEnded(
                        connection.url(),
                        "The migration %s%s has not ended within %d s. It may still be running: query its status or cancel it."
                                .formatted(connection.url(), path, atMost.toSeconds()));
            }
            TimeUnit.MILLISECONDS.sleep(POLL_INTERVAL.toMillis());
        }
    }

    /** Reads events until the final one; empty if the stream ends or falls silent before. */
    private Optional<MigrationStatus> listen(long deadline) throws InterruptedException {
        try (ServerSentEvents events = connection.events(path + "/events")) {
            while (System.nanoTime() < deadline) {
                Optional<MigrationEvent> event = events.next(
                                connection.timeouts().silence())
                        .map(data -> connection.read(data, MigrationEvent.class));
                if (event.isEmpty()) {
                    return Optional.empty();
                }
                lastAnswerNanos = System.nanoTime();
                listener.accept(event.get());
                if (isFinal(event.get())) {
                    return Optional.of(event.get().status());
                }
            }
        } catch (HostDriverException e) {
            LOG.debug("No events from {}{}, polling its status instead.", connection.url(), path, e);
        }
        return Optional.empty();
    }

    private static boolean isFinal(MigrationEvent event) {
        return event.status() != null
                && event.status().phase() != null
                && event.status().phase().isFinal();
    }

    /** Gets the status; tolerates a host driver that does not answer until the patience is used up. */
    private Optional<MigrationStatus> poll() {
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
                // The interrupt ended the request, not the host driver.
                return Optional.empty();
            }
            Duration silent = Duration.ofNanos(System.nanoTime() - lastAnswerNanos);
            if (e.refused() || silent.compareTo(connection.timeouts().patience()) > 0) {
                throw e;
            }
            return Optional.empty();
        }
        if (status.phase() == null) {
            throw HostDriverException.unreadable(connection.url(), 200, "the migration has no phase", null);
        }
        lastAnswerNanos = System.nanoTime();
        listener.accept(new MigrationEvent(Instant.now(), status.phase(), "status polled", status));
        return status.phase().isFinal() ? Optional.of(status) : Optional.empty();
    }
}
