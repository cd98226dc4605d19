package io.github.godwit.model.select;

import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.reserve.ReservationCase;
import io.github.godwit.model.reserve.ReservationRule;
import io.github.godwit.model.technique.MigrationLimits;
import io.github.godwit.model.technique.MigrationMemory;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides how one VM is migrated: builds the case, predicts every technique that can run, and selects one under a policy. Service and
 * host driver both decide here. Pure and thread-safe.
 */
public final class MigrationDecider {

    private final Predictor predictor;
    private final TechniqueSelector selector = new TechniqueSelector();

    /**
     * What was found just before a migration.
     *
     * @param vm            the VM
     * @param source        the host that it is on
     * @param destination   the host that it goes to
     * @param latencyMillis round-trip time between them, in ms
     * @param limits        limits of the source's operator
     * @param reserved      memory of the source that its operator keeps for the host itself
     * @param diskBytes     bytes of the VM's disks that are copied as well
     */
    public record Situation(
            VmProfile vm,
            HostProfile source,
            HostProfile destination,
            double latencyMillis,
            MigrationLimits limits,
            MemorySize reserved,
            long diskBytes) {

        /** Without disks, and without memory that is kept. */
        public Situation(
                VmProfile vm,
                HostProfile source,
                HostProfile destination,
                double latencyMillis,
                MigrationLimits limits) {
            this(vm, source, destination, latencyMillis, limits, new MemorySize(0), 0);
        }

        /** Without limits. */
        public Situation(VmProfile vm, HostProfile source, HostProfile destination, double latencyMillis) {
            this(vm, source, destination, latencyMillis, MigrationLimits.NONE);
        }

        /** The link between the hosts, with nothing reserved. */
        public LinkProfile link() {
            return LinkProfile.between(source, destination, latencyMillis);
        }
    }

    /**
     * The case of a migration for each technique; they differ in the reservation that predictions count on.
     *
     * @param unreserved the case with nothing reserved
     * @param rule       how much bandwidth to reserve
     * @param limits     limits of the source's operator
     */
    public record Prepared(MigrationCase unreserved, ReservationRule rule, MigrationLimits limits) {

        /** The bandwidth to reserve on both hosts for a technique, or nothing. More than the migration may use is never reserved. */
        public Optional<Bandwidth> reservation(Technique technique) {
            return rule.reserve(question(technique)).map(limits::atMost);
        }

        /**
         * What is reserved for a technique and why, in sentences.
         *
         * @param obstacle why it cannot be reserved, as a clause, or nothing
         */
        public String note(Technique technique, Optional<String> obstacle) {
            return rule.note(question(technique), reservation(technique), obstacle);
        }

        /** The same without a reservation. */
        public Prepared withoutReservation() {
            return new Prepared(unreserved, ReservationRule.NOTHING, limits);
        }

        private ReservationCase question(Technique technique) {
            return new ReservationCase(
                    technique,
                    unreserved.vm().traffic(),
                    unreserved.source(),
                    unreserved.destination(),
                    unreserved.link());
        }

        /** What a technique is predicted from. */
        public MigrationCase migrationCase(Technique technique) {
            return reservation(technique)
                    .map(rate -> unreserved.withLink(unreserved.link().withReserved(rate)))
                    .orElse(unreserved);
        }
    }

    /**
     * Decides by a predictor.
     *
     * @param predictor predicts what each technique costs
     */
    public MigrationDecider(Predictor predictor) {
        this.predictor = predictor;
    }

    /**
     * Builds the case of a migration. XBZRLE's cache is made so small that it fits into the source's free memory.
     *
     * @param situation     the VM and both hosts
     * @param rule          how much bandwidth to reserve on the link
     * @param timeLimit     the migration is cancelled when it takes longer; null for the default
     * @param downtimeLimit QEMU's {@code downtime-limit}, which the operator's limit bounds; null for the default
     */
    public static Prepared prepare(
            Situation situation, ReservationRule rule, Duration timeLimit, Duration downtimeLimit) {
        MigrationLimits limits = situation.limits();
        MigrationTuning tuning = MigrationMemory.fitted(
                limits.applyTo(MigrationTuning.forVm(situation.vm())),
                MigrationMemory.room(situation.source(), situation.reserved()));
        tuning = timeLimit == null ? tuning : tuning.withTimeLimit(timeLimit);
        tuning = downtimeLimit == null ? tuning : tuning.withDowntimeLimit(limits.shorter(downtimeLimit));
        return new Prepared(
                new MigrationCase(
                        situation.vm(),
                        situation.source(),
                        situation.destination(),
                        situation.link(),
                        tuning,
                        situation.diskBytes()),
                rule,
                limits);
    }

    /**
     * Chooses a technique. Each is predicted with its own reservation.
     *
     * @param prepared     the case of each technique
     * @param availability what both hosts can run for the VM
     * @param policy       what the operator wants
     * @throws NoTechniqueException when no technique can move the VM
     */
    public Choice decide(Prepared prepared, TechniqueAvailability availability, SloPolicy policy) {
        Map<MigrationCase, Set<Technique>> cases = new LinkedHashMap<>();
        for (Technique technique : availability.available()) {
            cases.computeIfAbsent(prepared.migrationCase(technique), any -> EnumSet.noneOf(Technique.class))
                    .add(technique);
        }
        Map<Technique, Prediction> predictions = new EnumMap<>(Technique.class);
        cases.forEach(
                (migrationCase, techniques) -> predictions.putAll(predictor.predictAll(migrationCase, techniques)));
        return selector.select(availability, predictions, policy);
    }
}
