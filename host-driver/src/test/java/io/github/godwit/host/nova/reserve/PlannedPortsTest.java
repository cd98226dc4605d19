package io.github.godwit.host.nova.reserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.net.PortRange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ports that a destination gives, on loopback. */
@Timeout(30)
class PlannedPortsTest {

    private static final String HERE = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Below the ports that this machine gives to outgoing connections. */
    private static final PortRange RANGE = new PortRange(29_310, 29_312);

    private final PlannedPorts ports = new PlannedPorts(RANGE);

    @Test
    void eachMigrationGetsAPortUntilItEnds() {
        int first = ports.give("m1", HERE).orElseThrow();
        int second = ports.give("m2", HERE).orElseThrow();
        int third = ports.give("m3", HERE).orElseThrow();
        assertThat(List.of(first, second, third)).containsExactlyInAnyOrder(29_310, 29_311, 29_312);
        assertThat(ports.give("m4", HERE)).as("all are in use").isEmpty();

        assertThat(PlannedPorts.obstacle(HERE, second, PATIENCE)).isEmpty();
        ports.takeBack("m2");
        assertThat(ports.give("m4", HERE)).hasValue(second);
        for (int port : List.of(first, second, third)) {
            assertThat(PlannedPorts.obstacle(HERE, port, PATIENCE)).isEmpty();
        }
    }

    @Test
    void aPortIsFreeForQemuAsSoonAsTheSourceHasReachedIt() throws Exception {
        int port = ports.give("m1", HERE).orElseThrow();
        assertThat(PlannedPorts.obstacle(HERE, port, PATIENCE)).isEmpty();
        try (ServerSocket qemu = new ServerSocket()) {
            qemu.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
    }

    @Test
    void aPortThatSomebodyElseListensOnIsLeftOut() throws Exception {
        try (ServerSocket other = new ServerSocket(29_320, 1, InetAddress.getLoopbackAddress())) {
            assertThat(new PlannedPorts(PortRange.of(other.getLocalPort())).give("m1", HERE))
                    .isEmpty();
        }
    }

    @Test
    void aPortThatTheSourceNeverReachesIsFreedInTime() throws Exception {
        int port = new PlannedPorts(PortRange.of(29_321), Duration.ofMillis(50))
                .give("m1", HERE)
                .orElseThrow();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!bindable(port)) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static boolean bindable(int port) {
        try (ServerSocket qemu = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return qemu.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aPortBehindAFirewallIsNotReached() {
        // Nobody listens, as behind a rule that rejects.
        assertThat(PlannedPorts.obstacle(HERE, 29_322, PATIENCE).orElseThrow())
                .contains("port 29322 of 127.0.0.1 cannot be reached: Connection refused");
    }

    @Test
    void whateverAnswersThereOtherwiseIsNotTheDestination() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // It accepts and says nothing.
            assertThat(PlannedPorts.obstacle(HERE, other.getLocalPort(), Duration.ofMillis(100)))
                    .isPresent();
        }
    }

    @Test
    void thePortThatThisProcessIsConnectedToIsFoundInItsSockets() throws Exception {
        InetAddress here = InetAddress.getLoopbackAddress();
        long pid = ProcessHandle.current().pid();
        try (ServerSocket server = new ServerSocket(0, 2, here)) {
            int port = server.getLocalPort();
            ConnectedPort connected = new ConnectedPort(Path.of("/proc"), pid, HERE, List.of(PortRange.of(port)));
            assertThat(connected.get()).isEqualTo(OptionalInt.empty());
            try (Socket qemu = new Socket(here, port)) {
                assertThat(qemu.isConnected()).isTrue();
                assertThat(new ConnectedPort(Path.of("/proc"), pid, HERE, List.of(PortRange.of(port))).get())
                        .hasValue(port);
                assertThat(new ConnectedPort(Path.of("/proc"), pid, "127.0.0.2", List.of(PortRange.of(port))).get())
                        .as("another host")
                        .isEmpty();
                assertThat(new ConnectedPort(Path.of("/proc"), pid, HERE, List.of(RANGE)).get())
                        .as("another port")
                        .isEmpty();
                assertThat(new ConnectedPort(Path.of("/proc"), 1, HERE, List.of(PortRange.of(port))).get())
                        .as("another process")
                        .isEmpty();
            }
        }
    }

    @Test
    void theKernelsFormOfAddressesIsUnderstood() throws Exception {
        // As /proc/net/tcp and tcp6 print them on a little-endian machine.
        assertThat(ConnectedPort.isOf("0200000A:C094", InetAddress.getByName("10.0.0.2")))
                .isTrue();
        assertThat(ConnectedPort.isOf("0000000000000000FFFF00000200000A:C094", InetAddress.getByName("10.0.0.2")))
                .isTrue();
        assertThat(ConnectedPort.isOf("B80D0120000000000000000002000000:C094", InetAddress.getByName("2001:db8::2")))
                .isTrue();
        assertThat(ConnectedPort.isOf("0300000A:C094", InetAddress.getByName("10.0.0.2")))
                .isFalse();
    }
}
