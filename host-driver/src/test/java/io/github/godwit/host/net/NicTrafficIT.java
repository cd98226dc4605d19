package io.github.godwit.host.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.godwit.host.load.MigrationTraffic;
import io.github.godwit.host.load.QemuSockets;
import io.github.godwit.host.nic.MigrationRoute;
import io.github.godwit.host.nic.NetDevices;
import io.github.godwit.host.nic.NetworkTracker;
import io.github.godwit.host.nic.NetworkTracker.Counters;
import io.github.godwit.host.nic.OutgoingNic;
import io.github.godwit.host.nic.PeerAddress;
import io.github.godwit.host.nic.RouteLookup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real devices, routes and traffic between two network namespaces: which NIC a migration leaves by, and what its counters show. */
@Timeout(60)
class NicTrafficIT {

    private static final int SENT_MEGABITS = 40;
    private static final int SAMPLES = 5;

    /** Sends 1000 frames of 1000 bytes out of a VM: what it writes to the device of its NIC. */
    private static final String GUEST = """
            import fcntl, os, stat, struct, sys
            name = sys.argv[1]
            frame = b'\\xff' * 6 + b'\\x02\\0\\0\\0\\0\\x09' + b'\\x88\\xb5' + b'x' * 986
            taps = '/sys/class/net/%s/macvtap' % name
            if os.path.isdir(taps):
                tap = os.listdir(taps)[0]
                number = os.makedev(*map(int, open('%s/%s/dev' % (taps, tap)).read().split(':')))
                node = sys.argv[2]
                os.mknod(node, 0o600 | stat.S_IFCHR, number)
                device = os.open(node, os.O_RDWR)
                os.unlink(node)
                frame = b'\\0' * 10 + frame
            else:
                device = os.open('/dev/net/tun', os.O_RDWR)
                fcntl.ioctl(device, 0x400454ca, struct.pack('16sH', name.encode(), 0x1002))
            for _ in range(1000):
                os.write(device, frame)
            print('sent', flush=True)
            sys.stdin.read()
            """;

    private int nextPort = 5201;
    private TwoHosts hosts;
    private NetDevices devices;
    private NetworkTracker tracker;

    @BeforeEach
    void joinHosts() throws IOException {
        hosts = new TwoHosts();
        // The view of a process inside of the source's namespace.
        Process inside = hosts.start(hosts.source, List.of("cat"));
        Path sysfs = Path.of("/proc", Long.toString(inside.pid()), "root/sys");
        assertThat(Keepers.becomesTrue(
                        () -> new NetDevices(sysfs).all().contains(TwoHosts.NIC)
                                && new NetDevices(sysfs).all().size() == 2,
                        Duration.ofSeconds(10)))
                .isTrue();
        devices = new NetDevices(sysfs);
        tracker = new NetworkTracker(sysfs, Duration.ofDays(1), System::nanoTime);
    }

    @AfterEach
    void removeHosts() throws IOException {
        tracker.close();
        hosts.close();
    }

    @Test
    void aMigrationThroughABridgeLeavesByItsPortAndNotByTheNicThatTheOperatorNamed() throws Exception {
        link("eth1");
        source("ip link add br0 type bridge");
        source("ip link set br0 up");
        source("ip link set eth1 master br0");
        source("ip tuntap add tap0 mode tap");
        source("ip link set tap0 master br0");
        addresses("br0", "eth1", 78);

        MigrationRoute route = route("eth0");
        OutgoingNic bridge = new OutgoingNic("br0", List.of("eth1"));
        assertThat(nic(route, "10.78.0.2")).contains(bridge);
        assertThat(nic(route, "fd00:78::2")).contains(bridge);
        assertThat(nic(route, TwoHosts.DESTINATION_ADDRESS)).contains(new OutgoingNic("eth0", List.of("eth0")));
        assertThat(nic(route, TwoHosts.SOURCE_ADDRESS)).isEmpty();
        // There is no route to it.
        assertThat(nic(route, "203.0.113.1")).contains(new OutgoingNic("eth0", List.of("eth0")));

        assertCarries(List.of("eth1"), "10.78.0.2");
        assertCarries(List.of("eth1"), "fd00:78::2");
        assertThat(tracker.traffic("eth0").out().megabits()).isLessThan(1);
    }

    @Test
    void aHostRouteDecides() throws Exception {
        link("eth1");
        addresses("eth1", "eth1", 78);
        source("ip route add 10.80.0.2 via " + TwoHosts.DESTINATION_ADDRESS);
        assertThat(nic(route(null), "10.80.0.2")).map(OutgoingNic::device).contains("eth0");
        source("ip route change 10.80.0.2 via 10.78.0.2");
        assertThat(nic(route(null), "10.80.0.2")).map(OutgoingNic::device).contains("eth1");
    }

