package io.github.godwit.host.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.host.net.TrafficControl.Reservation;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real reservations between two network namespaces, with real TCP traffic through them. */
@Timeout(60)
class LinuxTrafficControlIT {

    private static final int MEASUREMENTS = 4;
    private static final int MIGRATION = 49152;
    private static final int APPLICATION = 5201;
    private static final Bandwidth GIGABIT = Bandwidth.parse("1gbit");
    private static final Bandwidth RESERVED = Bandwidth.parse("600mbit");

    @TempDir
    Path state;

    private TwoHosts hosts;

    @BeforeEach
    void joinHosts() throws IOException {
        hosts = new TwoHosts().limitedTo("1gbit");
    }

    @AfterEach
    void removeHosts() throws IOException {
        hosts.close();
    }

    @Test
    void aReservationBelowTheLimiterHoldsAgainstGreedyTrafficAndLeavesTheLimiterAsItWas() throws Exception {
        String before = hosts.rules(hosts.source);
        try (TrafficControl control = control(hosts.source);
                Reservation reservation = control.reserve(TwoHosts.flow("m1", Direction.EGRESS, MIGRATION), RESERVED)) {
            assertThat(control.support().reason()).isEmpty();
            assertThat(reservation.rate()).isEqualTo(RESERVED);

            // 600 Mbit/s on the wire carry 600·1448/1514 = 574 Mbit/s of TCP payload, the remaining 400 carry 383.
            assertMigrationHasItsShare();

            // The application borrows what the migration does not use.
            assertApplicationHasTheLink();
        }
        assertThat(hosts.rules(hosts.source)).isEqualTo(before);
        assertApplicationHasTheLink();
    }

    @Test
    void aTreeDoesNotLimitOtherTrafficWhateverTheOperatorSaysAboutTheLink() throws Exception {
        unlimited();
        // As on a NIC of 10 Gbit/s for which the operator gave --link 100mbit.
        AttachPoint point = AttachPoint.root(TwoHosts.NIC, Bandwidth.parse("100mbit"));
        for (String line : point.attach()) {
            TwoHosts.run(hosts.command(hosts.source), line);
        }
        assertApplicationHasTheLink();
    }

    @Test
    void aDeviceWithoutAQueueGetsOneForTheTimeOfAReservation() throws Exception {
        unlimited();
        String before = hosts.rules(hosts.source);
        try (TrafficControl control = control(hosts.source)) {
            assertThat(control.support().available()).isTrue();
            try (Reservation held = control.reserve(TwoHosts.flow("m1", Direction.EGRESS, MIGRATION), RESERVED)) {
                assertThat(held.rate()).isEqualTo(RESERVED);
                assertThat(hosts.rules(hosts.source)).contains("htb 4757:").doesNotContain("noqueue 0: root");
            }
        }
        assertThat(hosts.rules(hosts.source)).isEqualTo(before);
    }

    @Test
    void aReservationHoldsForIpv6AndCountsItsBytes() throws Exception {
        String[] addresses = {"fd00:77::1", "fd00:77::2"};
        TwoHosts.run(hosts.command(hosts.source), "ip -6 addr add fd00:77::1/64 dev eth0 nodad");
        TwoHosts.run(hosts.command(hosts.destination), "ip -6 addr add fd00:77::2/64 dev eth0 nodad");
        Flow flow = new Flow("m1", Direction.EGRESS, addresses[0], addresses[1], PortRange.of(MIGRATION));
        try (TrafficControl control = control(hosts.source);
                Reservation reservation = control.reserve(flow, RESERVED)) {
            assertThat(reservation.bytes()).hasValue(0);
            List<Map<Integer, Double>> measured = new ArrayList<>();
            do {
                measured.add(hosts.greedyTcp(addresses[1], MIGRATION, APPLICATION));
            } while (measured.size() < MEASUREMENTS
                    && !within(measured.get(measured.size() - 1).get(MIGRATION), 520, 640));
            assertThat(within(measured.get(measured.size() - 1).get(MIGRATION), 520, 640))
                    .as("Mbit/s: %s", measured)
                    .isTrue();
            assertThat(reservation.bytes().getAsLong()).isGreaterThan(1_000_000);
            assertThat(reservation.unmatched(1_000_000)).isEmpty();
        }
    }

