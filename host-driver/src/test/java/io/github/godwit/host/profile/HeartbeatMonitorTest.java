package io.github.godwit.host.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.hostapi.Heartbeats;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class HeartbeatMonitorTest {

    private final MonotonicClock clock = new MonotonicClock(Clock.systemUTC());

    @TempDir
    private Path directory;

    @Test
    void receivesWhatTheGuestSends() throws Exception {
        try (ServerSocketChannel qemu = listen();
                HeartbeatMonitor monitor = new HeartbeatMonitor(socket(), clock);
                SocketChannel guest = qemu.accept()) {
            long from = clock.micros();
            send(guest, 254, 255, 0, 1);
            await(() -> monitor.since(Instant.EPOCH).count() == 4);
            long to = clock.micros();

            Heartbeats received = monitor.between(from, to);

            assertThat(received.count()).isEqualTo(4);
            assertThat(received.firstCounter()).isEqualTo(254);
            assertThat(received.lastCounter()).isEqualTo(1);
            assertThat(received.firstMicros()).isBetween(from, to);
            assertThat(monitor.ratePerSecond(from, to)).isEqualTo(4e6 / (to - from));
        }
    }

    @Test
    void waitsForASocketThatAppearsLater() throws Exception {
        try (HeartbeatMonitor monitor = new HeartbeatMonitor(socket(), clock);
                ServerSocketChannel qemu = listen();
                SocketChannel guest = qemu.accept()) {
            send(guest, 5);

            await(() -> monitor.since(Instant.EPOCH).count() == 1);
        }
    }

    @Test
    void connectsAgainAfterTheSocketWasClosed() throws Exception {
        try (ServerSocketChannel qemu = listen();
                HeartbeatMonitor monitor = new HeartbeatMonitor(socket(), clock)) {
            qemu.accept().close();
            try (SocketChannel guest = qemu.accept()) {
                send(guest, 6);

                await(() -> monitor.since(Instant.EPOCH).count() == 1);
            }
        }
    }

    @Test
    void aSilentGuestHasNoHeartbeat() throws Exception {
        try (ServerSocketChannel qemu = listen();
                HeartbeatMonitor monitor = new HeartbeatMonitor(socket(), clock);
                SocketChannel guest = qemu.accept()) {
            assertThat(guest.isConnected()).isTrue();
            assertThat(monitor.since(Instant.EPOCH)).isEqualTo(Heartbeats.NONE);
            assertThat(monitor.ratePerSecond(0, 1)).isZero();
        }
    }

    @Test
    void closingEndsTheConnection() throws Exception {
        try (ServerSocketChannel qemu = listen()) {
            HeartbeatMonitor monitor = new HeartbeatMonitor(socket(), clock);
            try (SocketChannel guest = qemu.accept()) {
                send(guest, 1);
                await(() -> monitor.since(Instant.EPOCH).count() == 1);

                monitor.close();

                assertThat(guest.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            }
        }
    }

    @Test
    void theRateOfAnEmptyIntervalIsAnError() {
        try (HeartbeatMonitor monitor = new HeartbeatMonitor(socket(), clock)) {
            assertThatThrownBy(() -> monitor.ratePerSecond(7, 7))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("interval of a heartbeat rate is empty");
        }
    }

    private Path socket() {
        return directory.resolve("heartbeat.sock");
    }

    /** Binds under another name first, so that the socket does not appear before it listens. */
    private ServerSocketChannel listen() throws IOException {
        Path hidden = directory.resolve("new.sock");
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(hidden));
        Files.move(hidden, socket());
        return server;
    }

    private static void send(SocketChannel guest, int... counters) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(counters.length);
        for (int counter : counters) {
            bytes.put((byte) counter);
        }
        guest.write(bytes.flip());
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("timed out").isNegative();
            Thread.sleep(1);
        }
    }
}
