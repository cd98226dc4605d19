package io.github.godwit.host.migrate.steps;

import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.qmp.QemuMigrationStatus;
import io.github.godwit.host.qmp.QmpEvent;
import io.github.godwit.model.technique.Technique.Switchover;
import io.github.godwit.model.watch.RoundCounter;

/** Decides when post-copy starts. */
public final class PostcopyTrigger {

    /** Post-copy starts when this round begins. */
    private static final int SECOND_ROUND = 2;

    private PostcopyTrigger() {}

    /**
     * Whether post-copy is due at this event.
     *
     * @param switchover when the technique switches to post-copy
     * @param event      {@code MIGRATION} with a status, or any other
     */
    public static boolean isDue(Switchover switchover, QmpEvent event) {
        return switch (switchover) {
            case WHEN_CONVERGED, AFTER_FIRST_ROUND -> false;
            case AT_ONCE ->
                event.name().equals("MIGRATION")
                        && QemuMigrationStatus.of(event.data().path("status").asText()) == QemuMigrationStatus.ACTIVE;
        };
    }

    /** Whether post-copy is due with these figures. QEMU's events do not tell when a round ends ({@link RoundCounter}). */
    public static boolean isDue(Switchover switchover, MigrationInfo info) {
        return switchover == Switchover.AFTER_FIRST_ROUND
                && info.meaning() == QemuMigrationStatus.ACTIVE
                && info.progress().rounds() >= SECOND_ROUND;
    }
}
