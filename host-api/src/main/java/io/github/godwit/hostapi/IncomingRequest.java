package io.github.godwit.hostapi;

import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;

/**
 * One host driver asks another to prepare for a VM that comes.
 *
 * @param migrationId   id of the migration on the source
 * @param vm            what to start, waiting for its state
 * @param technique     the technique, so that both ends turn on the same capabilities
 * @param tuning        the migration parameters
 * @param sourceAddress IP address the migration comes from
 * @param reservation   bandwidth to keep for it, or null
 */
public record IncomingRequest(
        String migrationId,
        VmDefinition vm,
        Technique technique,
        MigrationTuning tuning,
        String sourceAddress,
        Bandwidth reservation) {

    /**
     * @throws IllegalArgumentException when a value other than the reservation is missing
     */
    public IncomingRequest {
        if (migrationId == null || vm == null || technique == null || tuning == null || sourceAddress == null) {
            throw new IllegalArgumentException(
                    "An incoming migration needs migrationId, vm, technique, tuning and sourceAddress.");
        }
    }
}
