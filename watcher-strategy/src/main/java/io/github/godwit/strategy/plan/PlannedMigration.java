package io.github.godwit.strategy.plan;

import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.profile.WorkloadClass;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.select.Choice;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.decide.Move;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A planned migration, with the reasons for it.
 *
 * @param move            the VM and the hosts
 * @param destination     base URL of the destination's host driver
 * @param choice          the technique with its predicted metrics, and the alternatives
 * @param reservation     bandwidth to reserve on both hosts, or nothing
 * @param reservationNote the reason for this amount or for no reservation, as a sentence, followed by what the prediction leaves out of
 *                        the transfer
 * @param migrationCase   what the predictions were made from
 * @param localDisk       size of the VM's disks on its host, in bytes, which Nova copies unless the hosts share their storage
 * @param slot            when and how fast it is to run, or nothing without a schedule
 * @param terms           within which its reservation is adapted to the traffic, or nothing for the host driver's own
 */
public record PlannedMigration(
        Move move,
        URI destination,
        Choice choice,
        Optional<Bandwidth> reservation,
        String reservationNote,
        MigrationCase migrationCase,
        long localDisk,
        Optional<MigrationSlot> slot,
        Optional<ReservationTerms> terms) {

    private static final double GIB = 1L << 30;

    /** Creates a planned migration of a VM without local disks. */
    public PlannedMigration(
            Move move,
            URI destination,
            Choice choice,
            Optional<Bandwidth> reservation,
            String reservationNote,
            MigrationCase migrationCase) {
        this(
                move,
                destination,
                choice,
                reservation,
                reservationNote,
                migrationCase,
                0,
                Optional.empty(),
                Optional.empty());
    }

    /** Returns the same migration of a VM with local disks of this size in bytes. */
    public PlannedMigration withLocalDisk(long bytes) {
        return new PlannedMigration(
                move, destination, choice, reservation, reservationNote, migrationCase, bytes, slot, terms);
    }

    /** Returns the same migration at a time. */
    public PlannedMigration at(MigrationSlot time) {
        return new PlannedMigration(
                move,
                destination,
                choice,
                reservation,
                reservationNote,
                migrationCase,
                localDisk,
                Optional.of(time),
                terms);
    }

    /** Returns the same migration of a plan that has begun so many seconds ago. */
    public PlannedMigration later(double seconds) {
        return slot.map(time -> at(time.plus(seconds))).orElse(this);
    }

    /** Returns the same migration, whose reservation is adapted within these terms. */
    public PlannedMigration within(ReservationTerms limits) {
        return new PlannedMigration(
                move,
                destination,
                choice,
                reservation,
                reservationNote,
                migrationCase,
                localDisk,
                slot,
                Optional.of(limits));
    }

    /** Returns the reasons for the VM, the destination, the technique and the reservation, as one paragraph. */
    public String reason() {
        return String.join(
                " ",
                move.reason() + workload(),
                choice.reason() + migrationCase.vm().caveats(),
                reservationNote + disks());
    }

    private String disks() {
        if (migrationCase.diskBytes() > 0) {
            return " Nova also copies its local disks (%.1f GiB), which the predictions include."
                    .formatted(migrationCase.diskBytes() / GIB);
        }
        return localDisk == 0
                ? ""
                : (" Nova also copies its local disks (up to %.1f GiB) unless both hosts share their storage. The predictions leave "
                                + "them out, the time limit includes them.")
                        .formatted(localDisk / GIB);
    }

    /** Returns the workload classes of the VM as a sentence with a leading space, or an empty string if it has none. */
    private String workload() {
        String classes = WorkloadClass.of(migrationCase.vm()).stream()
                .map(each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .collect(Collectors.joining(", "));
        return classes.isEmpty() ? "" : " It is %s.".formatted(classes);
    }
}
