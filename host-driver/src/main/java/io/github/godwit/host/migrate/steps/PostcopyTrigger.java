package io.github.godwit.host.migrate.steps;

import io.github.godwit.host.qmp.QemuMigrationStatus;
import io.github.godwit.host.qmp.QmpEvent;
import io.github.godwit.model.technique.Technique.Switchover;

/** Decides which event of QEMU starts post-copy. */
public final class PostcopyTrigger {

    /** QEMU counts a pass at each dirty bitmap sync: the first begins round one, the second ends it. */
    private static final int END_OF_FIRST_ROUND = 2;

    private PostcopyTrigger() {}

    /**
     * Whether post-copy is due at this event.
     *
     * @param switchover when the technique switches to post-copy
     * @param event      {@code MIGRATION} with a status, {@code MIGRATION_PASS} with a pass, or any other
     */
    public static boolean isDue(Switchover switchover, QmpEvent event) {
        return switch (switchover) {
            case WHEN_CONVERGED -> false;
            case AT_ONCE ->
                event.name().equals("MIGRATION")
                        && QemuMigrationStatus.of(event.data().path("status").asText()) == QemuMigrationStatus.ACTIVE;
            case AFTER_FIRST_ROUND ->
                event.name().equals("MIGRATION_PASS")
                        && event.data().path("pass").asInt() >= END_OF_FIRST_ROUND;
        };
    }
}
