package io.github.godwit.host.migrate.steps;

import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.recover.RecoveryAttempt;
import io.github.godwit.host.qmp.QmpEvent;
import io.github.godwit.host.qmp.QmpException;

/** What happens to a migration that {@link Supervisor} follows. */
sealed interface SupervisionEvent {

    /** QEMU sent an event, the monitor connection ended, or somebody woke the supervisor. */
    record Reported(QmpEvent event) implements SupervisionEvent {}

    /** Comes after each {@link Reported} event, and when something is due. */
    record TimePassed() implements SupervisionEvent {}

    /** QEMU answered {@link SupervisionAction.Command#POLL}. */
    record Polled(MigrationInfo info) implements SupervisionEvent {}

    /** QEMU answered {@link SupervisionAction.Command#POLL_DOWNTIME}. */
    record DowntimePolled(MigrationInfo info) implements SupervisionEvent {}

    /** The answer to {@link SupervisionAction.Command#ASK_FOR_POSTCOPY}. */
    record PostcopyAnswered(boolean permitted) implements SupervisionEvent {}

    /** What came of {@link SupervisionAction.Command#RECOVER} so far. */
    record RecoveryTried(RecoveryAttempt attempt) implements SupervisionEvent {}

    /** A command failed, and with it all other actions of that step. */
    record CommandFailed(QmpException failure) implements SupervisionEvent {}
}
