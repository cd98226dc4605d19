package io.github.godwit.lab.net;

import io.github.godwit.lab.LabName;
import io.github.godwit.model.unit.Bandwidth;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The lab's network as an ordered list of commands. Hosts are namespaces with one {@code eth0} each on a common bridge. Each host
 * has a bridge of its own, with its address, its {@code eth0} and the taps of its VMs:
 *
 * <pre>
 *  godwit-h1  taps ─ br0 ─ eth0 ──── h1 ┐
 *  godwit-h2  taps ─ br0 ─ eth0 ──── h2 ├ br0, all in godwit-wire ──── godwit-mgmt in the root namespace
 *  godwit-peer             eth0 ── peer ┘
 * </pre>
 *
 * So the traffic of VMs and migrations share a host's link. VMs and the peer, which is their client, have addresses in a subnet
 * of their own; the root namespace has none there. A host's link is shaped at both ends: {@code eth0} limits the outbound traffic, the port of the bridge limits the inbound
 * traffic. The links of the peer and of the management interface are not shaped.
 *
 * @param name   the lab
 * @param subnet its addresses
 * @param hosts  number of hosts, 2 to 16
 * @param link   shape of each host's link, and of each intermediary's
 * @param intermediaries number of machines on which pages of VMs may wait, 0 to 8; each has an {@code eth0} like the peer, but with a link
 */
public record NetworkPlan(LabName name, Subnet subnet, int hosts, LinkShape link, int intermediaries) {

    /** Interface of a host to its link. */
    public static final String HOST_INTERFACE = "eth0";

    /** Bridge of a host to which the taps of its VMs are attached; also the switch between the hosts. */
    public static final String BRIDGE = "br0";

    private static final String PEER = "peer";
    private static final int MANAGEMENT_PLACE = 1;
    private static final int PEER_PLACE = 9;
    private static final int FIRST_HOST_PLACE = 11;
    private static final int FIRST_INTERMEDIARY_PLACE = 41;
    private static final int MOST_INTERMEDIARIES = 8;

    /**
     * @throws IllegalArgumentException when the number of hosts or the rate is out of range
     */
    public NetworkPlan {
        if (hosts < 2 || hosts > 16) {
            throw new IllegalArgumentException("The number of hosts (%d) must be from 2 to 16.".formatted(hosts));
        }
        if (intermediaries < 0 || intermediaries > MOST_INTERMEDIARIES) {
            throw new IllegalArgumentException("The number of intermediaries (%d) must be from 0 to %d."
                    .formatted(intermediaries, MOST_INTERMEDIARIES));
        }
        Bandwidth rate = link.rate();
        if (rate.compareTo(Bandwidth.ofMegabits(1)) < 0 || rate.compareTo(Bandwidth.ofMegabits(40_000)) > 0) {
            throw new IllegalArgumentException("The link rate (%s) must be from 1mbit to 40gbit.".formatted(rate));
        }
    }

    /** A network without intermediaries. */
    public NetworkPlan(LabName name, Subnet subnet, int hosts, LinkShape link) {
        this(name, subnet, hosts, link, 0);
    }

    /** Names of the intermediaries: {@code i1}, {@code i2} and so on. */
    public List<String> intermediaryNames() {
        return IntStream.rangeClosed(1, intermediaries)
                .mapToObj(number -> "i" + number)
                .toList();
    }

    /** IPv4 address of an intermediary. */
    public String intermediaryAddress(String intermediary) {
        return subnet.address(FIRST_INTERMEDIARY_PLACE + intermediaryNames().indexOf(intermediary));
    }

    /** Names of the hosts: {@code h1}, {@code h2} and so on. */
    public List<String> hostNames() {
        return IntStream.rangeClosed(1, hosts).mapToObj(number -> "h" + number).toList();
    }

    /** IPv4 address of a host. */
    public String address(String host) {
        return subnet.address(FIRST_HOST_PLACE + hostNames().indexOf(host));
    }

    /** IPv4 address of the peer. */
    public String peerAddress() {
        return subnet.address(PEER_PLACE);
    }

    /** The network of the VMs: the one after that of the hosts. It exists inside the lab's namespaces only. */
    public Subnet guestSubnet() {
        return subnet.next();
    }

