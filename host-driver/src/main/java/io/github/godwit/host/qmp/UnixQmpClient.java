package io.github.godwit.host.qmp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
 * QMP over the Unix socket of a QEMU on this host. A reader thread takes what comes: the answer to the one command that
 * waits, and events. QEMU serves one client at a time on such a socket, and lets others wait for its greeting.
 */
public final class UnixQmpClient implements Qmp {

    private static final Logger LOG = LoggerFactory.getLogger(UnixQmpClient.class);

    private final Path socket;
    private final SocketChannel channel;
    private final ObjectMapper json = new ObjectMapper();
    private final ReentrantLock oneCommand = new ReentrantLock(true);
    private final List<Consumer<QmpEvent>> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<JsonNode> greeting = new CompletableFuture<>();
    private final AtomicReference<Waiting> waiting = new AtomicReference<>();
    private final AtomicReference<QmpException> ended = new AtomicReference<>();
    private long lastId;

    private record Waiting(long id, String command, CompletableFuture<JsonNode> answer) {}

    private UnixQmpClient(Path socket, SocketChannel channel) {
        this.socket = socket;
        this.channel = channel;
    }

    /**
     * Connects, waits for QEMU's greeting and leaves the negotiation mode.
     *
     * @param socket  QEMU's monitor socket
     * @param timeout how long the greeting and the negotiation may take, each
     * @throws QmpException when nothing listens there, or what listens does not greet as QEMU does
     */
    public static UnixQmpClient connect(Path socket, Duration timeout) throws QmpException {
        SocketChannel channel;
        try {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } catch (IOException | IllegalArgumentException e) {
            throw new QmpException(
                    "Cannot connect to the QEMU monitor at %s: %s.".formatted(socket, e.getMessage()), false, e);
        }
        UnixQmpClient client = new UnixQmpClient(socket, channel);
        client.startReader();
        client.await(
                client.greeting,
                timeout,
                "did not greet within %d ms; perhaps another program holds it".formatted(timeout.toMillis()));
        client.execute("qmp_capabilities", Map.of(), timeout);
        return client;
    }

    private void startReader() {
        Thread reader = new Thread(this::read, "qmp-" + socket.getName(Math.max(0, socket.getNameCount() - 2)));
        reader.setDaemon(true);
        reader.start();
    }

    @Override
    public JsonNode execute(String command, Map<String, ?> arguments, Duration timeout) throws QmpException {
        lock(command, timeout);
        try {
            throwIfEnded();
            Waiting request = new Waiting(++lastId, command, new CompletableFuture<>());
            waiting.set(request);
            send(request, arguments);
            throwIfEnded();
            return await(
                    request.answer(),
                    timeout,
                    "did not answer '%s' within %d ms".formatted(command, timeout.toMillis()));
        } finally {
            waiting.set(null);
            oneCommand.unlock();
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

    private void send(Waiting request, Map<String, ?> arguments) throws QmpException {
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

    private JsonNode await(CompletableFuture<JsonNode> future, Duration timeout, String late) throws QmpException {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw end(late, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw end("was left by an interrupted thread", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof QmpException words) {
                throw new QmpException(words.getMessage(), words.refused(), e);
            }
            throw end("failed: " + e.getCause(), e);
        }
    }

    private void read() {
        QmpMessages messages = new QmpMessages(channel, json);
        try {
            JsonNode first = messages.next();
            if (!first.path("QMP").isObject()) {
                throw new QmpException("did not greet as QEMU does: '%s'".formatted(first), false, null);
            }
            greeting.complete(first);
            while (true) {
                take(messages.next());
            }
        } catch (EOFException e) {
            end("was closed by QEMU", e);
        } catch (IOException e) {
            end(e instanceof QmpException ? e.getMessage() : "cannot be read: " + e.getMessage(), e);
        } finally {
            tell(new QmpEvent(QmpEvent.CLOSED, MissingNode.getInstance()));
        }
    }

    private void take(JsonNode message) throws QmpException {
        if (message.path("event").isTextual()) {
            tell(new QmpEvent(message.path("event").asText(), message.path("data")));
            return;
        }
        Waiting request = waiting.get();
        if (request == null || message.path("id").asLong(-1) != request.id()) {
            throw new QmpException("sent an answer that nobody waits for: '%s'".formatted(message), false, null);
        }
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

    private void tell(QmpEvent event) {
        for (Consumer<QmpEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException e) {
                LOG.error("A listener of {} failed on event {}", socket, event.name(), e);
            }
        }
    }

    private void throwIfEnded() throws QmpException {
        QmpException why = ended.get();
        if (why != null) {
            throw new QmpException(why.getMessage(), false, why);
        }
    }

    /** Ends the connection once; the first reason stays. */
    private QmpException end(String what, Throwable cause) {
        QmpException why = new QmpException("The QEMU monitor at %s %s.".formatted(socket, what), false, cause);
        if (!ended.compareAndSet(null, why)) {
            return ended.get();
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("Closing {}", socket, e);
        }
        greeting.completeExceptionally(why);
        Waiting request = waiting.get();
        if (request != null) {
            request.answer().completeExceptionally(why);
        }
        return why;
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
