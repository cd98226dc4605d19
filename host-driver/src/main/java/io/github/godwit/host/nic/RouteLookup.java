package io.github.godwit.host.nic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks the kernel by which device packets to an address leave: {@code ip -j route get ADDRESS} of iproute2, which knows rules, policies and
 * tables for IPv4 and IPv6.
 *
 * @param ip runs it
 */
public record RouteLookup(Program ip) {

    /** The device to a peer, and whether the peer is this host itself. */
    record Route(String device, boolean local) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The route to a peer; empty if there is none.
     *
     * @throws IOException if {@code ip} fails, as it does for an address that is unreachable
     */
    Optional<Route> to(InetAddress peer) throws IOException {
        return parse(ip.run(words(peer)));
    }

    /**
     * Whether a device is a veth, which sysfs does not tell.
     *
     * @throws IOException if {@code ip} fails
     */
    boolean isVeth(String device) throws IOException {
        String json = ip.run(List.of("ip", "-j", "-d", "link", "show", "dev", device));
        return first(json).at("/linkinfo/info_kind").asText().equals("veth");
    }

    static List<String> words(InetAddress peer) {
        List<String> words = new ArrayList<>(List.of("ip", "-j"));
        words.addAll(List.of(peer instanceof Inet6Address ? "-6" : "-4", "route", "get"));
        words.add(peer.getHostAddress().replaceFirst("%.*", ""));
        if (peer instanceof Inet6Address six && six.getScopedInterface() != null) {
            words.addAll(List.of("oif", six.getScopedInterface().getName()));
        }
        return words;
    }

    static Optional<Route> parse(String json) throws IOException {
        JsonNode route = first(json);
        String device = route.path("dev").asText();
        return device.isEmpty()
                ? Optional.empty()
                : Optional.of(new Route(device, route.path("type").asText().equals("local")));
    }

    private static JsonNode first(String json) throws IOException {
        try {
            return JSON.readTree(json).path(0);
        } catch (JsonProcessingException e) {
            throw new IOException("'ip -j' printed no JSON; iproute2 4.19 or newer is needed.", e);
        }
    }
}
