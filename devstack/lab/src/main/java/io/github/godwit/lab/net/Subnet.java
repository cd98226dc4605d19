package io.github.godwit.lab.net;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An IPv4 network.
 *
 * @param base         its first address as a number
 * @param prefixLength number of leading bits that are fixed, 0 to 32
 */
public record Subnet(int base, int prefixLength) {

    private static final Pattern FORM =
            Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})(?:/(\\d{1,2}))?");

    /**
     * A network; the bits of {@code base} after the prefix are cleared.
     *
     * @throws IllegalArgumentException when the prefix length is out of range
     */
    public Subnet {
        if (prefixLength < 0 || prefixLength > 32) {
            throw new IllegalArgumentException("The prefix length (%d) must be from 0 to 32.".formatted(prefixLength));
        }
        base &= mask(prefixLength);
    }

    /**
     * Reads a network such as {@code 10.97.0.0/24}; a single address is a /32.
     *
     * @throws IllegalArgumentException when the text is not such a network
     */
    public static Subnet parse(String text) {
        Matcher matcher = FORM.matcher(text.trim());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'%s' is not an IPv4 subnet such as 10.97.0.0/24.".formatted(text));
        }
        int address = 0;
        for (int group = 1; group <= 4; group++) {
            int octet = Integer.parseInt(matcher.group(group));
            if (octet > 255) {
                throw new IllegalArgumentException("'%s' has an octet above 255.".formatted(text));
            }
            address = address << 8 | octet;
        }
        return new Subnet(address, matcher.group(5) == null ? 32 : Integer.parseInt(matcher.group(5)));
    }

    /** Whether both networks have an address in common. */
    public boolean overlaps(Subnet other) {
        int shorter = mask(Math.min(prefixLength, other.prefixLength));
        return (base & shorter) == (other.base & shorter);
    }

    /** The address with this number in the network, counted from 0, without a prefix length. */
    public String address(int place) {
        int address = base + place;
        return "%d.%d.%d.%d".formatted(address >>> 24, address >>> 16 & 255, address >>> 8 & 255, address & 255);
    }

    /** The network of the same size that follows. */
    public Subnet next() {
        return new Subnet(base + (1 << (32 - prefixLength)), prefixLength);
    }

    private static int mask(int prefixLength) {
        return prefixLength == 0 ? 0 : -1 << (32 - prefixLength);
    }

    @Override
    public String toString() {
        return address(0) + "/" + prefixLength;
    }
}