    @Test
    void aReservationThatMatchesNothingIsReportedAndHoldsTheMigrationBackInNoWay() throws Exception {
        try (TrafficControl control = control(hosts.source);
                Reservation reservation =
                        control.reserve(TwoHosts.flow("m1", Direction.EGRESS, MIGRATION + 1), RESERVED)) {
            assertRates(rates -> rates.get(MIGRATION) > 800, MIGRATION);
            assertThat(reservation.unmatched(100_000_000).orElseThrow())
                    .contains("matched nothing of the 100000000 bytes", "migration_port_min");
        }
    }

    @Test
    void aTreeThatAnOperatorReplacesIsGivenUpAndNeverReverted() throws Exception {
        Command source = hosts.command(hosts.source);
        try (TrafficControl control =
                        new LinuxTrafficControl(TwoHosts.settings(TwoHosts.NIC, state, Duration.ofSeconds(1)), source);
                Reservation reservation = control.reserve(TwoHosts.flow("m1", Direction.EGRESS, MIGRATION), RESERVED)) {
            TwoHosts.run(source, "tc qdisc replace dev eth0 root handle 5: tbf rate 2gbit burst 256kb latency 50ms");
            String changed = hosts.rules(hosts.source);
            assertThat(Keepers.becomesTrue(() -> reservation.rate().equals(Bandwidth.ZERO), Duration.ofSeconds(10)))
                    .isTrue();
            assertThat(hosts.rules(hosts.source)).isEqualTo(changed);
        }
        assertThat(hosts.rules(hosts.source)).contains("tbf 5:").contains("rate 2Gbit");
    }

    @Test
    void aLimiterThatAnOperatorChangesKeepsItsNewRateAfterTheReservation() throws Exception {
        Command source = hosts.command(hosts.source);
        try (TrafficControl control = control(hosts.source);
                Reservation reservation = control.reserve(TwoHosts.flow("m1", Direction.EGRESS, MIGRATION), RESERVED)) {
            String handle = TwoHosts.run(source, "tc qdisc show dev eth0 root").split(" ", -1)[2];
            TwoHosts.run(
                    source,
                    "tc qdisc change dev eth0 root handle %s tbf rate 2gbit burst 256kb latency 50ms"
                            .formatted(handle));
            assertThat(reservation.rate()).isEqualTo(RESERVED);
        }
        assertThat(TwoHosts.run(source, "tc qdisc show dev eth0"))
                .contains("rate 2Gbit")
                .doesNotContain("htb");
        assertApplicationHasTheLink();
    }

    @Test
    void filtersThatSomebodyElseAddsToTheIngressQdiscStay() throws Exception {
        Command source = hosts.command(hosts.source);
        String theirs =
                "tc filter add dev eth0 parent ffff: protocol ip pref 9 u32 match ip src 10.9.9.9/32 flowid 1:1";
        try (TrafficControl control = control(hosts.source);
                Reservation reservation =
                        control.reserve(TwoHosts.flow("m1", Direction.INGRESS, MIGRATION), RESERVED)) {
            assertThat(reservation.rate()).isEqualTo(RESERVED);
            TwoHosts.run(source, theirs);
        }
        assertThat(TwoHosts.run(source, "tc filter show dev eth0 ingress"))
                .contains("pref 9")
                .doesNotContain("mirred");
        assertThat(TwoHosts.run(source, "ip -br link")).doesNotContain("gw-ifb");
    }

    @Test
    void aReservationAtTheDestinationHoldsAgainstOtherInboundTraffic() throws Exception {
        String before = hosts.rules(hosts.destination);
        try (TrafficControl control = control(hosts.destination);
                Reservation reservation =
                        control.reserve(TwoHosts.flow("m1", Direction.INGRESS, MIGRATION), RESERVED)) {
            assertThat(reservation.rate()).isEqualTo(RESERVED);
            assertMigrationHasItsShare();
        }
        assertThat(hosts.rules(hosts.destination)).isEqualTo(before);
    }

