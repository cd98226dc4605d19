package io.github.godwit.host.nova;

import java.util.Optional;

/** Decides whether what was measured of a migration may be compared with a prediction, which is one of a technique and of memory. Pure. */
final class OutcomeMark {

    /** {@code VIR_MIGRATE_NON_SHARED_DISK} and {@code VIR_MIGRATE_NON_SHARED_INC}: libvirt copies local disks first. */
    private static final long DISKS = 64 | 128;

    private OutcomeMark() {}

    /**
     * Why it may not, as a clause, or nothing if it may.
     *
     * @param refused   the technique that libvirt did not carry out, so that Nova's own flags ran
     * @param flags     Nova's {@code virDomainMigrateFlags}
     * @param diskBytes bytes of disks that libvirt has copied
     * @param figures   whether libvirt reported the figures of the migration
     */
    static Optional<String> incomparable(Optional<String> refused, long flags, long diskBytes, boolean figures) {
        if (refused.isPresent()) {
            return Optional.of("it ran with Nova's own flags, after libvirt had not carried out " + refused.get());
        }
        if (diskBytes > 0) {
            return Optional.of("it includes the copy of local disks, %d bytes".formatted(diskBytes));
        }
        return (flags & DISKS) != 0 && !figures
                ? Optional.of("it may include the copy of local disks")
                : Optional.empty();
    }
}
