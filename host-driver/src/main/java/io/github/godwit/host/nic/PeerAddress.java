package io.github.godwit.host.nic;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads IP addresses. A name is never looked up. */
public final class PeerAddress {

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%[A-Za-z0-9_.-]{1,15})?");

    private PeerAddress() {}

    /**
     * Reads an address of IPv4 or IPv6; the latter may be in brackets, as in a URL, and may name its interface after a percent sign.
     *
     * @param text the address, or null
     * @return the address; empty for a name, or anything else
     */
    public static Optional<InetAddress> find(String text) {
        if (text == null) {
            return Optional.empty();
        }
        String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        try {
            return IPV4.matcher(bare).matches() || IPV6.matcher(bare).matches()
                    ? Optional.of(InetAddress.getByName(bare))
                    : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
