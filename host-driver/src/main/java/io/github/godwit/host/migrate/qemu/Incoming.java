package io.github.godwit.host.migrate.qemu;

import io.github.godwit.host.net.TrafficControl.Reservation;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.vm.HostedVm;
import java.time.Duration;
import java.time.Instant;

/**
 * A VM that comes to this host, until it is this host's own.
 *
 * @param migrationId id of the migration on the source
 * @param vm          its QEMU here
 * @param reservation bandwidth kept for it, or null
 * @param since       when it was prepared, or found by an agent that was started again
 */
public record Incoming(String migrationId, HostedVm vm, Reservation reservation, Instant since) {

    /** How long a source may take from the preparation to the migration, and from its end to taking notice. */
    public static final Duration LEASE = Duration.ofSeconds(30);

    /** What to do with one that nobody has finished. */
    public enum Verdict {
        /** It is under way, or may still come. */
        WAIT,
        /** It has arrived: it is this host's own, though the source did not say so. */
        KEEP,
        /** Nobody sends it. */
        ABANDON
    }

    /** Judges by QEMU's word: the status of {@code query-migrate} here and the lease. */
    public static Verdict verdict(String status, Instant since, Instant now) {
        boolean expired = Duration.between(since, now).compareTo(LEASE) > 0;
        return switch (status) {
            case "completed" -> expired ? Verdict.KEEP : Verdict.WAIT;
            case "none", "setup", "failed" -> expired ? Verdict.ABANDON : Verdict.WAIT;
            default -> Verdict.WAIT;
        };
    }

    public Verdict verdict(Instant now) throws QmpException {
        return verdict(status(), since, now);
    }

    /** The status of {@code query-migrate}. */
    String status() throws QmpException {
        return vm.qmp().execute("query-migrate").path("status").asText("none");
    }

    void liftReservation() {
        if (reservation != null) {
            reservation.close();
        }
    }
}
