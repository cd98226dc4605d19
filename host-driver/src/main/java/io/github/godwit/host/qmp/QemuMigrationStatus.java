package io.github.godwit.host.qmp;

import java.util.Locale;

/**
 * QEMU's MigrationStatus, of all releases from 6.2 on, by what it means for the VM. {@code query-migrate} and the event {@code MIGRATION}
 * report it. A status that a later release adds is {@link #UNKNOWN}, and counts as that of a migration that runs.
 */
public enum QemuMigrationStatus {
    /** No migration has begun. */
    NONE(Stage.BEFORE),
    /** It is being set up; the destination listens. */
    SETUP(Stage.BEFORE),
    /** It waits for the guest to unplug devices. */
    WAIT_UNPLUG(Stage.RUNNING),
    /** Pre-copy. */
    ACTIVE(Stage.RUNNING),
    /** The VM is paused, for {@code pause-before-switchover}. */
    PRE_SWITCHOVER(Stage.RUNNING),
    /** The VM is paused and its devices are sent. */
    DEVICE(Stage.RUNNING),
    /** It is being cancelled. */
    CANCELLING(Stage.RUNNING),
    /** It fails, and has not ended yet. */
    FAILING(Stage.RUNNING),
    /** Both hosts run the VM in lockstep. */
    COLO(Stage.RUNNING),
    /** The destination loads the devices for post-copy; until it has, the source can continue the VM. */
    POSTCOPY_DEVICE(Stage.SWITCHING),
    /** The VM runs on the destination, and its pages follow. */
    POSTCOPY_ACTIVE(Stage.POSTCOPY),
    /** The connection broke in post-copy. */
    POSTCOPY_PAUSED(Stage.POSTCOPY),
    /** The connection of post-copy is being made again. */
    POSTCOPY_RECOVER_SETUP(Stage.POSTCOPY),
    /** Both hosts find out which pages are missing. */
    POSTCOPY_RECOVER(Stage.POSTCOPY),
    /** It has ended, and the VM is on the destination. */
    COMPLETED(Stage.ENDED),
    /** It has ended, and the VM is on the source. */
    FAILED(Stage.ENDED),
    /** It was cancelled, and the VM is on the source. */
    CANCELLED(Stage.ENDED),
    /** A status that Godwit does not know. */
    UNKNOWN(Stage.RUNNING);

    private enum Stage {
        BEFORE,
        RUNNING,
        SWITCHING,
        POSTCOPY,
        ENDED
    }

    private final Stage stage;

    QemuMigrationStatus(Stage stage) {
        this.stage = stage;
    }

    /** The status by its name in QMP, such as {@code postcopy-active}. */
    public static QemuMigrationStatus of(String name) {
        for (QemuMigrationStatus status : values()) {
            if (status != UNKNOWN && status.qmpName().equals(name)) {
                return status;
            }
        }
        return UNKNOWN;
    }

    /** Its name in QMP. */
    public String qmpName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether the migration has ended. */
    public boolean isFinal() {
        return stage == Stage.ENDED;
    }

    /** Whether the VM is on the destination while pages are still missing there: nobody can bring it back. */
    public boolean inPostcopy() {
        return stage == Stage.POSTCOPY;
    }

    /** Whether a migration with this status can be cancelled. One with a status that is not known must not be: it may be in post-copy. */
    public boolean canBeCancelled() {
        return this != UNKNOWN && (stage == Stage.RUNNING || this == SETUP);
    }
}