    @Test
    void severalReservationsShareTheTreeAndTheLastOneRemovesIt() throws Exception {
        String before = hosts.rules(hosts.source);
        try (TrafficControl control = control(hosts.source)) {
            Reservation first =
                    control.reserve(TwoHosts.flow("m1", Direction.EGRESS, MIGRATION), Bandwidth.parse("300mbit"));
            Reservation second =
                    control.reserve(TwoHosts.flow("m2", Direction.EGRESS, MIGRATION + 1), Bandwidth.parse("400mbit"));
            Reservation inbound = control.reserve(TwoHosts.flow("m3", Direction.INGRESS, MIGRATION), RESERVED);
            assertThat(rates(TwoHosts.NIC))
                    .contains("4757:2 ", "ceil 4Tbit", "4757:10 ", "rate 300Mbit", "4757:11 ", "rate 400Mbit");
            // Inbound, 97 % of 1 Gbit/s are divided: 970 − 600 = 370 for other traffic.
            assertThat(rates("gw-ifb-eth0")).contains("rate 600Mbit", "rate 370Mbit");

            first.adjust(Bandwidth.parse("500mbit"));
            assertThat(first.rate()).isEqualTo(Bandwidth.parse("500mbit"));
            assertThat(rates(TwoHosts.NIC)).contains("rate 500Mbit", "rate 400Mbit");

            // 5 % of 1 Gbit/s are never reserved: 1000 − 50 − 400 = 550 is the maximum.
            first.adjust(GIGABIT);
            assertThat(first.rate()).isEqualTo(Bandwidth.parse("550mbit"));
            assertThatThrownBy(() -> control.reserve(TwoHosts.flow("m4", Direction.EGRESS, 7), RESERVED))
                    .hasMessageContaining("950mbit of 1gbit are already reserved");

            first.close();
            first.close();
            assertThat(first.rate()).isEqualTo(Bandwidth.ZERO);
            assertThat(rates(TwoHosts.NIC)).contains("rate 400Mbit").doesNotContain("4757:10 ");
            second.close();
            inbound.close();
            assertThat(hosts.rules(hosts.source)).isEqualTo(before);
        }
    }

    @Test
    void aLimitHoldsWhileItChangesAndIsLiftedWithTheReservation() throws Exception {
        try (TrafficControl control = control(hosts.source);
                Reservation reservation = control.reserve(
                        TwoHosts.flow("m1", Direction.EGRESS, MIGRATION), share("100mbit", "300mbit"))) {
            assertThat(rates(TwoHosts.NIC)).contains("rate 100Mbit ceil 300Mbit");
            assertThat(reservation.limit()).isEqualTo(Bandwidth.parse("300mbit"));
            // 300 Mbit/s on the wire carry 287 of TCP payload.
            assertRates(rates -> within(rates.get(MIGRATION), 200, 310), MIGRATION);

            reservation.adjust(share("600mbit", "700mbit"));
            assertThat(reservation.rate()).isEqualTo(RESERVED);
            assertRates(rates -> within(rates.get(MIGRATION), 520, 700), MIGRATION);
            assertMigrationHasItsShare();
        }
        assertApplicationHasTheLink();
    }

    @Test
    void thoseThatYieldDivideTheLinkEvenlyAndOtherTrafficKeepsItsPart() throws Exception {
        try (TrafficControl control = control(hosts.source)) {
            Reservation first =
                    control.reserve(TwoHosts.flow("m1", Direction.EGRESS, MIGRATION), share("750mbit", "750mbit"));
            assertThat(first.rate()).isEqualTo(Bandwidth.parse("750mbit"));
            // 1000 − 250 for other traffic, divided by two.
            Reservation second =
                    control.reserve(TwoHosts.flow("m2", Direction.EGRESS, MIGRATION + 1), share("750mbit", "750mbit"));
            assertThat(first.rate()).isEqualTo(Bandwidth.parse("375mbit"));
            assertThat(second.rate()).isEqualTo(Bandwidth.parse("375mbit"));
            first.adjust(share("750mbit", "750mbit"));
            assertThat(first.rate()).isEqualTo(Bandwidth.parse("375mbit"));
            second.close();
            first.adjust(share("750mbit", "750mbit"));
            assertThat(first.rate()).isEqualTo(Bandwidth.parse("750mbit"));
        }
    }