    @Test
    void aMacvlanIsCarriedByTheNicBelowIt() throws Exception {
        link("eth1");
        stacked("ip link add link eth1 name mac0 type macvlan mode bridge");
        source("ip link set mac0 up");
        addresses("mac0", "eth1", 78);
        assertThat(nic(route("eth0"), "10.78.0.2")).contains(new OutgoingNic("mac0", List.of("eth1")));
        assertCarries(List.of("eth1"), "10.78.0.2");
    }

    @Test
    void whatAVmSendsThroughATapIsItsOutboundTraffic() throws Exception {
        source("ip tuntap add tap0 mode tap");
        source("ip link set tap0 up");
        assertThat(sentByGuest("tap0")).isEqualTo(1_000_000);
    }

    @Test
    void whatAVmSendsThroughAMacvtapIsItsOutboundTraffic() throws Exception {
        link("eth1");
        stacked("ip link add link eth1 name macvtap0 type macvtap mode bridge");
        source("ip link set macvtap0 up");
        // The kernel has sent a few packets of IPv6 itself.
        assertThat(sentByGuest("macvtap0")).isBetween(1_000_000L, 1_010_000L);
    }

    /** Bytes out, while next to nothing comes in. */
    private long sentByGuest(String tap) throws Exception {
        Process guest =
                hosts.start(hosts.source, List.of("python3", "-c", GUEST, tap, "/tmp/godwit-tap-" + hosts.source));
        TwoHosts.awaitLine(guest, "sent");
        tracker.sample();
        Counters counters = tracker.vmCounters(List.of(tap)).orElseThrow();
        assertThat(counters.in()).isLessThan(10_000);
        return counters.out();
    }

    /** Sends at a rate that is known, and compares the mean of four seconds. */
    private void assertCarries(List<String> carriers, String address) throws Exception {
        // The one before may still end.
        String port = Integer.toString(nextPort++);
        Process server = hosts.start(hosts.destination, List.of("iperf3", "-s", "-1", "--forceflush", "-p", port));
        TwoHosts.awaitLine(server, "Server listening");
        Process client = hosts.start(
                hosts.source,
                List.of(
                        "iperf3",
                        "-c",
                        address,
                        "-p",
                        port,
                        "-b",
                        SENT_MEGABITS + "M",
                        "-t",
                        Integer.toString(SAMPLES + 1),
                        "-i",
                        "1",
                        "--forceflush"));
        // It stands for a QEMU that migrates.
        MigrationTraffic migrations = new MigrationTraffic(
                () -> Set.of(client.pid()), new QemuSockets(Path.of("/proc"), hosts.command(hosts.source)::output));
        for (int sample = 0; sample < SAMPLES; sample++) {
            TwoHosts.awaitLine(client, "Mbits/sec");
            tracker.sample();
            migrations.sample();
        }
        // Headers of TCP and IP are 3 to 6 % on top.
        assertThat(tracker.traffic(carriers).out().megabits()).isBetween(SENT_MEGABITS * 0.85, SENT_MEGABITS * 1.2);
        assertThat(tracker.traffic(carriers).in().megabits()).isLessThan(SENT_MEGABITS * 0.1);
        assertThat(migrations.get().orElseThrow().out().megabits())
                .isBetween(SENT_MEGABITS * 0.85, SENT_MEGABITS * 1.15);
    }

    private MigrationRoute route(String given) {
        return new MigrationRoute(devices, Optional.ofNullable(given), Optional.empty(), lookup());
    }

    private RouteLookup lookup() {
        return new RouteLookup(hosts.command(hosts.source)::output);
    }

    private static Optional<OutgoingNic> nic(MigrationRoute route, String peer) {
        return route.nicTo(PeerAddress.find(peer).orElseThrow());
    }

    /** Joins the hosts by another pair of veths of this name. */
    private void link(String name) throws IOException {
        TwoHosts.run(
                new Command(List.of(), Duration.ofSeconds(15)),
                "ip link add %s netns %s type veth peer name %s netns %s"
                        .formatted(name, hosts.source, name, hosts.destination));
        source("ip link set %s up".formatted(name));
        TwoHosts.run(hosts.command(hosts.destination), "ip link set %s up".formatted(name));
    }

    private void addresses(String here, String there, int network) throws IOException {
        source("ip addr add 10.%d.0.1/24 dev %s".formatted(network, here));
        source("ip -6 addr add fd00:%d::1/64 dev %s nodad".formatted(network, here));
        Command destination = hosts.command(hosts.destination);
        TwoHosts.run(destination, "ip addr add 10.%d.0.2/24 dev %s".formatted(network, there));
        TwoHosts.run(destination, "ip -6 addr add fd00:%d::2/64 dev %s nodad".formatted(network, there));
    }

    private void source(String line) throws IOException {
        TwoHosts.run(hosts.command(hosts.source), line);
    }

    /** Adds a device of a kind that this kernel may lack. */
    private void stacked(String line) throws IOException {
        Command.Result result = hosts.command(hosts.source).run(List.of(line.split(" ")), "");
        assumeTrue(result.exitCode() == 0, () -> line + ": " + result.errorLine());
    }
}
