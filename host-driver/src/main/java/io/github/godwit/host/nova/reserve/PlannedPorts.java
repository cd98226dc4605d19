package io.github.godwit.host.nova.reserve;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.host.net.PortRange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ports that this host gives to migrations, one to each, so that each has a traffic class of its own. libvirt takes a port that is in the
 * migration's URI without looking at the range of {@code qemu.conf}.
 *
 * <p>A port is listened on until the source has connected to it, which shows that nobody else uses it and that no firewall blocks it, or
 * until ten seconds have passed. Then it is free for QEMU. Safe for use by several threads.
 */
public final class PlannedPorts {

    private static final Logger LOG = LoggerFactory.getLogger(PlannedPorts.class);
    private static final Duration KEPT = Duration.ofSeconds(10);

    /** Says that the port is free now. */
    private static final int FREE = 'f';

    private final PortRange range;
    private final Duration kept;
    private final Map<String, Integer> given = new HashMap<>();
    private int next;

    /** Gives the ports of a range. */
    public PlannedPorts(PortRange range) {
        this(range, KEPT);
    }

    PlannedPorts(PortRange range, Duration kept) {
        this.range = range;
        this.kept = kept;
        this.next = range.first();
    }

    /**
     * Gives a migration a port that nobody uses, each in turn.
     *
     * @param address IP address on which this host receives migrations
     * @return the port; empty if all are in use
     */
    synchronized OptionalInt give(String migration, String address) {
        int ports = range.last() - range.first() + 1;
        for (int i = 0; i < ports; i++) {
            int port = next;
            next = port == range.last() ? range.first() : port + 1;
            if (!given.containsValue(port) && listens(port, address)) {
                given.put(migration, port);
                return OptionalInt.of(port);
            }
        }
        LOG.warn("All planned ports ({}) are in use. Give more by --planned-ports", range);
        return OptionalInt.empty();
    }

    /** Takes the port of a migration back. */
    synchronized void takeBack(String migration) {
        given.remove(migration);
    }

    private boolean listens(int port, String address) {
        ServerSocket server = null;
        try {
            server = new ServerSocket();
            server.bind(new InetSocketAddress(InetAddress.getByName(address), port), 1);
            server.setSoTimeout((int) kept.toMillis());
            ServerSocket bound = server;
            DaemonThreads.start("planned-port", () -> waitForSource(bound));
            return true;
        } catch (IOException e) {
            LOG.debug("Port {} of {} is in use", port, address, e);
            close(server);
            return false;
        }
    }

    private void waitForSource(ServerSocket server) {
        try (server;
                Socket source = server.accept()) {
            server.close();
            source.setSoTimeout((int) kept.toMillis());
            source.getOutputStream().write(FREE);
            // The source closes first, so that nothing of the connection stays on the port.
            int unused = source.getInputStream().read();
        } catch (IOException e) {
            LOG.debug("The source has not connected to {}", server, e);
        }
    }

    private static void close(ServerSocket server) {
        try {
            if (server != null) {
                server.close();
            }
        } catch (IOException e) {
            LOG.debug("Cannot close {}", server, e);
        }
    }

    /**
     * Why a port that the destination has given cannot be reached from here, as a clause; empty if it can, and then it is free for QEMU.
     *
     * @param patience how long to wait
     */
    static Optional<String> obstacle(String address, int port, Duration patience) {
        int millis = Math.max(1, (int) patience.toMillis());
        try (Socket destination = new Socket()) {
            destination.connect(new InetSocketAddress(InetAddress.getByName(address), port), millis);
            destination.setSoTimeout(millis);
            return destination.getInputStream().read() == FREE
                    ? Optional.empty()
                    : Optional.of(
                            "something else than its host driver answers on port %d of %s".formatted(port, address));
        } catch (IOException e) {
            return Optional.of("port %d of %s cannot be reached: %s".formatted(port, address, e.getMessage()));
        }
    }
}
