package io.github.godwit.host.net;

import io.github.godwit.model.unit.Checks;
import java.util.Locale;

/**
 * TCP ports as a packet filter matches them: those that agree with {@code first} in the bits of {@code mask}.
 *
 * @param first a port, 1 to 65535
 * @param mask  which of its bits count
 */
public record PortRange(int first, int mask) {

    /** 49152 to 49215, where libvirt has its migrations listen (qemu.conf: {@code migration_port_min}, {@code _max}). */
    public static final PortRange LIBVIRT = new PortRange(49_152, 0xffc0);

    private static final int ALL_BITS = 0xffff;

    /**
     * @throws IllegalArgumentException when the first is no port, or has bits that do not count
     */
    public PortRange {
        Checks.inRange("destination port", first, 1, 65_535);
        if ((first & ~mask) != 0) {
            throw new IllegalArgumentException("Port %d has bits beyond the mask 0x%x.".formatted(first, mask));
        }
    }

    /** A single port. */
    public static PortRange of(int port) {
        return new PortRange(port, ALL_BITS);
    }

    /** As {@code tc}'s u32 writes it. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%d 0x%04x", first, mask);
    }
}
