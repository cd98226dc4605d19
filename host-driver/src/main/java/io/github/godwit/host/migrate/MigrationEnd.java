package io.github.godwit.host.migrate;

import io.github.godwit.model.watch.WatchChange;
import java.util.List;

/**
 * How a migration ended.
 *
 * @param info     QEMU's last figures
 * @param timedOut whether it was cancelled at its time limit
 * @param stuck    whether it was cancelled and QEMU did not end it in time
 * @param changes  what was changed about it while it ran, in order
 */
public record MigrationEnd(MigrationInfo info, boolean timedOut, boolean stuck, List<WatchChange> changes) {

    /** Copies the list. */
    public MigrationEnd {
        changes = List.copyOf(changes);
    }

    /** An end without changes. */
    public MigrationEnd(MigrationInfo info, boolean timedOut, boolean stuck) {
        this(info, timedOut, stuck, List.of());
    }

    /**
     * Whether it ended because it was cancelled at its time limit. QEMU reports {@code cancelled} or, when a channel noticed first,
     * {@code failed}.
     */
    public boolean cancelledLate() {
        return timedOut && !info.completed();
    }
}