    @Test
    void aClassMatchesThePortThatTurnsOutToBeUsed() throws Exception {
        Flow range = new Flow(
                "m1", Direction.EGRESS, TwoHosts.SOURCE_ADDRESS, TwoHosts.DESTINATION_ADDRESS, PortRange.LIBVIRT);
        try (TrafficControl control = control(hosts.source);
                Reservation first = control.reserve(range, share("300mbit", "400mbit"))) {
            first.match(PortRange.of(MIGRATION + 1));
            try (Reservation second = control.reserve(range.to(PortRange.of(MIGRATION)), share("300mbit", "400mbit"))) {
                hosts.greedyTcp(MIGRATION);
                assertThat(first.bytes()).hasValue(0);
                assertThat(second.bytes().getAsLong()).isGreaterThan(1_000_000);
                assertThatThrownBy(() -> first.match(PortRange.of(MIGRATION)))
                        .hasMessageContaining("already has a reservation for the same flow");
            }
        }
    }

    @Test
    void thePortOfOneMigrationIsNotTakenForTheRangeOfAnEarlierOne() throws Exception {
        Flow range = new Flow(
                "m1", Direction.EGRESS, TwoHosts.SOURCE_ADDRESS, TwoHosts.DESTINATION_ADDRESS, PortRange.LIBVIRT);
        String before = hosts.rules(hosts.source);
        try (TrafficControl control = control(hosts.source);
                Reservation first = control.reserve(range, share("300mbit", "400mbit"))) {
            Reservation second = control.reserve(range.to(PortRange.of(MIGRATION)), share("300mbit", "400mbit"));
            hosts.greedyTcp(MIGRATION);
            assertThat(first.bytes()).hasValue(0);
            assertThat(second.bytes().getAsLong()).isGreaterThan(1_000_000);

            first.match(PortRange.of(MIGRATION + 1));
            hosts.greedyTcp(MIGRATION + 1);
            assertThat(first.bytes().getAsLong()).isGreaterThan(1_000_000);
            second.match(PortRange.LIBVIRT);
            second.close();
            assertThat(TwoHosts.run(hosts.command(hosts.source), "tc filter show dev eth0 parent 4757:"))
                    .contains("flowid 4757:10")
                    .doesNotContain("flowid 4757:11");
        }
        assertThat(hosts.rules(hosts.source)).isEqualTo(before);
    }

    private static TrafficControl.Share share(String floor, String limit) {
        return new TrafficControl.Share(
                Bandwidth.parse(floor), Bandwidth.parse(limit), Bandwidth.parse("250mbit"), true);
    }

    @Test
    void closingTheControlRemovesAllRulesAndEndsTheKeepers() throws Exception {
        String before = hosts.rules(hosts.source);
        TrafficControl control = control(hosts.source);
        control.reserve(TwoHosts.flow("m1", Direction.EGRESS, MIGRATION), RESERVED);
        control.reserve(TwoHosts.flow("m1", Direction.INGRESS, MIGRATION), RESERVED);
        List<ProcessHandle> keepers = Keepers.of(ProcessHandle.current());
        assertThat(keepers).hasSize(2);
        control.close();
        assertThat(hosts.rules(hosts.source)).isEqualTo(before);
        assertThat(Keepers.ended(keepers, Duration.ofSeconds(5))).isTrue();
        assertThatThrownBy(() -> control.reserve(TwoHosts.flow("m2", Direction.EGRESS, 7), RESERVED))
                .hasMessageContaining("stopping");
    }

