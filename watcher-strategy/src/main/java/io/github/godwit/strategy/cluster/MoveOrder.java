package io.github.godwit.strategy.cluster;

import io.github.godwit.hostapi.MigrationDecision;
import io.github.godwit.hostapi.MigrationRequest.Observation;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.time.Duration;
import java.util.UUID;

/**
 * A request for one migration.
 *
 * @param id          id of the migration; a repeated request with the same id does not start a second migration
 * @param vm          name of the VM
 * @param source      name of the source host
 * @param destination name of the destination host
 * @param technique   the technique
 * @param policy      name of the SLO policy under which the technique was chosen, or null
 * @param reservation bandwidth to reserve on both hosts, or null
 * @param timeLimit   the migration is cancelled when it takes longer; null for no limit but Nova's
 * @param observed    the VM and both hosts as they were planned with, or null
 * @param decision    how it was decided by that, or null to have the source's host driver decide
 * @param terms       within which the reservation is adapted to the traffic, or null for the host driver's own. Host drivers of an older
 *                    release, which keep a reservation as it is, do not get them
 */
public record MoveOrder(
        UUID id,
        String vm,
        String source,
        String destination,
        Technique technique,
        String policy,
        Bandwidth reservation,
        Duration timeLimit,
        Observation observed,
        MigrationDecision decision,
        ReservationTerms terms) {

    /** An order without terms for its reservation. */
    public MoveOrder(
            UUID id,
            String vm,
            String source,
            String destination,
            Technique technique,
            String policy,
            Bandwidth reservation,
            Duration timeLimit,
            Observation observed,
            MigrationDecision decision) {
        this(id, vm, source, destination, technique, policy, reservation, timeLimit, observed, decision, null);
    }
}
