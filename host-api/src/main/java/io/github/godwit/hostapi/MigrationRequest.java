package io.github.godwit.hostapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.godwit.hostapi.scatter.ScatterOrder;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.select.PolicySet;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Requests the migration of a VM from the host driver of its source.
 *
 * @param vm          name of the VM on this host
 * @param destination base URL of the destination's host driver
 * @param technique   the technique to use; null to let the host driver choose one by {@code policy}
 * @param policy      name of the policy; required if {@code technique} is null, otherwise only recorded in the outcome
 * @param reservation bandwidth to reserve on both hosts; null for none
 * @param timeLimit   the migration is cancelled if it takes longer; null for the default of five minutes
 * @param downtimeLimit QEMU's {@code downtime-limit}; null for the default of 300 ms
 * @param observed    profiles that the caller has just measured; null to have the host driver measure them
 * @param decision    how the caller decided by them, for the same technique; null to have the host driver decide and predict
 * @param id          the caller's id for the migration, which makes the request idempotent: a second request with the same id
 *                    starts nothing. Null to have the host driver generate one
 * @param policyBody  the policy itself, which holds even if the host driver has another one of that name; null to use the host driver's.
 *                    Left out on the wire if it is null, since older host drivers do not know it
 * @param terms       within which the reservation is adapted to the traffic every second; the {@code reservation} is then where it begins.
 *                    Null for the host driver's own terms if the request comes with a decision, and otherwise for a reservation that
 *                    stays as it is. Left out on the wire if it is null, since older host drivers do not know it
 * @param postcopyFallback whether the migration may be switched to post-copy while it runs if it does not come to its end, although the
 *                    request names the technique. Null to keep to a technique that the request names, and otherwise to let the policy
 *                    decide. Left out on the wire if it is null, since older host drivers do not know it
 * @param scatter     on which intermediaries the pages of SCATTER-GATHER wait; null for the defaults. Left out on the wire if it is null,
 *                    since older host drivers do not know it
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
        UUID id,
        @JsonInclude(JsonInclude.Include.NON_NULL) SloPolicy policyBody,
        @JsonInclude(JsonInclude.Include.NON_NULL) ReservationTerms terms,
        @JsonInclude(JsonInclude.Include.NON_NULL) Boolean postcopyFallback,
        @JsonInclude(JsonInclude.Include.NON_NULL) ScatterOrder scatter) {

    /**
     * Profiles of a VM and of both hosts, measured before a migration.
     *
     * @param vm          the VM
     * @param source      the host that runs the VM
     * @param destination the host that the VM moves to
     */
    public record Observation(VmProfile vm, HostProfile source, HostProfile destination) {
        /**
         * Requires all three profiles.
         *
         * @throws IllegalArgumentException if one is missing
         */
        public Observation {
            if (vm == null || source == null || destination == null) {
                throw new IllegalArgumentException("An observation needs vm, source and destination.");
            }
        }
    }

    /**
     * Checks the request by itself, without asking either host.
     *
     * @throws IllegalArgumentException if a value is missing or out of range, or {@code observed} is of another VM
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
            throw new IllegalArgumentException("The request names neither a technique nor a policy. Give one of them.");
        }
        if (reservation != null && reservation.bitsPerSecond() == 0) {
            throw new IllegalArgumentException("The reservation must be positive. Omit it to reserve nothing.");
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
        if (policyBody != null && !policyBody.name().equals(policy)) {
            throw new IllegalArgumentException(
                    "The policyBody is of policy '%s', but the policy is '%s'.".formatted(policyBody.name(), policy));
        }
        if (observed != null && !observed.vm().name().equals(vm)) {
            throw new IllegalArgumentException("The profile in 'observed' is of VM '%s', not of '%s'."
                    .formatted(observed.vm().name(), vm));
        }
    }

    /**
     * The policy of this request: the one that it carries, or else the one of that name in a host driver's set. A decision may be by a
     * policy that was deleted meanwhile.
     *
     * @throws IllegalArgumentException if there is no such policy, and the host driver would have to decide by it
     */
    public Optional<SloPolicy> policyFrom(PolicySet set) {
        if (policyBody != null || policy == null) {
            return Optional.ofNullable(policyBody);
        }
        return decision == null ? Optional.of(set.policy(policy)) : set.find(policy);
    }

    /** Begins a request for the migration of a VM. Everything that is not set has its default. */
    public static Builder of(String vm, URI destination) {
        return new Builder(vm, destination);
    }

    /** The parts of a request; {@link MigrationRequest} describes them. */
    public static final class Builder {
        private final String vm;
        private final URI destination;
        private Technique technique;
        private String policy;
        private Bandwidth reservation;
        private Duration timeLimit;
        private Duration downtimeLimit;
        private Observation observed;
        private MigrationDecision decision;
        private UUID id;
        private SloPolicy policyBody;
        private ReservationTerms terms;
        private Boolean postcopyFallback;
        private ScatterOrder scatter;

        private Builder(String vm, URI destination) {
            this.vm = vm;
            this.destination = destination;
        }

        /** The technique to use. */
        public Builder technique(Technique value) {
            technique = value;
            return this;
        }

        /** The name of the policy. */
        public Builder policy(String value) {
            policy = value;
            return this;
        }

        /** The policy itself. */
        public Builder policyBody(SloPolicy value) {
            policyBody = value;
            return this;
        }

        /** The bandwidth to reserve. */
        public Builder reservation(Bandwidth value) {
            reservation = value;
            return this;
        }

        /** The terms within which the reservation is adapted. */
        public Builder terms(ReservationTerms value) {
            terms = value;
            return this;
        }

        /** Whether the migration may be switched to post-copy while it runs. */
        public Builder postcopyFallback(Boolean value) {
            postcopyFallback = value;
            return this;
        }

        /** On which intermediaries the pages of SCATTER-GATHER wait. */
        public Builder scatter(ScatterOrder value) {
            scatter = value;
            return this;
        }

        /** How long the migration may take. */
        public Builder timeLimit(Duration value) {
            timeLimit = value;
            return this;
        }

        /** QEMU's downtime limit. */
        public Builder downtimeLimit(Duration value) {
            downtimeLimit = value;
            return this;
        }

        /** The profiles that the caller has measured. */
        public Builder observed(Observation value) {
            observed = value;
            return this;
        }

        /** How the caller decided by them. */
        public Builder decision(MigrationDecision value) {
            decision = value;
            return this;
        }

        /** The caller's id for the migration. */
        public Builder id(UUID value) {
            id = value;
            return this;
        }

        /**
         * The request.
         *
         * @throws IllegalArgumentException if it is invalid
         */
        public MigrationRequest build() {
            return new MigrationRequest(
                    vm,
                    destination,
                    technique,
                    policy,
                    reservation,
                    timeLimit,
                    downtimeLimit,
                    observed,
                    decision,
                    id,
                    policyBody,
                    terms,
                    postcopyFallback,
                    scatter);
        }
    }
}
