package io.github.godwit.host.migrate;

/**
 * How a migration ended.
 *
 * @param info     QEMU's last figures
 * @param timedOut whether it was cancelled at its time limit
 * @param stuck    whether it was cancelled and QEMU did not end it in time
 */
public record MigrationEnd(MigrationInfo info, boolean timedOut, boolean stuck) {

    /**
     * Whether it ended because it was cancelled at its time limit. QEMU reports {@code cancelled} or, when a channel noticed first,
     * {@code failed}.
     */
    public boolean cancelledLate() {
        return timedOut && !info.completed();
    }
}