    @Test
    void aKeeperThatWasKilledIsReplaced() throws Exception {
        try (TrafficControl control = new LinuxTrafficControl(
                TwoHosts.settings(TwoHosts.NIC, state, Duration.ofSeconds(6)), hosts.command(hosts.source))) {
            Reservation reservation = control.reserve(TwoHosts.flow("m1", Direction.EGRESS, MIGRATION), RESERVED);
            List<ProcessHandle> first = Keepers.of(ProcessHandle.current());
            first.forEach(ProcessHandle::destroyForcibly);
            assertThat(Keepers.ended(first, Duration.ofSeconds(5))).isTrue();
            assertThat(Keepers.becomesTrue(
                            () -> Keepers.of(ProcessHandle.current()).size() == 1, Duration.ofSeconds(20)))
                    .isTrue();
            assertThat(reservation.rate()).isEqualTo(RESERVED);
        }
    }

    @Test
    void aReservationThatFailsHalfwayLeavesNoRules() throws Exception {
        String before = hosts.rules(hosts.source);
        // All rules are added, then the last line is refused.
        Command failing = withTc("{ cat; echo no such line; } | %s -batch -");
        try (TrafficControl control =
                new LinuxTrafficControl(TwoHosts.settings(TwoHosts.NIC, state, Duration.ofSeconds(30)), failing)) {
            assertThat(control.support().reason()).isEmpty();
            for (Direction direction : Direction.values()) {
                assertThatThrownBy(() -> control.reserve(TwoHosts.flow("m1", direction, MIGRATION), RESERVED))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("lease-eth0-");
                assertThat(hosts.rules(hosts.source)).isEqualTo(before);
            }
        }
    }

    @Test
    void aKernelWithoutHtbIsReportedInOneSentence() throws Exception {
        Command command = withTc("%s -batch -");
        Files.writeString(
                state.resolve("bin/tc"),
                "#!/bin/sh\ncase $* in *htb*) exit 2 ;; esac\nexec %s \"$@\"\n".formatted(tc()));
        try (TrafficControl control =
                new LinuxTrafficControl(TwoHosts.settings(TwoHosts.NIC, state, Duration.ofSeconds(30)), command)) {
            assertThat(control.support().available()).isFalse();
            assertThat(control.support().reason()).isEqualTo("this kernel has no htb qdisc (module sch_htb)");
        }
    }

    @Test
    void anOperatorsOwnQdiscsAreLeftAlone() throws Exception {
        unlimited();
        assertOutbound("qdisc add dev eth0 root handle 1: htb", "an operator's htb qdisc (1:) at its root");
        assertOutbound(
                "qdisc replace dev eth0 root handle 8: tbf rate 1gbit burst 256kb latency 5ms mpu 64", "tbf (8:)");
        assertOutbound("qdisc replace dev eth0 root handle 2: tbf rate 1gbit burst 256kb latency 5ms", "");
        assertOutbound("qdisc add dev eth0 parent 2:1 handle 3: bfifo limit 100000", "tbf (2:) with a child");
    }

    @ParameterizedTest
    @ValueSource(strings = {"clsact", "handle ffff: ingress"})
    void somebodyElsesInboundQdiscLeavesOutboundReservations(String qdisc) throws Exception {
        TwoHosts.run(hosts.command(hosts.source), "tc qdisc add dev eth0 " + qdisc);
        assertOutbound("qdisc show dev eth0", "");
        String before = hosts.rules(hosts.source);
        try (TrafficControl control = control(hosts.source)) {
            assertThat(control.support().inbound()).contains("somebody else's");
            assertThatThrownBy(() -> control.reserve(TwoHosts.flow("m", Direction.INGRESS, 7), RESERVED))
                    .hasMessageContaining("somebody else's");
        }
        assertThat(hosts.rules(hosts.source)).isEqualTo(before);
    }

    @Test
    void aMissingInterfaceIsReported() {
        try (TrafficControl control =
                new LinuxTrafficControl(TwoHosts.settings("eth7", state, Duration.ofSeconds(30)))) {
            assertThat(control.support().available()).isFalse();
            assertThat(control.support().reason()).contains("eth7", "check the interface name");
        }
    }

    @Test
    void aFlowBetweenVersionsOfIpIsRefusedWithoutEndingTheMigration() {
        try (TrafficControl control = control(hosts.source)) {
            Flow flow = new Flow("m1", Direction.EGRESS, "10.77.0.1", "2001:db8::2", PortRange.of(MIGRATION));
            assertThatThrownBy(() -> control.reserve(flow, RESERVED))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("two IPv4 or two IPv6");
        }
    }

