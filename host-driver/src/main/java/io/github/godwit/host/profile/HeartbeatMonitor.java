package io.github.godwit.host.profile;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.host.vm.HeartbeatSource;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.hostapi.Heartbeats;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives the heartbeats of one guest until it is closed. QEMU drops heartbeats while no client is connected, and blocks the guest
 * if a client does not read, so a dedicated thread reads them at once. It also waits for a socket that does not exist yet, as on a
 * migration's destination, and connects again if the socket was closed.
 *
 * <p>The time of a heartbeat is its arrival here; heartbeats that arrive in one read have the same time. The latest 60,000 are kept.
 */
public final class HeartbeatMonitor implements HeartbeatSource {

    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatMonitor.class);
    private static final Duration MIN_RETRY = Duration.ofMillis(10);

    /** A destination of libvirt's listens before its QEMU starts, and must not miss the first heartbeats. */
    private static final Duration MAX_RETRY = Duration.ofMillis(40);

    private static final int READ_BYTES = 4096;

    private final Path socket;
    private final MonotonicClock clock;
    private final HeartbeatRing ring = new HeartbeatRing(HeartbeatRing.CAPACITY);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicReference<SocketChannel> connection = new AtomicReference<>();

    /**
     * Starts to listen; returns at once.
     *
     * @param socket Unix socket on which QEMU passes on the heartbeats
     * @param clock  the clock for their times; all monitors of a host must share it
     */
    public HeartbeatMonitor(Path socket, MonotonicClock clock) {
        this.socket = socket;
        this.clock = clock;
        DaemonThreads.start("heartbeat-" + socket.getName(Math.max(0, socket.getNameCount() - 2)), this::listen);
    }

    /** A factory of monitors that share a clock. */
    public static HeartbeatSource.Factory factory(MonotonicClock clock) {
        return (RunningVm vm) -> new HeartbeatMonitor(vm.heartbeatSocket(), clock);
    }

    /**
     * The heartbeats of an interval; {@link Heartbeats#NONE} if there are none.
     *
     * @param fromMicros start of the interval (inclusive), in microseconds since 1970
     * @param toMicros   end of the interval (inclusive), in microseconds since 1970
     */
    public Heartbeats between(long fromMicros, long toMicros) {
        return ring.between(fromMicros, toMicros);
    }

    /**
     * The mean rate in an interval, in heartbeats per second; time in which the guest stands still counts.
     *
     * @param fromMicros start of the interval, in microseconds since 1970
     * @param toMicros   end of the interval, in microseconds since 1970
     * @throws IllegalArgumentException if the interval is empty
     */
    public double ratePerSecond(long fromMicros, long toMicros) {
        if (toMicros <= fromMicros) {
            throw new IllegalArgumentException(
                    "The interval of a heartbeat rate is empty: toMicros (%d) must be after fromMicros (%d)."
                            .formatted(toMicros, fromMicros));
        }
        return ring.between(fromMicros + 1, toMicros).count() * 1e6 / (toMicros - fromMicros);
    }

    @Override
    public Heartbeats since(Instant from) {
        return ring.between(MonotonicClock.micros(from), Long.MAX_VALUE);
    }

    private void listen() {
        long waitMillis = MIN_RETRY.toMillis();
        try {
            do {
                waitMillis = readUntilEnd() ? MIN_RETRY.toMillis() : Math.min(2 * waitMillis, MAX_RETRY.toMillis());
            } while (!closed.await(waitMillis, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads until the connection ends; returns whether there was a connection. */
    private boolean readUntilEnd() {
        boolean connected = false;
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            connection.set(channel);
            connected = true;
            ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
            while (closed.getCount() > 0 && channel.read(buffer) >= 0) {
                ring.add(buffer.array(), buffer.position(), clock.micros());
                buffer.clear();
            }
        } catch (IOException e) {
            LOG.trace("No connection to the heartbeat socket {}", socket, e);
        } catch (RuntimeException e) {
            LOG.error("Reading the heartbeat socket {} failed and is tried again", socket, e);
        }
        return connected;
    }

    @Override
    public void close() {
        closed.countDown();
        try (SocketChannel channel = connection.get()) {
            LOG.trace("Closing {}", channel);
        } catch (IOException e) {
            LOG.debug("The heartbeat socket {} did not close cleanly", socket, e);
        }
    }
}
