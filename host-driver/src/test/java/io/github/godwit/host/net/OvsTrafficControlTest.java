package io.github.godwit.host.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.host.net.TrafficControl.Reservation;
import io.github.godwit.host.net.TrafficControl.Share;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The rows that ovs-vsctl writes for reservations on a link of 1 Gbit/s, held to what Open vSwitch's database accepts. */
@Timeout(60)
class OvsTrafficControlTest {

    private static final Bandwidth GIGABIT = Bandwidth.parse("1gbit");

    @TempDir
    Path directory;

    private Path database;
    private Command command;

    @BeforeEach
    void installOvs() throws IOException {
        database = directory.resolve("ovs.json");
        switchWith("", null);
        Path fake = directory.resolve("fake-ovs.py");
        try (InputStream script = OvsTrafficControlTest.class.getResourceAsStream("fake-ovs.py")) {
            Files.copy(script, fake);
        }
        Path bin = Files.createDirectory(directory.resolve("bin"));
        for (String program : List.of("ovs-vsctl", "ovs-ofctl")) {
            Path file = Files.writeString(
                    bin.resolve(program),
                    "#!/bin/sh\nexec python3 -IS %s %s %s \"$@\"\n".formatted(fake, program, database));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        command = new Command(List.of("env", "PATH=" + bin + ":" + System.getenv("PATH")), Duration.ofSeconds(15));
    }

    /** A bridge with this type of datapath, whose port eth0 has an operator's QoS or none. */
    private void switchWith(String datapath, String qos) throws IOException {
        Files.writeString(database, """
                {"bridge": {"b": {"name": "br-ex", "datapath_type": "%s"}}, "queue": {}, "flow": [],
                 "port": {"p": {"name": "eth0", "qos": %s}}, "qos": %s}""".formatted(
                        datapath,
                        qos == null ? "null" : "\"" + qos + "\"",
                        qos == null ? "{}" : "{\"%s\": {\"type\": \"linux-htb\"}}".formatted(qos)));
    }

    private TrafficControl control() {
        return OvsTrafficControl.ofNic(settings("eth0"), command).orElseThrow();
    }

    private LinuxTrafficControl.Settings settings(String nic) {
        return new LinuxTrafficControl.Settings(
                new LinkSpeed(directory.resolve("sys"), nic, Optional.of(GIGABIT)),
                false,
                PortRange.LIBVIRT,
                directory.resolve("state"),
                Duration.ofSeconds(30));
    }

    private static Flow flow(int port) {
        return new Flow("m" + port, Direction.EGRESS, "10.0.0.1", "10.0.0.2", PortRange.of(port));
    }

    private static Share share(String floor, String limit) {
        return new Share(Bandwidth.parse(floor), Bandwidth.parse(limit), Bandwidth.parse("250mbit"), true);
    }

    private JsonNode rows() throws IOException {
        return new ObjectMapper().readTree(database.toFile());
    }

    /** min-rate and max-rate of each queue by its number, in Mbit/s. */
    private Map<Integer, String> queues() throws IOException {
        JsonNode rows = rows();
        Map<Integer, String> rates = new TreeMap<>();
        String qos = rows.at("/port/p/qos").asText();
        rows.at("/qos/" + qos + "/queues").properties().forEach(queue -> {
            JsonNode config = rows.at("/queue/" + queue.getValue().asText() + "/other_config");
            rates.put(
                    Integer.parseInt(queue.getKey()),
                    config.path("min-rate").asLong() / 1_000_000 + "-"
                            + config.path("max-rate").asLong() / 1_000_000);
        });
        return rates;
    }

    private void assertNothingIsLeft() throws IOException {
        JsonNode rows = rows();
        assertThat(rows.at("/port/p/qos").isNull()).isTrue();
        assertThat(rows.path("qos")).isEmpty();
        assertThat(rows.path("queue")).isEmpty();
        assertThat(rows.path("flow")).isEmpty();
    }

    @Test
    void aReservationIsAQueueThatChangesAndIsRemovedWithAllRows() throws Exception {
        try (TrafficControl control = control()) {
            assertThat(control.support().available())
                    .as(control.support().reason())
                    .isTrue();
            Reservation reservation = control.reserve(flow(49_301), share("600mbit", "700mbit"));
            assertThat(queues()).containsExactlyEntriesOf(new TreeMap<>(Map.of(0, "400-0", 16, "600-700")));
            assertThat(rows().path("flow").get(0).get(1).asText())
                    .contains("nw_src=10.0.0.1,nw_dst=10.0.0.2,tp_dst=49301/0xffff,actions=set_queue:16,normal");
            assertThat(reservation.bytes()).hasValue(4500);

            reservation.adjust(share("300mbit", "900mbit"));
            assertThat(queues()).containsEntry(0, "700-0").containsEntry(16, "300-900");
            reservation.match(PortRange.of(49_302));
            assertThat(rows().path("flow")).hasSize(1);
            assertThat(rows().path("flow").get(0).get(1).asText()).contains("tp_dst=49302/0xffff");
            reservation.close();
            assertNothingIsLeft();
        }
    }

    @Test
    void theFlowOfASinglePortComesBeforeThoseOfRanges() throws Exception {
        Flow range = new Flow("range", Direction.EGRESS, "10.0.0.1", "10.0.0.2", PortRange.LIBVIRT);
        try (TrafficControl control = control()) {
            Reservation first = control.reserve(range, share("100mbit", "100mbit"));
            control.reserve(range.to(PortRange.of(49_160)), share("100mbit", "100mbit"));
            assertThat(priorities()).containsExactly(0x4757, 0x4758);
            first.match(PortRange.of(49_161));
            assertThat(priorities()).containsExactly(0x4758, 0x4758);
        }
        assertNothingIsLeft();
    }

    /** Of the flows in the order in which they were added; Open vSwitch asks the highest first. */
    private List<Integer> priorities() throws IOException {
        List<Integer> found = new ArrayList<>();
        for (JsonNode flow : rows().path("flow")) {
            found.add(Integer.valueOf(flow.get(1).asText().replaceAll(".*priority=(\\d+).*", "$1")));
        }
        return found;
    }

    @Test
    void severalDivideTheLinkAndOneThatEndsLeavesTheOthers() throws Exception {
        try (TrafficControl control = control()) {
            Reservation first = control.reserve(flow(49_301), share("750mbit", "750mbit"));
            Reservation second = control.reserve(flow(49_302), share("750mbit", "750mbit"));
            // 1000 − 250 for other traffic, divided by two.
            assertThat(queues())
                    .containsEntry(0, "250-0")
                    .containsEntry(16, "375-750")
                    .containsEntry(17, "375-750");
            first.close();
            assertThat(queues()).containsOnlyKeys(0, 17).containsEntry(0, "625-0");
            assertThat(rows().path("flow")).hasSize(1);
            assertThat(second.rate()).isEqualTo(Bandwidth.parse("375mbit"));
        }
        assertNothingIsLeft();
    }

    @Test
    void theNextHostDriverRemovesWhatAKilledOneLeft() throws Exception {
        TrafficControl killed = control();
        Reservation left = killed.reserve(flow(49_301), share("600mbit", "700mbit"));
        assertThat(left.rate()).isEqualTo(Bandwidth.parse("600mbit"));
        try (TrafficControl next = control()) {
            assertNothingIsLeft();
            assertThat(next.support().available()).isTrue();
        }
        killed.close();
    }

    @Test
    void theKeeperRemovesTheRowsWhenItsHostDriverEnds() throws Exception {
        try (TrafficControl control = control()) {
            Reservation reservation = control.reserve(flow(49_301), share("600mbit", "700mbit"));
            assertThat(reservation.rate()).isEqualTo(Bandwidth.parse("600mbit"));
            Path lease = directory.resolve("state/lease-eth0-egress");
            String instance = Files.readString(lease).split(" ", -1)[0];
            Command.Result keeper = command.run(
                    List.of(
                            "sh",
                            directory.resolve("state/lease.sh").toString(),
                            "keep",
                            lease.toString(),
                            instance,
                            "5"),
                    "");
            assertThat(keeper.exitCode()).as(keeper.error()).isZero();
            assertNothingIsLeft();
        }
    }

    @Test
    void anOperatorsQosIsLeftAsItIs() throws Exception {
        switchWith("system", "theirs");
        try (TrafficControl control = control()) {
            assertThat(control.support().reason()).contains("has an operator's QoS, which is left as it is");
            assertThatThrownBy(() -> control.reserve(flow(49_301), share("600mbit", "700mbit")))
                    .hasMessageContaining("operator's QoS");
        }
        assertThat(rows().at("/port/p/qos").asText()).isEqualTo("theirs");
        assertThat(rows().path("qos")).hasSize(1);
    }

    @Test
    void theUserspaceDatapathHasNoFloor() throws Exception {
        switchWith("netdev", null);
        try (TrafficControl control = control()) {
            assertThat(control.support().available()).isFalse();
            assertThat(control.support().reason()).contains("userspace datapath", "no floor");
        }
        assertNothingIsLeft();
    }

    @Test
    void nothingIsReservedInbound() throws Exception {
        try (TrafficControl control = control()) {
            assertThat(control.support().inbound()).contains("queues outbound traffic only");
            Flow inbound = new Flow("m", Direction.INGRESS, "10.0.0.1", "10.0.0.2", PortRange.of(1));
            assertThatThrownBy(() -> control.reserve(inbound, share("1mbit", "2mbit")))
                    .hasMessageContaining("queues outbound traffic only");
        }
    }

    @Test
    void aNicThatIsNoPortIsLeftToTheKernel() {
        assertThat(OvsTrafficControl.ofNic(settings("eth1"), command)).isEmpty();
        assertThat(OvsTrafficControl.ofNic(
                        settings("eth0"), new Command(List.of("env", "PATH=/nowhere"), Duration.ofSeconds(5))))
                .isEmpty();
    }
}
