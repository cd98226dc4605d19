package io.github.godwit.host.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.host.net.TrafficControl.Reservation;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Host drivers that end in different ways while they hold reservations. */
@Timeout(60)
class LeaseIT {

    private static final Bandwidth GIGABIT = Bandwidth.parse("1gbit");
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path state;

    private TwoHosts hosts;
    private String before;
    private Process hostDriver;
    private List<ProcessHandle> keepers = List.of();

    @BeforeEach
    void joinHosts() throws IOException {
        hosts = new TwoHosts().limitedTo("1gbit");
        before = hosts.rules(hosts.source);
    }

    @AfterEach
    void removeHosts() throws IOException {
        if (hostDriver != null) {
            hostDriver.destroyForcibly();
        }
        // The keepers may still use the state directory.
        boolean ended = Keepers.ended(keepers, Duration.ofSeconds(10));
        hosts.close();
        assertThat(ended).isTrue();
    }

    @Test
    void theRulesOfAKilledHostDriverAreRemovedAtOnce() throws Exception {
        startHostDriver(LONG);
        hostDriver.destroyForcibly();
        assertThat(Keepers.ended(keepers, Duration.ofSeconds(5))).isTrue();
        assertThat(hosts.rules(hosts.source)).isEqualTo(before);
    }

    @Test
    void theRulesOfATerminatedHostDriverAreRemovedAtOnce() throws Exception {
        startHostDriver(LONG);
        // As a service manager does: all processes of the service get the signal.
        keepers.forEach(ProcessHandle::destroy);
        hostDriver.destroy();
        assertThat(Keepers.ended(keepers, Duration.ofSeconds(5))).isTrue();
        assertThat(hosts.rules(hosts.source)).isEqualTo(before);
    }

    @Test
    void aHostDriverThatIsStoppedForLongerThanItsLeaseLosesItsRulesAndNoticesIt() throws Exception {
        startHostDriver(SHORT);
        signal(hostDriver, "STOP");
        assertThat(Keepers.ended(keepers, SHORT.plusSeconds(5))).isTrue();
        assertThat(hosts.rules(hosts.source)).isEqualTo(before);

        signal(hostDriver, "CONT");
        // The next renewal, within a third of the lease, finds that the leases are lost.
        String answer = queryRate(hostDriver);
        long deadline = System.nanoTime() + SHORT.toNanos();
        while (!answer.equals("rate 0mbit 0mbit") && System.nanoTime() < deadline) {
            answer = queryRate(hostDriver);
        }
        assertThat(answer).isEqualTo("rate 0mbit 0mbit");
        assertThat(Keepers.of(hostDriver.toHandle())).isEmpty();
    }

    @Test
    void rulesStayWhileTheirLeaseIsRenewed() throws Exception {
        startHostDriver(SHORT);
        assertThat(Keepers.ended(keepers, SHORT.plusSeconds(1))).isFalse();
        assertThat(hosts.rules(hosts.source)).contains("htb 4757:", "gw-ifb-eth0", "ingress");
        assertThat(queryRate(hostDriver)).isEqualTo("rate 600mbit 600mbit");
    }

    @Test
    void theNextHostDriverRemovesWhatADeadOneAndItsKeepersLeft() throws Exception {
        startHostDriver(LONG);
        keepers.forEach(keeper -> {
            // The keeper first: it would remove the rules when the process that it waits for ends.
            List<ProcessHandle> below = keeper.descendants().toList();
            keeper.destroyForcibly();
            below.forEach(ProcessHandle::destroyForcibly);
        });
        hostDriver.destroyForcibly().waitFor();
        assertThat(hosts.rules(hosts.source)).contains("htb 4757:", "gw-ifb-eth0", "ingress");

        try (TrafficControl next = control(hosts.source)) {
            assertThat(next.support().reason()).isEmpty();
            assertThat(hosts.rules(hosts.source)).isEqualTo(before);
        }
    }

    @Test
    void theNextHostDriverRemovesRulesWithoutALease() throws Exception {
        NicQdiscs.Link link = new NicQdiscs.Link(Optional.of(GIGABIT), Optional.of(GIGABIT), false);
        for (AttachPoint point : List.of(
                NicQdiscs.read(hosts.command(hosts.source), TwoHosts.NIC).attachPoint(Direction.EGRESS, link),
                AttachPoint.inbound(TwoHosts.NIC, GIGABIT, GIGABIT))) {
            for (String line : point.attach()) {
                TwoHosts.run(hosts.command(hosts.source), line);
            }
        }
        try (TrafficControl next = control(hosts.source)) {
            assertThat(next.support().reason()).isEmpty();
            assertThat(hosts.rules(hosts.source)).isEqualTo(before);
        }
    }

    @Test
    void theKeeperOfAStoppedHostDriverKeepsTheRulesOfItsSuccessor() throws Exception {
        startHostDriver(SHORT);
        signal(hostDriver, "STOP");
        try (TrafficControl next = control(hosts.source);
                Reservation reservation =
                        next.reserve(TwoHosts.flow("next", Direction.EGRESS, 49152), Bandwidth.parse("500mbit"))) {
            String rules = hosts.rules(hosts.source);
            assertThat(rules).contains("htb 4757:");
            assertThat(Keepers.ended(keepers, SHORT.plusSeconds(5))).isTrue();
            signal(hostDriver, "CONT");
            hostDriver.getOutputStream().close();
            hostDriver.waitFor();
            assertThat(hosts.rules(hosts.source)).isEqualTo(rules);
            assertThat(reservation.rate()).isEqualTo(Bandwidth.parse("500mbit"));
        }
        assertThat(hosts.rules(hosts.source)).isEqualTo(before);
    }

    private TrafficControl control(String host) {
        return new LinuxTrafficControl(TwoHosts.settings(TwoHosts.NIC, state, LONG), hosts.command(host));
    }

    private void startHostDriver(Duration lease) throws Exception {
        hostDriver = hosts.start(
                hosts.source,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReservingHostDriver.class.getName(),
                        state.toString(),
                        Long.toString(lease.toSeconds())));
        assertThat(TwoHosts.awaitLine(hostDriver, "reserved")).isEqualTo("reserved 600mbit 600mbit");
        keepers = Keepers.of(hostDriver.toHandle());
        assertThat(keepers).hasSize(2);
    }

    private static String queryRate(Process hostDriver) throws Exception {
        OutputStream stdin = hostDriver.getOutputStream();
        stdin.write("rate?\n".getBytes(StandardCharsets.UTF_8));
        stdin.flush();
        return TwoHosts.awaitLine(hostDriver, "rate ");
    }

    private static void signal(Process process, String name) throws IOException {
        TwoHosts.run(new Command(List.of(), Duration.ofSeconds(5)), "kill -%s %d".formatted(name, process.pid()));
    }
}
