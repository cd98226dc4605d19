package io.github.godwit.common;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads and writes addresses that a server listens on: {@code ADDR:PORT} or {@code [IPV6]:PORT}. */
public final class ListenAddress {

    private static final Pattern FORM = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\[\\]]+):(\\d{1,5})");
    private static final int LAST_PORT = 65535;

    private ListenAddress() {}

    /**
     * Reads an address and a port.
     *
     * @param text    what was given
     * @param example of the right form, for the error
     * @throws IllegalArgumentException when the text has another form, or its host is unknown
     */
    public static InetSocketAddress parse(String text, String example) {
        Matcher matcher = FORM.matcher(text.trim());
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > LAST_PORT) {
            throw new IllegalArgumentException(
                    "'%s' is not an address to listen on. Write ADDR:PORT, for example %s.".formatted(text, example));
        }
        String host = matcher.group(1).replaceAll("[\\[\\]]", "");
        try {
            return new InetSocketAddress(InetAddress.getByName(host), Integer.parseInt(matcher.group(2)));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "The host of the address '%s' is unknown. Write an IP address and a port, for example %s."
                            .formatted(text, example),
                    e);
        }
    }

    /** The host as it stands in a URL: an IPv6 address in brackets. */
    public static String hostOf(InetSocketAddress address) {
        return inUrl(address.getAddress().getHostAddress());
    }

    /** A host or an IP address as it stands in a URL, and in QEMU's addresses of sockets: an IPv6 address in brackets. */
    public static String inUrl(String host) {
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }
}
