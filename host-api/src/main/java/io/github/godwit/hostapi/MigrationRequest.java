package io.github.godwit.hostapi;

import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;

/**
 * Asks the source's host driver to migrate a VM.
 *
 * @param vm          name of the VM on this host
 * @param destination base URL of the destination's host driver
 * @param technique   the technique to use, or null to let the host driver choose under {@code policy}
 * @param policy      name of the policy; needed when {@code technique} is null, else it only goes into the outcome
 * @param reservation bandwidth to reserve on both hosts, or null for none
 * @param timeLimit   the migration is cancelled when it takes longer; null for the default of five minutes
 * @param downtimeLimit QEMU's {@code downtime-limit}; null for the default of 300 ms
 * @param observed    what the caller has just found out about the VM and both hosts; null has the host driver look itself
 * @param decision    how the caller decided by what it observed, for the same technique; null has the host driver decide and predict
 * @param id          the caller's id for the migration; asked for again with the same id, nothing is begun a second time.
 *                    Null has the host driver make one
 */
public record MigrationRequest(
        String vm,
        URI destination,
        Technique technique,
        String policy,
        Bandwidth reservation,
        Duration timeLimit,
        Duration downtimeLimit,
        Observation observed,
        MigrationDecision decision,
        UUID id) {

    /**
     * A VM and both hosts before a migration.
     *
     * @param vm          the VM's profile
     * @param source      the host it is on
     * @param destination the host it goes to
     */
    public record Observation(VmProfile vm, HostProfile source, HostProfile destination) {
        /**
         * @throws IllegalArgumentException when a part is missing
         */
        public Observation {
            if (vm == null || source == null || destination == null) {
                throw new IllegalArgumentException("An observation needs vm, source and destination.");
            }
        }
    }

    /**
     * @throws IllegalArgumentException when a value is missing or out of its range
     */
    public MigrationRequest {
        if (vm == null || vm.isBlank()) {
            throw new IllegalArgumentException("The vm is missing.");
        }
        if (destination == null
                || destination.getHost() == null
                || !("http".equals(destination.getScheme()) || "https".equals(destination.getScheme()))) {
            throw new IllegalArgumentException(
                    "The destination (%s) must be the URL of a host driver, for example http://10.0.0.2:9622."
                            .formatted(destination));
        }
        if (technique == null && (policy == null || policy.isBlank())) {
            throw new IllegalArgumentException("Give a technique, or a policy to choose one by.");
        }
        if (reservation != null && reservation.bitsPerSecond() == 0) {
            throw new IllegalArgumentException("The reservation must be positive. Leave it out for none.");
        }
        if (timeLimit != null && (timeLimit.isNegative() || timeLimit.isZero())) {
            throw new IllegalArgumentException("The timeLimit (%s) must be positive.".formatted(timeLimit));
        }
        if (downtimeLimit != null && (downtimeLimit.toMillis() < 1 || downtimeLimit.toSeconds() > 2000)) {
            throw new IllegalArgumentException(
                    "The downtimeLimit (%s) must be from 1 ms to 2000 s.".formatted(downtimeLimit));
        }
        if (decision != null && (observed == null || decision.technique() != technique)) {
            throw new IllegalArgumentException(
                    "A decision (%s) comes with what was observed and is for the technique (%s) of the request."
                            .formatted(decision.technique(), technique));
        }
        if (observed != null && !observed.vm().name().equals(vm)) {
            throw new IllegalArgumentException("What was observed is VM '%s', not '%s'."
                    .formatted(observed.vm().name(), vm));
        }
    }

    /** A migration with the default downtime limit, of a VM that the host driver profiles itself. */
    public MigrationRequest(
            String vm, URI destination, Technique technique, String policy, Bandwidth reservation, Duration timeLimit) {
        this(vm, destination, technique, policy, reservation, timeLimit, null, null, null, null);
    }
}
