package io.github.godwit.hostapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.godwit.hostapi.scatter.ScatterOrder;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;

/**
 * The source's host driver asks the destination's to prepare for a VM: start its QEMU with {@code -incoming defer} and
 * reserve bandwidth.
 *
 * @param migrationId   id of the migration on the source
 * @param vm            definition of the VM to start
 * @param technique     the technique, because QEMU needs the same capabilities on both ends
 * @param tuning        the migration parameters
 * @param sourceAddress IP address that the migration is sent from
 * @param reservation   bandwidth to reserve; null for none
 * @param scatter       on which intermediaries pages wait; null if they do not. Left out on the wire if it is null, since older host
 *                      drivers do not know it
 */
public record IncomingRequest(
        String migrationId,
        VmDefinition vm,
        Technique technique,
        MigrationTuning tuning,
        String sourceAddress,
        Bandwidth reservation,
        @JsonInclude(JsonInclude.Include.NON_NULL) ScatterOrder scatter) {

    /** A migration whose pages go directly. */
    public IncomingRequest(
            String migrationId,
            VmDefinition vm,
            Technique technique,
            MigrationTuning tuning,
            String sourceAddress,
            Bandwidth reservation) {
        this(migrationId, vm, technique, tuning, sourceAddress, reservation, null);
    }

    /**
     * Requires everything but the reservation and the intermediaries.
     *
     * @throws IllegalArgumentException if another value is missing
     */
    public IncomingRequest {
        if (migrationId == null || vm == null || technique == null || tuning == null || sourceAddress == null) {
            throw new IllegalArgumentException(
                    "An incoming migration needs migrationId, vm, technique, tuning and sourceAddress.");
        }
    }
}
