package io.github.godwit.host.migrate.qemu;

import io.github.godwit.host.migrate.rate.FlowReservation;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.qmp.QemuMigrationStatus;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.scatter.Gatherer;
import io.github.godwit.host.vm.HostedVm;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;

/**
 * A VM that is migrating to this host, until it has arrived.
 *
 * @param migrationId id of the migration on the source
 * @param vm          its QEMU on this host
 * @param reservation bandwidth reserved for it; null for one that an earlier host driver prepared
 * @param since       when it was prepared, or found by a host driver that restarted
 * @param gatherer    fetches its pages from intermediaries; null if they come directly
 */
public record Incoming(String migrationId, HostedVm vm, FlowReservation reservation, Instant since, Gatherer gatherer) {

    /** How long the source may take from the preparation to {@code migrate}, and from the end of the migration to reporting it. */
    public static final Duration LEASE = Duration.ofSeconds(30);

    /** QEMU's run state of a VM that it waits for or receives. */
    private static final String NEVER_RAN = "inmigrate";

    /** What to do about an incoming VM of which the source reports no end. */
    public enum Verdict {
        /** Wait: it is migrating, or its lease has not expired. */
        WAIT,
        /** It has arrived and belongs to this host, although the source did not report it. */
        KEEP,
        /** Stop its QEMU: no source sends it. */
        ABANDON
    }

    /**
     * Decides about an incoming VM.
     *
     * @param status status of {@code query-migrate} on this host
     * @param since  when its lease began
     * @param now    the time of the decision
     */
    public static Verdict verdict(String status, Instant since, Instant now) {
        if (!expired(since, now)) {
            return Verdict.WAIT;
        }
        return switch (QemuMigrationStatus.of(status)) {
            case COMPLETED -> Verdict.KEEP;
            case NONE, SETUP, FAILED, CANCELLED -> Verdict.ABANDON;
            default -> Verdict.WAIT;
        };
    }

    /** Whether a lease that began at {@code since} has expired. */
    public static boolean expired(Instant since, Instant now) {
        return Duration.between(since, now).compareTo(LEASE) > 0;
    }

    boolean expired(Instant now) {
        return expired(since, now);
    }

    /** The status of {@code query-migrate} on this host. */
    String status() throws QmpException {
        return vm.qmp().execute("query-migrate").path("status").asText("none");
    }

    /** Whether the VM runs on this host, or has since QEMU began to receive it; false if QEMU has ended. */
    boolean hasRun() throws QmpException {
        return vm.alive()
                && !NEVER_RAN.equals(
                        vm.qmp().execute("query-status").path("status").asText());
    }

    /** Has its reservation match another port. Returns why it cannot, after which nothing is reserved, or an empty text. */
    String goOnAt(int port) {
        if (reservation == null) {
            return "";
        }
        try {
            reservation.match(PortRange.of(port));
            return "";
        } catch (IOException e) {
            reservation.release(PortRange.of(port));
            return e.getMessage();
        }
    }

    /** The same with another gatherer. */
    Incoming gathering(Gatherer by) {
        return new Incoming(migrationId, vm, reservation, since, by);
    }

    /** Ends the gatherer: a source that asks to be connected again has all pages itself. */
    void sendsItself() throws IOException {
        if (gatherer != null) {
            gatherer.close();
        }
        Files.deleteIfExists(vm.running().gathering());
    }

    /** Whether pages wait on intermediaries that only this side can fetch. */
    boolean lacksPages() {
        return Files.exists(vm.running().gathering());
    }

    /** Gives back what was reserved for it, and ends what fetches its pages. */
    void release() {
        releaseReservation();
        if (gatherer != null) {
            gatherer.close();
        }
    }

    void releaseReservation() {
        if (reservation != null) {
            reservation.close();
        }
    }
}
