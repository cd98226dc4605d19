package io.github.godwit.strategy.cluster;

import io.github.godwit.hostapi.MigrationDecision;
import io.github.godwit.hostapi.MigrationRequest.Observation;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.time.Duration;
import java.util.UUID;

/**
 * One migration that a cloud is asked for.
 *
 * @param id          names it from then on; asked for again with the same id, nothing is begun a second time
 * @param vm          the VM
 * @param source      name of the host that it is on
 * @param destination name of the host that it goes to
 * @param technique   how
 * @param policy      the policy that this was chosen under, or null
 * @param reservation bandwidth to reserve on both hosts, or null
 * @param timeLimit   it is cancelled when it takes longer
 * @param observed    the VM and both hosts as they were planned with, or null
 * @param decision    how it was decided by that, or null to have the source's host driver decide
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
        MigrationDecision decision) {}