    @Test
    void aStateDirectoryThatOthersMayWriteToIsRefused() throws Exception {
        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (TrafficControl control = control(hosts.source)) {
            assertThat(control.support().reason()).contains("is writable by others");
        }
    }

    @Test
    void theKernelDoesNotWarnAboutATreeForAFastLink() throws Exception {
        unlimited();
        Command source = hosts.command(hosts.source);
        for (String rate : List.of("10gbit", "100gbit")) {
            AttachPoint point = AttachPoint.root(TwoHosts.NIC, Bandwidth.parse(rate));
            for (String line : point.attach()) {
                TwoHosts.run(source, line);
            }
            for (String line : point.removal()) {
                TwoHosts.run(source, line);
            }
        }
    }

    private TrafficControl control(String host) {
        return new LinuxTrafficControl(
                TwoHosts.settings(TwoHosts.NIC, state, LinuxTrafficControl.DEFAULT_LEASE), hosts.command(host));
    }

    private void unlimited() throws IOException {
        hosts.close();
        hosts = new TwoHosts();
    }

    /** Without a reservation both would get 480 Mbit/s. */
    private void assertMigrationHasItsShare() throws Exception {
        assertRates(
                rates -> within(rates.get(MIGRATION), 520, 640) && within(rates.get(APPLICATION), 250, 430),
                MIGRATION,
                APPLICATION);
    }

    /** A link of 1 Gbit/s carries 957 Mbit/s of TCP payload. */
    private void assertApplicationHasTheLink() throws Exception {
        assertRates(rates -> rates.get(APPLICATION) > 800, APPLICATION);
    }

    /** Repeats a measurement that fails, because a busy machine may delay the senders. */
    private void assertRates(Predicate<Map<Integer, Double>> expected, int... ports) throws Exception {
        List<Map<Integer, Double>> measured = new ArrayList<>();
        while (measured.size() < MEASUREMENTS) {
            measured.add(hosts.greedyTcp(ports));
            if (expected.test(measured.get(measured.size() - 1))) {
                return;
            }
        }
        fail("Received rates by port, in Mbit/s: %s", measured);
    }

    private static boolean within(double value, double low, double high) {
        return value >= low && value <= high;
    }

    private void assertOutbound(String before, String reason) throws IOException {
        TwoHosts.run(hosts.command(hosts.source), "tc " + before);
        String rules = hosts.rules(hosts.source);
        try (TrafficControl control = control(hosts.source)) {
            assertThat(control.support().available()).isEqualTo(reason.isEmpty());
            assertThat(control.support().reason()).contains(reason);
            if (!reason.isEmpty()) {
                assertThatThrownBy(() -> control.reserve(TwoHosts.flow("m", Direction.EGRESS, 7), RESERVED))
                        .hasMessageContaining(reason);
            }
        }
        assertThat(hosts.rules(hosts.source)).isEqualTo(rules);
    }

    private String rates(String device) throws IOException {
        return TwoHosts.run(hosts.command(hosts.source), "tc class show dev " + device);
    }

    /** Runs commands on the source host, with another program in place of {@code tc -batch}. */
    private Command withTc(String batch) throws IOException {
        Path bin = Files.createDirectories(state.resolve("bin"));
        Path fake = Files.writeString(
                bin.resolve("tc"),
                "#!/bin/sh\nif [ \"$*\" = '-batch -' ]; then %s; else exec %s \"$@\"; fi\n"
                        .formatted(batch.formatted(tc()), tc()));
        Files.setPosixFilePermissions(fake, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Command(
                List.of("ip", "netns", "exec", hosts.source, "env", "PATH=" + bin + ":" + System.getenv("PATH")),
                Duration.ofSeconds(15));
    }

    private static String tc() throws IOException {
        Command.Result found =
                new Command(List.of(), Duration.ofSeconds(5)).run(List.of("sh", "-c", "command -v tc"), "");
        return found.out().strip();
    }
}