    /** The {@code ip} and {@code tc} commands that create the network. */
    public List<List<String>> commands() {
        List<List<String>> commands = new ArrayList<>();
        wire(commands);
        management(commands);
        for (String host : hostNames()) {
            machine(commands, host);
            bridge(commands, host);
            commands.add(link.command(name.namespace(host), HOST_INTERFACE));
            commands.add(link.command(name.wire(), host));
        }
        for (String intermediary : intermediaryNames()) {
            machine(commands, intermediary);
            address(commands, intermediary, intermediaryAddress(intermediary), HOST_INTERFACE);
            commands.add(link.command(name.namespace(intermediary), HOST_INTERFACE));
            commands.add(link.command(name.wire(), intermediary));
        }
        machine(commands, PEER);
        address(commands, PEER, peerAddress(), HOST_INTERFACE);
        address(commands, PEER, guestSubnet().address(PEER_PLACE), HOST_INTERFACE);
        return List.copyOf(commands);
    }

    /**
     * The commands that make the hosts' and the peer's connections use CUBIC, which is Linux' default for congestion control, whatever the
     * machine uses. BBR, for example, starves beside a CUBIC connection of a guest where the queue is short. It is an attribute of the route,
     * since a namespace may not choose what its machine does not list in {@code tcp_allowed_congestion_control}.
     */
    public List<List<String>> usualCongestionControl() {
        List<List<String>> commands = new ArrayList<>();
        hostNames().forEach(host -> cubic(commands, host, address(host), subnet, BRIDGE));
        intermediaryNames().forEach(each -> cubic(commands, each, intermediaryAddress(each), subnet, HOST_INTERFACE));
        cubic(commands, PEER, peerAddress(), subnet, HOST_INTERFACE);
        cubic(commands, PEER, guestSubnet().address(PEER_PLACE), guestSubnet(), HOST_INTERFACE);
        return List.copyOf(commands);
    }

    private void cubic(List<List<String>> commands, String machine, String address, Subnet network, String device) {
        commands.add(words("ip -n %s route change %s dev %s proto kernel scope link src %s congctl cubic"
                .formatted(name.namespace(machine), network, device, address)));
    }

    private void wire(List<List<String>> commands) {
        commands.add(words("ip netns add " + name.wire()));
        commands.add(words("ip -n " + name.wire() + " link add " + BRIDGE + " type bridge"));
        commands.add(words("ip -n " + name.wire() + " link set " + BRIDGE + " up"));
    }

    private void management(List<List<String>> commands) {
        String device = name.managementInterface();
        commands.add(words("ip link add " + device + " type veth peer name mgmt netns " + name.wire()));
        commands.add(words("ip -n " + name.wire() + " link set mgmt master " + BRIDGE + " up"));
        commands.add(words("ip addr add " + subnet.address(MANAGEMENT_PLACE) + "/24 dev " + device));
        commands.add(words("ip link set " + device + " up"));
    }

    private void machine(List<List<String>> commands, String machine) {
        String namespace = name.namespace(machine);
        String eth0 = HOST_INTERFACE;
        commands.add(words("ip netns add " + namespace));
        commands.add(words("ip -n " + namespace + " link set lo up"));
        commands.add(words("ip -n " + name.wire() + " link add " + machine + " type veth peer name " + eth0 + " netns "
                + namespace));
        commands.add(words("ip -n " + name.wire() + " link set " + machine + " master " + BRIDGE + " up"));
        commands.add(words("ip -n " + namespace + " link set " + eth0 + " up"));
    }

    /** The bridge has an address of its own, because otherwise it changes when a tap with a lower one is attached. */
    private void bridge(List<List<String>> commands, String host) {
        String namespace = name.namespace(host);
        String mac =
                "02:67:77:00:00:%02x".formatted(FIRST_HOST_PLACE + hostNames().indexOf(host));
        commands.add(words("ip -n " + namespace + " link add " + BRIDGE + " address " + mac + " type bridge"));
        commands.add(words("ip -n " + namespace + " link set " + HOST_INTERFACE + " master " + BRIDGE));
        address(commands, host, address(host), BRIDGE);
        commands.add(words("ip -n " + namespace + " link set " + BRIDGE + " up"));
    }

    private void address(List<List<String>> commands, String machine, String address, String device) {
        commands.add(words("ip -n " + name.namespace(machine) + " addr add " + address + "/24 dev " + device));
    }

    private static List<String> words(String command) {
        return List.of(command.split(" ", -1));
    }
}
