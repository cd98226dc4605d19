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
 * Listens to the heartbeats of one guest from when it is made until it is closed. QEMU drops heartbeats while nobody
 * listens and would wait for a listener that does not read, so a thread of its own reads whatever comes at once. It also
 * waits for a socket that is not there yet, as a migration's destination has it, and comes back to one that closed.
 *
 * <p>A heartbeat's time is its arrival here; those that come in one read share it. The latest 60,000 are kept.
 */
public final class HeartbeatMonitor implements HeartbeatSource {

    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatMonitor.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(10);
    private static final Duration LAST_RETRY = Duration.ofMillis(500);
    private static final int READ_BYTES = 4096;

    private final Path socket;
    private final MonotonicClock clock;
    private final HeartbeatRing ring = new HeartbeatRing(HeartbeatRing.CAPACITY);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicReference<SocketChannel> connection = new AtomicReference<>();

    /**
     * Begins to listen; returns at once.
     *
     * @param socket Unix socket on which the heartbeats come out
     * @param clock  the host's clock for all heartbeats
     */
    public HeartbeatMonitor(Path socket, MonotonicClock clock) {
        this.socket = socket;
        this.clock = clock;
        DaemonThreads.start("heartbeat-" + socket.getName(Math.max(0, socket.getNameCount() - 2)), this::listen);
    }

    /** Opens monitors of VMs that share a clock. */
    public static HeartbeatSource.Factory factory(MonotonicClock clock) {
        return (RunningVm vm) -> new HeartbeatMonitor(vm.heartbeatSocket(), clock);
    }

    /**
     * Heartbeats from one moment to another, both included; {@link Heartbeats#NONE} for a guest without.
     *
     * @param fromMicros microseconds since 1970
     * @param toMicros   the same
     */
    public Heartbeats between(long fromMicros, long toMicros) {
        return ring.between(fromMicros, toMicros);
    }

    /**
     * Rate over a stretch of time, in heartbeats a second; a guest that stands still for a part of it has a lower rate.
     *
     * @throws IllegalArgumentException when the stretch is empty
     */
    public double ratePerSecond(long fromMicros, long toMicros) {
        if (toMicros <= fromMicros) {
            throw new IllegalArgumentException(
                    "A rate needs a stretch of time: toMicros (%d) must be after fromMicros (%d)."
                            .formatted(toMicros, fromMicros));
        }
        return ring.between(fromMicros + 1, toMicros).count() * 1e6 / (toMicros - fromMicros);
    }

    @Override
    public Heartbeats since(Instant from) {
        return ring.between(MonotonicClock.micros(from), Long.MAX_VALUE);
    }

    private void listen() {
        long waitMillis = FIRST_RETRY.toMillis();
        try {
            do {
                waitMillis = readUntilEnd() ? FIRST_RETRY.toMillis() : Math.min(2 * waitMillis, LAST_RETRY.toMillis());
            } while (!closed.await(waitMillis, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether there was anything to read. */
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
            LOG.trace("No heartbeats at {} for now", socket, e);
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
