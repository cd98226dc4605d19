package io.github.godwit.host.nova;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.common.DaemonThreads;
import io.github.godwit.host.common.Refusal;
import io.github.godwit.hostapi.WireJson;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Unix socket on which nova-compute of this host speaks to Godwit: a connection for each message, a line of JSON each way.
 * The kernel tells who is at the other end, and only certain users are listened to. Nobody holds a connection for longer than
 * five seconds.
 */
public final class ComputeSocket implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ComputeSocket.class);
    private static final int MOST_CONNECTIONS = 16;
    private static final int LONGEST_LINE = 64 << 10;
    private static final int BACKLOG = 64;
    private static final long LONGEST_SECONDS = 5;

    private final Path path;
    private final Set<String> users;
    private final Function<NovaMessage, MigrationAdvice> desk;
    private final ServerSocketChannel server;
    private final ObjectMapper json = WireJson.strictMapper();
    private final ThreadPoolExecutor connections = new ThreadPoolExecutor(
            0, MOST_CONNECTIONS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), DaemonThreads.factory("nova-compute"));
    private final ScheduledExecutorService clock = DaemonThreads.scheduled("nova-compute-clock");

    /**
     * Listens; a socket that a dead agent left is replaced.
     *
     * @param path  of the socket; its directory is made where it is not there
     * @param users names of the users that are listened to
     * @param desk  answers
     * @throws IOException when another agent listens there, or the path cannot be used
     */
    public ComputeSocket(Path path, Set<String> users, Function<NovaMessage, MigrationAdvice> desk) throws IOException {
        this.path = path;
        this.users = Set.copyOf(users);
        this.desk = desk;
        Files.createDirectories(path.toAbsolutePath().getParent());
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
        if (Files.exists(path)) {
            throwIfUsed(address);
            Files.delete(path);
        }
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(address, BACKLOG);
        // Who may speak is told by the kernel, and not by who may open the file.
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
        DaemonThreads.start("nova-compute-accept", this::accept);
    }

    private static void throwIfUsed(UnixDomainSocketAddress address) throws IOException {
        try (SocketChannel other = SocketChannel.open(address)) {
            throw new IOException("%s is another host driver's, which runs (%s). Stop it, or give another --socket."
                    .formatted(address, other.getRemoteAddress()));
        } catch (java.net.ConnectException e) {
            LOG.debug("{} was left by a dead agent", address, e);
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel channel = server.accept();
                try {
                    connections.execute(() -> serve(channel));
                } catch (RejectedExecutionException e) {
                    LOG.warn("{} connections at once are too many; one is closed unheard", MOST_CONNECTIONS);
                    channel.close();
                }
            } catch (AsynchronousCloseException e) {
                LOG.debug("No longer listening", e);
            } catch (IOException e) {
                LOG.warn("A connection to {} failed: {}", path, e.getMessage());
            }
        }
    }

    private void serve(SocketChannel channel) {
        ScheduledFuture<?> end = clock.schedule(() -> close(channel), LONGEST_SECONDS, TimeUnit.SECONDS);
        try (channel) {
            String user =
                    channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
            if (!users.contains(user)) {
                LOG.warn("User {} may not speak for nova-compute; --socket-user names who may", user);
                return;
            }
            MigrationAdvice answer = answer(line(channel));
            if (answer != null) {
                channel.write(
                        ByteBuffer.wrap((json.writeValueAsString(answer) + "\n").getBytes(StandardCharsets.UTF_8)));
            }
        } catch (ClosedChannelException e) {
            LOG.debug("nova-compute did not wait", e);
        } catch (IOException e) {
            LOG.warn("nova-compute cannot be answered: {}", e.getMessage());
        } finally {
            end.cancel(false);
        }
    }

    private MigrationAdvice answer(String line) {
        try {
            return desk.apply(json.readValue(line, NovaMessage.class));
        } catch (JsonProcessingException e) {
            LOG.warn("What came from nova-compute is no message: {}", e.getOriginalMessage());
            return MigrationAdvice.own("The message cannot be understood.");
        } catch (IllegalArgumentException | Refusal e) {
            return MigrationAdvice.own(e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("nova-compute gets no advice", e);
            return MigrationAdvice.own("An error inside the host driver; its log tells more.");
        }
    }

    private static String line(SocketChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(LONGEST_LINE);
        while (channel.read(buffer) >= 0) {
            int end = buffer.position() - 1;
            if (end >= 0 && buffer.get(end) == '\n') {
                return new String(buffer.array(), 0, end, StandardCharsets.UTF_8);
            }
            if (!buffer.hasRemaining()) {
                throw new IOException("a message of over %d bytes".formatted(LONGEST_LINE));
            }
        }
        throw new IOException("a message without an end");
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("A connection was closed already", e);
        }
    }

    /** Listens no longer, and removes the socket. */
    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.warn("{} is left behind: {}", path, e.getMessage());
        }
        connections.shutdownNow();
        clock.shutdownNow();
    }
}
