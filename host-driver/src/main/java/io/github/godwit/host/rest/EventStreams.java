package io.github.godwit.host.rest;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.migrate.MigrationService;
import io.github.godwit.hostapi.MigrationEvent;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the events of migrations to those who listen, each on a thread of its own: a listener that reads slowly must hold
 * up neither the migration nor the others.
 */
public final class EventStreams implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);
    private static final int MOST_STREAMS = 16;
    private static final int BACKLOG = 256;
    private static final long SEND_SECONDS = 10;

    private final MigrationService migrations;
    private final ExecutorService threads = new ThreadPoolExecutor(
            0, MOST_STREAMS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), DaemonThreads.factory("events"));

    /**
     * Streams for the migrations of a service.
     *
     * @param migrations whose events to send
     */
    public EventStreams(MigrationService migrations) {
        this.migrations = migrations;
    }

    /**
     * Begins to send.
     *
     * @throws Refusal when there is no such migration or too many listen
     */
    void open(String id, SseEventSink sink, Sse sse) {
        BlockingQueue<MigrationEvent> queue = new ArrayBlockingQueue<>(BACKLOG);
        Runnable stop = migrations.follow(id, event -> {
            if (!queue.offer(event)) {
                LOG.debug("A listener to migration {} is too slow, an event is left out", id);
            }
        });
        try {
            threads.execute(() -> send(queue, sink, sse, stop));
        } catch (RejectedExecutionException e) {
            stop.run();
            throw Refusal.conflict(
                    "%d listeners are connected already. GET /v1/migrations/%s instead.".formatted(MOST_STREAMS, id));
        }
    }

    private static void send(BlockingQueue<MigrationEvent> queue, SseEventSink sink, Sse sse, Runnable stop) {
        try (sink) {
            MigrationEvent event;
            do {
                event = queue.take();
                sink.send(sse.newEventBuilder()
                                .name("migration")
                                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                                .data(MigrationEvent.class, event)
                                .build())
                        .toCompletableFuture()
                        .get(SEND_SECONDS, TimeUnit.SECONDS);
            } while (!event.phase().isFinal() && !sink.isClosed());
        } catch (ExecutionException | TimeoutException | IllegalStateException e) {
            LOG.debug("A listener has gone", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stop.run();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
