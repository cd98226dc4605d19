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
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
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
 * The Unix socket on which the host driver serves nova-compute of this host: one connection per message, with one line of JSON in each
 * direction. The kernel reports the user at the other end ({@code SO_PEERCRED}), and only certain users are served. A connection is closed
 * after {@value #LONGEST_SECONDS} seconds.
 */
public final class ComputeSocket implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ComputeSocket.class);
    private static final int MOST_CONNECTIONS = 16;
    private static final int LONGEST_LINE = 64 << 10;
    private static final int BACKLOG = 64;
    private static final long LONGEST_SECONDS = 5;

    private final Path path;
    private final Set<String> users;
    private final Function<NovaMessage, MigrationAdvice> advisor;
    private final ServerSocketChannel server;
    private final ObjectMapper json = WireJson.strictMapper();
    private final ThreadPoolExecutor connections = new ThreadPoolExecutor(
            0, MOST_CONNECTIONS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), DaemonThreads.factory("nova-compute"));
    private final ScheduledExecutorService clock = DaemonThreads.scheduled("nova-compute-clock");

    /**
     * Starts to listen. Replaces a socket that an earlier host driver left behind.
     *
     * @param path    path of the socket; its directory is created if it is missing
     * @param users   names or ids of the users that are served
     * @param advisor gives the answer to a message, or null for none
     * @throws IOException when another host driver listens on the socket, or the path cannot be used
     */
    public ComputeSocket(Path path, Set<String> users, Function<NovaMessage, MigrationAdvice> advisor)
            throws IOException {
        this.path = path;
        this.users = Set.copyOf(users);
        this.advisor = advisor;
        Files.createDirectories(path.toAbsolutePath().getParent());
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
        if (Files.exists(path)) {
            throwIfUsed(address);
            Files.delete(path);
        }
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(address, BACKLOG);
        // The kernel reports the user of each connection; the permissions of the file do not matter.
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
        DaemonThreads.start("nova-compute-accept", this::accept);
    }

    private static void throwIfUsed(UnixDomainSocketAddress address) throws IOException {
        try (SocketChannel other = SocketChannel.open(address)) {
            throw new IOException(
                    "%s is another host driver's, which is running (%s). Stop it, or choose another --socket."
                            .formatted(address, other.getRemoteAddress()));
        } catch (java.net.ConnectException e) {
            LOG.debug("{} was left behind by an earlier host driver", address, e);
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel channel = server.accept();
                try {
                    connections.execute(() -> serve(channel));
                } catch (RejectedExecutionException e) {
                    LOG.warn(
                            "More than {} connections from nova-compute at once; one was closed unanswered",
                            MOST_CONNECTIONS);
                    channel.close();
                }
            } catch (AsynchronousCloseException e) {
                LOG.debug("Stopped listening", e);
            } catch (IOException | RuntimeException e) {
                LOG.warn("Cannot accept a connection on {}", path, e);
            }
        }
    }

    private void serve(SocketChannel channel) {
        ScheduledFuture<?> end = clock.schedule(() -> close(channel), LONGEST_SECONDS, TimeUnit.SECONDS);
        try (channel) {
            String user =
                    channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
            if (users.stream().noneMatch(each -> same(each, user))) {
                LOG.warn("Refused a message of user {}. Name nova-compute's user with --socket-user", user);
                return;
            }
            MigrationAdvice answer = answer(line(channel));
            if (answer != null) {
                channel.write(
                        ByteBuffer.wrap((json.writeValueAsString(answer) + "\n").getBytes(StandardCharsets.UTF_8)));
            }
        } catch (ClosedChannelException e) {
            LOG.debug("A connection of nova-compute was closed early", e);
        } catch (IOException e) {
            LOG.warn("Cannot answer nova-compute: {}", e.getMessage());
        } finally {
            end.cancel(false);
        }
    }

    /** Whether two names are of one user. A name may also be a user id, as it is for the user of a container. */
    private static boolean same(String one, String other) {
        if (one.equals(other)) {
            return true;
        }
        UserPrincipalLookupService lookup = FileSystems.getDefault().getUserPrincipalLookupService();
        try {
            return lookup.lookupPrincipalByName(one).equals(lookup.lookupPrincipalByName(other));
        } catch (IOException e) {
            LOG.debug("{} or {} is no user of this host", one, other, e);
            return false;
        }
    }

    private MigrationAdvice answer(String line) {
        try {
            return advisor.apply(json.readValue(line, NovaMessage.class));
        } catch (JsonProcessingException e) {
            LOG.warn("Cannot parse a message of nova-compute: {}", e.getOriginalMessage());
            return MigrationAdvice.own("The host driver cannot parse the message; its log shows why.");
        } catch (IllegalArgumentException | Refusal e) {
            return MigrationAdvice.own(e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("Failed to advise nova-compute", e);
            return MigrationAdvice.own("An internal error of the host driver; see its log.");
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
                throw new IOException("its message is longer than %d bytes".formatted(LONGEST_LINE));
            }
        }
        throw new IOException("its message does not end with a newline");
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("Cannot close a connection", e);
        }
    }

    /** Stops listening, and removes the socket. */
    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.warn("Cannot remove {}: {}", path, e.getMessage());
        }
        connections.shutdownNow();
        clock.shutdownNow();
    }
}
