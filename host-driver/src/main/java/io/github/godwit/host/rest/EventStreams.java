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
 * Sends the events of migrations to clients as server-sent events. Each client has its own thread, so that a client that reads slowly
 * delays neither the migration nor other clients.
 */
public final class EventStreams implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);
    private static final int MAX_STREAMS = 16;
    private static final int BACKLOG = 256;
    private static final long SEND_SECONDS = 10;

    private final MigrationService migrations;
    private final ExecutorService threads = new ThreadPoolExecutor(
            0, MAX_STREAMS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), DaemonThreads.factory("events"));

    /**
     * Creates streams for the migrations of a service.
     *
     * @param migrations the migrations
     */
    public EventStreams(MigrationService migrations) {
        this.migrations = migrations;
    }

    /**
     * Sends the events of a migration until it ends or the client disconnects.
     *
     * @throws Refusal if there is no such migration, or if 16 clients are connected already
     */
    void open(String id, SseEventSink sink, Sse sse) {
        BlockingQueue<MigrationEvent> queue = new ArrayBlockingQueue<>(BACKLOG);
        Runnable stop = migrations.follow(id, event -> {
            if (!queue.offer(event)) {
                LOG.debug("A client of migration {} is too slow, dropping an event", id);
            }
        });
        try {
            threads.execute(() -> send(queue, sink, sse, stop));
        } catch (RejectedExecutionException e) {
            stop.run();
            throw Refusal.conflict("The limit of %d event streams is reached. Poll GET /v1/migrations/%s instead."
                    .formatted(MAX_STREAMS, id));
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
            LOG.debug("A client has disconnected", e);
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
