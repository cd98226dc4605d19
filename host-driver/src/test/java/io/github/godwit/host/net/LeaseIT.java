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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Agents that end, one way or another, while they hold reservations. */
@Timeout(60)
class LeaseIT {

    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path state;

    private TwoHosts hosts;
    private String before;
    private Process agent;
    private List<ProcessHandle> keepers = List.of();

    @BeforeEach
    void joinHosts() throws IOException {
        hosts = new TwoHosts().limitedTo("1gbit");
        before = hosts.rules(hosts.source);
    }

    @AfterEach
    void removeHosts() throws IOException {
        if (agent != null) {
            agent.destroyForcibly();
        }
        // They may be at work in the state directory still.
        boolean ended = Keepers.ended(keepers, Duration.ofSeconds(10));
        hosts.close();
        assertThat(ended).isTrue();
    }

    @Test
    void anAgentThatIsKilledLosesItsRulesAtOnce() throws Exception {
        startAgent(LONG);
        agent.destroyForcibly();
        assertThat(Keepers.ended(keepers, Duration.ofSeconds(5))).isTrue();
        assertThat(hosts.rules(hosts.source)).isEqualTo(before);
    }

    @Test
    void anAgentThatIsToldToStopLosesItsRulesAtOnce() throws Exception {
        startAgent(LONG);
        // As a service manager does it: everything in the service gets the signal.
        keepers.forEach(ProcessHandle::destroy);
        agent.destroy();
        assertThat(Keepers.ended(keepers, Duration.ofSeconds(5))).isTrue();
        assertThat(hosts.rules(hosts.source)).isEqualTo(before);
    }

    @Test
    void anAgentThatIsStoppedForLongerThanItsLeaseLosesItsRulesAndKnowsIt() throws Exception {
        startAgent(SHORT);
        signal(agent, "STOP");
        assertThat(Keepers.ended(keepers, SHORT.plusSeconds(5))).isTrue();
        assertThat(hosts.rules(hosts.source)).isEqualTo(before);

        signal(agent, "CONT");
        // The next renewal finds the leases gone; it comes within a third of the lease.
        String answer = ask(agent);
        long deadline = System.nanoTime() + SHORT.toNanos();
        while (!answer.equals("rate 0mbit 0mbit") && System.nanoTime() < deadline) {
            answer = ask(agent);
        }
        assertThat(answer).isEqualTo("rate 0mbit 0mbit");
        assertThat(Keepers.of(agent.toHandle())).isEmpty();
    }

    @Test
    void renewedLeasesOutliveTheirDuration() throws Exception {
        startAgent(SHORT);
        assertThat(Keepers.ended(keepers, SHORT.plusSeconds(1))).isFalse();
        assertThat(hosts.rules(hosts.source)).contains("htb 4757:", "gw-ifb-eth0", "ingress");
        assertThat(ask(agent)).isEqualTo("rate 600mbit 600mbit");
    }

    @Test
    void theNextAgentLiftsWhatADeadOneAndItsKeepersLeft() throws Exception {
        startAgent(LONG);
        keepers.forEach(keeper -> {
            // First the keeper: at the end of what it waits for it would lift the rules.
            List<ProcessHandle> below = keeper.descendants().toList();
            keeper.destroyForcibly();
            below.forEach(ProcessHandle::destroyForcibly);
        });
        agent.destroyForcibly().waitFor();
        assertThat(hosts.rules(hosts.source)).contains("htb 4757:", "gw-ifb-eth0", "ingress");

        try (TrafficControl next = control(hosts.source)) {
            assertThat(next.support().reason()).isEmpty();
            assertThat(hosts.rules(hosts.source)).isEqualTo(before);
        }
    }

    @Test
    void theNextAgentLiftsWhatIsLeftEvenWithoutLeases() throws Exception {
        for (AttachPoint point : List.of(
                NicQdiscs.read(hosts.command(hosts.source), TwoHosts.NIC)
                        .attachPoint(Direction.EGRESS, Bandwidth.parse("1gbit")),
                AttachPoint.inbound(TwoHosts.NIC, Bandwidth.parse("1gbit")))) {
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
    void theKeeperOfAStoppedAgentLeavesTheRulesOfItsSuccessorAlone() throws Exception {
        startAgent(SHORT);
        signal(agent, "STOP");
        try (TrafficControl next = control(hosts.source);
                Reservation reservation =
                        next.reserve(TwoHosts.flow("next", Direction.EGRESS, 49152), Bandwidth.parse("500mbit"))) {
            String rules = hosts.rules(hosts.source);
            assertThat(rules).contains("htb 4757:");
            assertThat(Keepers.ended(keepers, SHORT.plusSeconds(5))).isTrue();
            signal(agent, "CONT");
            agent.getOutputStream().close();
            agent.waitFor();
            assertThat(hosts.rules(hosts.source)).isEqualTo(rules);
            assertThat(reservation.rate()).isEqualTo(Bandwidth.parse("500mbit"));
        }
        assertThat(hosts.rules(hosts.source)).isEqualTo(before);
    }

    private TrafficControl control(String host) {
        return new LinuxTrafficControl(TwoHosts.NIC, Bandwidth.parse("1gbit"), state, LONG, hosts.command(host));
    }

    private void startAgent(Duration lease) throws Exception {
        agent = hosts.start(
                hosts.source,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReservingHostDriver.class.getName(),
                        state.toString(),
                        Long.toString(lease.toSeconds())));
        assertThat(TwoHosts.awaitLine(agent, "reserved")).isEqualTo("reserved 600mbit 600mbit");
        keepers = Keepers.of(agent.toHandle());
        assertThat(keepers).hasSize(2);
    }

    private static String ask(Process agent) throws Exception {
        OutputStream stdin = agent.getOutputStream();
        stdin.write("rate?\n".getBytes(StandardCharsets.UTF_8));
        stdin.flush();
        return TwoHosts.awaitLine(agent, "rate ");
    }

    private static void signal(Process process, String name) throws IOException {
        TwoHosts.run(new Command(List.of(), Duration.ofSeconds(5)), "kill -%s %d".formatted(name, process.pid()));
    }
}
