package io.github.godwit.model.technique;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;

/**
 * When QEMU hands pages to the socket without copying them ({@code zero-copy-send}). It saves the source's CPU on a fast link; on a slow one
 * the kernel's notifications cost more than the copies. QEMU combines it with plain multifd alone: not with compression, and not with TLS.
 *
 * @param from the least rate of a link for which it is used; null for never
 */
public record ZeroCopySend(Bandwidth from) {

    /** For no link. */
    public static final ZeroCopySend NEVER = new ZeroCopySend(null);

    /**
     * Checks the rate.
     *
     * @throws IllegalArgumentException if it is zero
     */
    public ZeroCopySend {
        if (from != null) {
            Checks.positive("zero-copy rate", from.bitsPerSecond());
        }
    }

    /**
     * Whether a migration uses it.
     *
     * @param technique   how the VM is migrated
     * @param link        rate of the link
     * @param source      the source, whose operator may have all migrations encrypted
     * @param destination the destination
     */
    public boolean suits(Technique technique, Bandwidth link, HostCapabilities source, HostCapabilities destination) {
        return from != null
                && link.compareTo(from) >= 0
                && technique.traits().canSendWithoutCopies()
                && !source.limits().nativeTls()
                && hasIt(source)
                && hasIt(destination);
    }

    /** Both hosts get the same capabilities, although the destination does nothing with this one. */
    private static boolean hasIt(HostCapabilities host) {
        return ReleaseRule.QEMU_SENDS_ZERO_COPY.holdsFor(host.qemu())
                && (host.libvirt() == null || ReleaseRule.LIBVIRT_SENDS_ZERO_COPY.holdsFor(host.libvirt()));
    }
}
