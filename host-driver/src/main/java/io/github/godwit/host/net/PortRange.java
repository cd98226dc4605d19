package io.github.godwit.host.net;

import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.model.unit.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of TCP ports.
 *
 * @param first the first port, 1 to 65535
 * @param last  the last port, not below the first
 */
public record PortRange(int first, int last) {

    /**
     * 49152 to 49215, libvirt's default ports of migrations (qemu.conf, {@code migration_port_min} and
     * {@code migration_port_max}).
     */
    public static final PortRange LIBVIRT = new PortRange(49_152, 49_215);

    private static final Pattern FORM = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");
    private static final int LAST_PORT = 65_535;

    /**
     * Checks the ports.
     *
     * @throws IllegalArgumentException if one of them is not a port, or the last one is below the first
     */
    public PortRange {
        Checks.inRange("destination port", first, 1, LAST_PORT);
        Checks.inRange("last destination port", last, first, LAST_PORT);
    }

    /** Whether a port is in both ranges. */
    public boolean overlaps(PortRange other) {
        return first <= other.last && other.first <= last;
    }

    /** Whether the range is a single port. */
    public boolean single() {
        return first == last;
    }

    /** The range of a single port. */
    public static PortRange of(int port) {
        return new PortRange(port, port);
    }

    /** The range that the destination of a migration reports; this one if it reports none. */
    public PortRange orOf(IncomingTicket destination) {
        return destination.lastPort() == null ? this : new PortRange(destination.port(), destination.lastPort());
    }

    /**
     * Reads a range as an operator writes it.
     *
     * @throws IllegalArgumentException if the text is neither a port nor two ports with a hyphen
     */
    public static PortRange parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "'%s' is not a range of ports. Write FIRST-LAST, for example 49152-49215.".formatted(text));
        }
        int first = Integer.parseInt(form.group(1));
        return new PortRange(first, form.group(2) == null ? first : Integer.parseInt(form.group(2)));
    }

    /**
     * The ports in the notation of {@code tc}'s u32 filter, which compares a port with a value in the bits of a mask: the fewest pairs
     * that match all ports of the range and no other.
     */
    List<String> matches() {
        List<String> pairs = new ArrayList<>();
        int port = first;
        while (port <= last) {
            int size = Integer.lowestOneBit(port);
            while (port + size - 1 > last) {
                size /= 2;
            }
            pairs.add(String.format(Locale.ROOT, "%d 0x%04x", port, LAST_PORT & -size));
            port += size;
        }
        return pairs;
    }

    @Override
    public String toString() {
        return single() ? Integer.toString(first) : first + "-" + last;
    }
}
