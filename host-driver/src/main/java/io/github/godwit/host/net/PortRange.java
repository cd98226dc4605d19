package io.github.godwit.host.net;

import io.github.godwit.model.unit.Checks;
import java.util.Locale;

/**
 * TCP ports as {@code tc}'s u32 filter matches them: all ports that equal {@code first} in the bits of {@code mask}.
 *
 * @param first the first port, 1 to 65535
 * @param mask  the bits to compare
 */
public record PortRange(int first, int mask) {

    /**
     * 49152 to 49215, libvirt's default ports of migrations (qemu.conf, {@code migration_port_min} and
     * {@code migration_port_max}).
     */
    public static final PortRange LIBVIRT = new PortRange(49_152, 0xffc0);

    private static final int ALL_BITS = 0xffff;

    /**
     * Checks the port and the mask.
     *
     * @throws IllegalArgumentException if {@code first} is not a port, or has bits outside the mask
     */
    public PortRange {
        Checks.inRange("destination port", first, 1, 65_535);
        if ((first & ~mask) != 0) {
            throw new IllegalArgumentException("Port %d has bits outside the mask 0x%x.".formatted(first, mask));
        }
    }

    /** The range of a single port. */
    public static PortRange of(int port) {
        return new PortRange(port, ALL_BITS);
    }

    /** The port and mask in the notation of {@code tc}'s u32 filter. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%d 0x%04x", first, mask);
    }
}
