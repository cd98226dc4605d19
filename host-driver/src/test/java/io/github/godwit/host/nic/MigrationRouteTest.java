package io.github.godwit.host.nic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationRouteTest {

    private static final InetAddress PEER = address("10.0.0.2");
    private static final InetAddress PEER6 = address("fd00::2");

    @TempDir
    Path sysfs;

    /** The output of {@code ip} by the last argument. */
    private final Map<String, String> answers = new HashMap<>();

    private final List<List<String>> asked = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private SysfsTree tree;

    @BeforeEach
    void twoNics() throws IOException {
        tree = new SysfsTree(sysfs)
                .hardware("eth0", "10000")
                .hardware("eth1", "25000")
                .over("eth1.100", "eth1");
    }

    @Test
    void theNicToAPeerIsTheOneThatTheKernelRoutesTo() {
        routed(PEER, "eth1.100");
        assertThat(route("eth0").nicTo(PEER)).contains(new OutgoingNic("eth1.100", List.of("eth1")));
        assertThat(asked).containsExactly(List.of("ip", "-j", "-4", "route", "get", "10.0.0.2"));
    }

    @Test
    void anIpv6PeerIsAskedForInItsFamily() {
        routed(PEER6, "eth0");
        assertThat(route(null).nicTo(PEER6)).contains(new OutgoingNic("eth0", List.of("eth0")));
        assertThat(asked.get(0)).startsWith("ip", "-j", "-6", "route", "get");
    }

    @Test
    void theRouteIsAskedForAgainAfterTenSecondsAndAChangeIsNoticed() {
        routed(PEER, "eth0");
        MigrationRoute route = route(null);
        assertThat(route.nicTo(PEER)).map(OutgoingNic::device).contains("eth0");
        routed(PEER, "eth1");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(9));
        assertThat(route.nicTo(PEER)).map(OutgoingNic::device).contains("eth0");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(route.nicTo(PEER)).map(OutgoingNic::device).contains("eth1");
        assertThat(asked).hasSize(2);
    }

    @Test
    void theOperatorsNicStandsForAVlanOfItsOwnWire() {
        routed(PEER, "eth1.100");
        assertThat(route("eth1").nicTo(PEER)).contains(new OutgoingNic("eth1", List.of("eth1")));
    }

    @Test
    void theOperatorsNicStandsForAPortOfOpenVSwitchButNotForAVeth() throws IOException {
        tree.other("br-ex").other("veth1");
        answers.put("br-ex", "[{\"linkinfo\":{\"info_kind\":\"openvswitch\"}}]");
        answers.put("veth1", "[{\"linkinfo\":{\"info_kind\":\"veth\"}}]");
        routed(PEER, "br-ex");
        routed(PEER6, "veth1");
        MigrationRoute route = route("eth0");
        assertThat(route.nicTo(PEER)).map(OutgoingNic::device).contains("eth0");
        assertThat(route.nicTo(PEER6)).map(OutgoingNic::device).contains("veth1");
        assertThat(route(null).nicTo(PEER)).map(OutgoingNic::device).contains("br-ex");
    }

    @Test
    void nothingLeavesTheHostOnTheWayToItself() {
        answers.put("10.0.0.2", "[{\"type\":\"local\",\"dst\":\"10.0.0.2\",\"dev\":\"lo\",\"flags\":[]}]");
        assertThat(route("eth0").nicTo(PEER)).isEmpty();
    }

    @Test
    void withoutARouteTheUsualNicHolds() {
        assertThat(route("eth0").nicTo(PEER)).map(OutgoingNic::device).contains("eth0");
        assertThat(route(null).nicTo(PEER)).isEmpty();
        answers.put("10.0.0.2", "RTNETLINK answers: no JSON");
        assertThat(route("eth0").nicTo(PEER)).map(OutgoingNic::device).contains("eth0");
    }

    @Test
    void theUsualNicIsTheOneWithTheAddressUnlessThatIsOfTheLoopbackDevice() {
        assertThat(new MigrationRoute(tree.devices(), Optional.empty(), Optional.of(address("127.0.0.1")), lookup())
                        .nic())
                .isEmpty();
        assertThat(route("eth1.100").nic()).contains(new OutgoingNic("eth1.100", List.of("eth1")));
    }

    @Test
    void theKnownNicsAreTheUsualOneAndThoseToPeers() {
        routed(PEER, "eth1");
        MigrationRoute route = route("eth0");
        route.nicTo(PEER);
        assertThat(route.known()).extracting(OutgoingNic::device).containsExactly("eth0", "eth1");
        routed(PEER, "eth1.100");
        MigrationRoute stacked = route("eth0");
        stacked.nicTo(PEER);
        assertThat(stacked.carriers()).containsExactly("eth0", "eth1");
    }

    private MigrationRoute route(String given) {
        return new MigrationRoute(tree.devices(), Optional.ofNullable(given), Optional.empty(), lookup(), nanos::get);
    }

    private RouteLookup lookup() {
        return new RouteLookup(words -> {
            asked.add(words);
            String answer = answers.get(words.get(words.size() - 1));
            if (answer == null) {
                throw new IOException("RTNETLINK answers: Network is unreachable");
            }
            return answer;
        });
    }

    private void routed(InetAddress peer, String device) {
        answers.put(
                peer.getHostAddress(),
                "[{\"dst\":\"%s\",\"gateway\":\"10.9.9.9\",\"dev\":\"%s\",\"flags\":[],\"uid\":0,\"cache\":[]}]"
                        .formatted(peer.getHostAddress(), device));
    }

    private static InetAddress address(String text) {
        return PeerAddress.find(text).orElseThrow();
    }
}
