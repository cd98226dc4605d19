package io.github.godwit.strategy.nova;

import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.nova.Nova.Server;
import io.github.godwit.nova.NovaLiveMigrations.MigrationRecord;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What Nova knows about a migration. Nova decides whether it has ended and where the server is; the host driver adds the technique,
 * the progress and the outcome. Pure.
 *
 * @param ended  whether Nova has ended the migration; the server is MIGRATING from the request until Nova has cleaned up
 * @param server the server of a migration that has ended, or nothing if it was deleted
 * @param record the record of its newest live migration, if there is one
 */
record NovaVerdict(boolean ended, Optional<Server> server, Optional<MigrationRecord> record) {

    /** Returns what Nova knows about a migration that it has not ended. */
    static NovaVerdict migrating(Optional<MigrationRecord> record) {
        return new NovaVerdict(false, Optional.empty(), record);
    }

    /** Returns what a server and the record of its newest live migration say. */
    static NovaVerdict of(Optional<Server> server, Optional<MigrationRecord> record) {
        return new NovaVerdict(server.filter(Server::migrating).isEmpty(), server, record);
    }

    /** Returns the record, if it is that of a running migration; the newest record is older until Nova has created the new one. */
    Optional<MigrationRecord> current() {
        return record.filter(each -> !each.ended());
    }

    /** Returns the phase of a migration that Nova has not ended. */
    Phase phase(Phase reported) {
        if (reported == Phase.POSTCOPY
                || current().filter(MigrationRecord::postCopy).isPresent()) {
            return Phase.POSTCOPY;
        }
        boolean runs = current()
                .filter(each ->
                        each.status().startsWith("running") || each.status().startsWith("post"))
                .isPresent();
        return reported.isFinal() ? (runs ? Phase.MIGRATING : Phase.PREPARING) : reported;
    }

    /**
     * Returns the final status of a migration that Nova has ended.
     *
     * @param known  the last status from the host driver
     * @param note   what is to be said in addition, such as that the time limit was exceeded, or null
     * @param reason reads Nova's reason for a failure
     */
    MigrationStatus of(MigrationStatus known, String note, Supplier<Optional<String>> reason) {
        if (server.isEmpty()) {
            return known.with(Phase.FAILED, "Nova no longer has server %s.".formatted(known.vm()));
        }
        Server now = server.get();
        if (known.destination().equals(now.host()) && !"ERROR".equals(now.status())) {
            return known.with(Phase.COMPLETED, joined(note, unmeasured(known)));
        }
        if (known.phase() == Phase.COMPLETED) {
            return known.with(
                    Phase.FAILED,
                    "libvirt has migrated server %s to %s, but according to Nova it is %s on %s.%s"
                            .formatted(
                                    known.vm(), known.destination(), now.status(), now.host(), because(reason.get())));
        }
        boolean cancelled = known.phase() == Phase.CANCELLED
                || known.phase() == Phase.PREPARING
                || record.filter(each -> "cancelled".equals(each.status())).isPresent();
        return known.with(
                cancelled ? Phase.CANCELLED : Phase.FAILED, note == null ? failure(known, now, reason.get()) : note);
    }

    /** Returns what the host driver did not report about a server that has arrived, or null. */
    private static String unmeasured(MigrationStatus known) {
        if (known.phase() == Phase.COMPLETED) {
            return null;
        }
        return "Nova has migrated the server to %s. Its host driver did not measure the migration%s"
                .formatted(known.destination(), known.error() == null ? "." : ": " + known.error());
    }

    private String failure(MigrationStatus known, Server now, Optional<String> reason) {
        String place = "It is %s on %s.".formatted(now.status(), now.host());
        if (reason.isPresent()) {
            return "Nova did not migrate server %s to %s: %s %s"
                    .formatted(known.vm(), known.destination(), sentence(reason.get()), place);
        }
        if (known.phase() == Phase.FAILED && known.error() != null) {
            return known.error();
        }
        if (record.filter(each -> "cancelled".equals(each.status())).isPresent()) {
            return "The live migration of server %s was aborted in Nova. %s".formatted(known.vm(), place);
        }
        return "Nova did not migrate server %s to %s and reports no reason%s. %s The logs of nova-conductor and nova-compute have it."
                .formatted(
                        known.vm(),
                        known.destination(),
                        record.map(each -> " (the migration is in status %s)".formatted(each.status()))
                                .orElse(""),
                        place);
    }

    private static String because(Optional<String> reason) {
        return reason.map(each -> " Nova reports: " + sentence(each)).orElse("");
    }

    private static String sentence(String text) {
        String stripped = text.strip();
        return stripped.endsWith(".") ? stripped : stripped + ".";
    }

    private static String joined(String first, String second) {
        return first == null ? second : second == null ? first : first + " " + second;
    }
}
