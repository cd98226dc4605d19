package io.github.godwit.host.migrate;

import java.time.Duration;
import java.util.Optional;

/**
 * How a migration ended.
 *
 * @param info     QEMU's last figures
 * @param timedOut whether it was cancelled at its time limit
 * @param stuck    whether it was cancelled and QEMU did not end it in time
 * @param downtimeLimit what QEMU's downtime limit was raised to while it ran, if it was
 */
public record MigrationEnd(MigrationInfo info, boolean timedOut, boolean stuck, Optional<Duration> downtimeLimit) {

    /** An end with the downtime limit that the migration began with. */
    public MigrationEnd(MigrationInfo info, boolean timedOut, boolean stuck) {
        this(info, timedOut, stuck, Optional.empty());
    }

    /**
     * Whether it ended because it was cancelled at its time limit. QEMU reports {@code cancelled} or, when a channel noticed first,
     * {@code failed}.
     */
    public boolean cancelledLate() {
        return timedOut && !info.completed();
    }
}
