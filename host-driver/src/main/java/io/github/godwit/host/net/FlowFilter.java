package io.github.godwit.host.net;

import io.github.godwit.host.net.TrafficControl.Flow;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The u32 filters that find the packets of a flow, for IPv4 and IPv6. The kernel asks those for a single port before all those for ranges,
 * so that a migration whose port is known is never taken for one that may be at any port of a range.
 */
final class FlowFilter {

    /** Added to the preference of filters for ranges; above the numbers of all classes. */
    private static final int RANGES = 0x1000;

    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

    /** The parts of a filter that depend on the protocol. */
    private enum Family {
        IPV4("ip", "ip", 32),
        IPV6("ipv6", "ip6", 128);

        private final String protocol;
        private final String selector;
        private final int bits;

        Family(String protocol, String selector, int bits) {
            this.protocol = protocol;
            this.selector = selector;
            this.bits = bits;
        }
    }

    private FlowFilter() {}

    /**
     * The batch lines that direct a flow into a class, one for each pair of port and mask.
     *
     * @param device the device with the tree
     * @param handle the tree's handle
     * @param number number of the class
     */
    static List<String> lines(String device, String handle, int number, Flow flow) {
        Family family = flow.sourceAddress().contains(":") ? Family.IPV6 : Family.IPV4;
        String ip = family.selector;
        return flow.destinationPorts().matches().stream()
                .map(port ->
                        ("tc filter add dev %s parent %s protocol %s pref %d u32 match %s src %s/%d match %s dst %s/%d"
                                        + " match %s protocol 6 0xff match %s dport %s flowid %s%x")
                                .formatted(
                                        device,
                                        handle,
                                        family.protocol,
                                        preference(number, flow.destinationPorts()),
                                        ip,
                                        flow.sourceAddress(),
                                        family.bits,
                                        ip,
                                        flow.destinationAddress(),
                                        family.bits,
                                        ip,
                                        ip,
                                        port,
                                        handle,
                                        number))
                .toList();
    }

    /** The preference of the filters for these ports into a class, which no other class has; the lowest is asked first. */
    static int preference(int number, PortRange ports) {
        return ports.single() ? number : RANGES + number;
    }

    /**
     * Passes a flow that can be filtered.
     *
     * @throws IOException if its addresses are not both IPv4 or both IPv6
     */
    static void require(Flow flow) throws IOException {
        boolean four = true;
        boolean six = true;
        for (String address : List.of(flow.sourceAddress(), flow.destinationAddress())) {
            four &= IPV4.matcher(address).matches();
            six &= isIpv6(address);
        }
        if (!four && !six) {
            throw new IOException(
                    "Cannot reserve bandwidth for %s: '%s' and '%s' are not two IPv4 or two IPv6 addresses. Set --address on both hosts."
                            .formatted(flow.id(), flow.sourceAddress(), flow.destinationAddress()));
        }
    }

    private static boolean isIpv6(String address) {
        try {
            // A text with a colon is never looked up as a name.
            return IPV6.matcher(address).matches() && InetAddress.getByName(address) != null;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
