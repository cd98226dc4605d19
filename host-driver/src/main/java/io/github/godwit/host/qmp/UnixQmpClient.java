package io.github.godwit.host.qmp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.common.DaemonThreads;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * QMP over the Unix socket of a QEMU on this host. A reader thread receives responses and events. QEMU serves one client at a
 * time on such a socket; other clients wait for the greeting.
 *
 * <p>A command without a response in time fails, but the connection stays open: QEMU may only be slow, and its late response is
 * dropped. After {@value #MAX_UNANSWERED} successive commands without a response QEMU hangs, and the connection is closed.
 */
public final class UnixQmpClient implements Qmp {

    private static final Logger LOG = LoggerFactory.getLogger(UnixQmpClient.class);

    private static final int MAX_UNANSWERED = 4;

    private final Path socket;
    private final SocketChannel channel;
    private final ObjectMapper json = new ObjectMapper();
    private final ReentrantLock oneCommand = new ReentrantLock(true);
    private final List<Consumer<QmpEvent>> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<JsonNode> greeting = new CompletableFuture<>();
    private final AtomicReference<QmpException> ended = new AtomicReference<>();
    private final Map<Long, Request> unanswered = new ConcurrentHashMap<>();
    private final MonitorPace pace;
    private long lastId;

    private record Request(long id, String command, long sentNanos, CompletableFuture<JsonNode> answer) {
        Duration age() {
            return Duration.ofNanos(System.nanoTime() - sentNanos);
        }
    }

    private UnixQmpClient(Path socket, SocketChannel channel, MonitorPace pace) {
        this.socket = socket;
        this.channel = channel;
        this.pace = pace;
    }

    /**
     * Connects, waits for QEMU's greeting and negotiates capabilities.
     *
     * @param socket  QEMU's monitor socket
     * @param timeout for the greeting and for the negotiation, each
     * @throws QmpException if nothing listens on the socket, or if the peer does not send QEMU's greeting in time
     */
    public static UnixQmpClient connect(Path socket, Duration timeout) throws QmpException {
        return connect(socket, timeout, new MonitorPace());
    }

    /**
     * Connects as {@link #connect(Path, Duration)} does, and keeps the response times of an earlier connection.
     *
     * @param pace response times of earlier connections; this connection adds its own
     */
    public static UnixQmpClient connect(Path socket, Duration timeout, MonitorPace pace) throws QmpException {
        SocketChannel channel = MonitorSocket.connect(socket, timeout);
        UnixQmpClient client = new UnixQmpClient(socket, channel, pace);
        client.startReader();
        try {
            await(client.greeting, timeout);
        } catch (TimeoutException e) {
            throw client.end(
                    "sent no greeting within %d ms; another program may be connected to it"
                            .formatted(timeout.toMillis()),
                    e);
        }
        try {
            client.execute("qmp_capabilities", Map.of(), timeout);
        } catch (QmpException e) {
            client.close();
            throw e;
        }
        return client;
    }

    private void startReader() {
        DaemonThreads.start("qmp-" + socket.getName(Math.max(0, socket.getNameCount() - 2)), this::read);
    }

    @Override
    public MonitorPace pace() {
        return pace;
    }

    @Override
    public JsonNode execute(String command, Map<String, ?> arguments, Duration timeout) throws QmpException {
        lock(command, timeout);
        try {
            throwIfEnded();
            Request request = new Request(++lastId, command, System.nanoTime(), new CompletableFuture<>());
            unanswered.put(request.id(), request);
            send(request, arguments);
            QmpException endedMeanwhile = ended.get();
            if (endedMeanwhile != null) {
                request.answer().completeExceptionally(endedMeanwhile); // No effect if the response arrived before.
            }
            return answer(request, timeout);
        } finally {
            oneCommand.unlock();
        }
    }

    private JsonNode answer(Request request, Duration timeout) throws QmpException {
        try {
            return await(request.answer(), timeout);
        } catch (TimeoutException e) {
            pace.timedOut(timeout);
            String what = "did not answer '%s' within %d ms".formatted(request.command(), timeout.toMillis());
            if (unanswered.size() >= MAX_UNANSWERED) {
                throw end("%s, nor %d commands before it".formatted(what, unanswered.size() - 1), e);
            }
            throw new QmpException("The QEMU monitor at %s %s.".formatted(socket, what), false, e);
        }
    }

    private void lock(String command, Duration timeout) throws QmpException {
        try {
            if (!oneCommand.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new QmpException(
                        "The QEMU monitor at %s was busy for %d ms, '%s' was not sent."
                                .formatted(socket, timeout.toMillis(), command),
                        false,
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QmpException("Interrupted before '%s' was sent.".formatted(command), false, e);
        }
    }

    private void send(Request request, Map<String, ?> arguments) throws QmpException {
        ObjectNode message = json.createObjectNode().put("execute", request.command());
        if (!arguments.isEmpty()) {
            message.set("arguments", json.valueToTree(arguments));
        }
        message.put("id", request.id());
        try {
            ByteBuffer bytes =
                    ByteBuffer.wrap((json.writeValueAsString(message) + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw end("cannot be written to: " + e.getMessage(), e);
        }
    }

    private static JsonNode await(CompletableFuture<JsonNode> future, Duration timeout)
            throws QmpException, TimeoutException {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QmpException("Interrupted while waiting for QEMU's monitor.", false, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof QmpException failure) {
                throw new QmpException(failure.getMessage(), failure.refused(), e);
            }
            throw new QmpException("QEMU's monitor failed: " + e.getCause(), false, e);
        }
    }

    private void read() {
        QmpMessages messages = new QmpMessages(channel, json);
        try {
            JsonNode first = messages.next();
            if (!first.path("QMP").isObject()) {
                throw new QmpException("sent '%s' instead of QEMU's greeting".formatted(first), false, null);
            }
            greeting.complete(first);
            while (true) {
                handle(messages.next());
            }
        } catch (EOFException e) {
            end("was closed by QEMU", e);
        } catch (IOException e) {
            end(e instanceof QmpException ? e.getMessage() : "cannot be read: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            LOG.error("The reader of {} failed", socket, e);
            end("cannot be read: " + e, e);
        } finally {
            publish(new QmpEvent(QmpEvent.CLOSED, MissingNode.getInstance()));
        }
    }

    private void handle(JsonNode message) throws QmpException {
        if (message.path("event").isTextual()) {
            publish(new QmpEvent(message.path("event").asText(), message.path("data")));
            return;
        }
        Request request = unanswered.remove(message.path("id").asLong(-1));
        if (request == null) {
            throw new QmpException("sent a response to no pending command: '%s'".formatted(message), false, null);
        }
        pace.responded(request.age());
        // QEMU responds in order: earlier commands without a response will not get one.
        unanswered.keySet().removeIf(id -> id < request.id());
        if (message.has("return")) {
            request.answer().complete(message.path("return"));
        } else {
            JsonNode error = message.path("error");
            request.answer()
                    .completeExceptionally(new QmpException(
                            "QEMU refused '%s': %s (%s)"
                                    .formatted(
                                            request.command(),
                                            error.path("desc").asText("no reason given"),
                                            error.path("class").asText("no class")),
                            true,
                            null));
        }
    }

    private void publish(QmpEvent event) {
        for (Consumer<QmpEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException e) {
                LOG.error("A listener on {} failed to handle event {}", socket, event.name(), e);
            }
        }
    }

    private void throwIfEnded() throws QmpException {
        QmpException reason = ended.get();
        if (reason != null) {
            throw new QmpException(reason.getMessage(), false, reason);
        }
    }

    /** Ends the connection if it has not ended yet; returns the first reason. */
    private QmpException end(String what, Throwable cause) {
        QmpException reason = new QmpException("The QEMU monitor at %s %s.".formatted(socket, what), false, cause);
        if (!ended.compareAndSet(null, reason)) {
            return ended.get();
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("The monitor socket {} did not close cleanly", socket, e);
        }
        greeting.completeExceptionally(reason);
        unanswered.values().forEach(request -> request.answer().completeExceptionally(reason));
        return reason;
    }

    @Override
    public Subscription subscribe(Consumer<QmpEvent> listener) {
        listeners.add(listener);
        if (ended.get() != null) {
            listener.accept(new QmpEvent(QmpEvent.CLOSED, MissingNode.getInstance()));
        }
        return () -> listeners.remove(listener);
    }

    @Override
    public void close() {
        end("was closed", null);
    }
}
