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
import io.github.godwit.model.technique.Scattering;
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
import java.util.function.Function;

/**
 * Decides how one VM is migrated: builds the case, predicts every technique that can run, and selects one under a policy. Service and
 * host driver both decide here. Pure and thread-safe.
 */
public final class MigrationDecider {

    private final Predictor predictor;
    private final TechniqueSelector selector;

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
     * @param scattering    on which intermediaries pages would wait; null if the hosts share none
     */
    public record Situation(
            VmProfile vm,
            HostProfile source,
            HostProfile destination,
            double latencyMillis,
            MigrationLimits limits,
            MemorySize reserved,
            long diskBytes,
            Scattering scattering) {

        /** Without disks, without memory that is kept, and without intermediaries. */
        public Situation(
                VmProfile vm,
                HostProfile source,
                HostProfile destination,
                double latencyMillis,
                MigrationLimits limits) {
            this(vm, source, destination, latencyMillis, limits, new MemorySize(0), 0, null);
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
     * A case with the reservation that it counts on.
     *
     * @param migrationCase what predictions are made from
     * @param reservation   bandwidth to reserve on both hosts, or nothing
     */
    public record Prepared(MigrationCase migrationCase, Optional<Bandwidth> reservation) {}

    /**
     * The case of a migration for each technique; they differ in the reservation that predictions count on.
     *
     * @param unreserved the case with nothing reserved
     * @param rule       how much bandwidth to reserve
     * @param limits     limits of the source's operator
     */
    public record Candidates(MigrationCase unreserved, ReservationRule rule, MigrationLimits limits) {

        /** What a technique is predicted from. More than the migration may use is never reserved. */
        public Prepared of(Technique technique) {
            Optional<Bandwidth> reserved = reservation(technique);
            return new Prepared(
                    reserved.map(rate -> unreserved.withLink(unreserved.link().withReserved(rate)))
                            .orElse(unreserved),
                    reserved);
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
        public Candidates withoutReservation() {
            return new Candidates(unreserved, ReservationRule.NOTHING, limits);
        }

        private Optional<Bandwidth> reservation(Technique technique) {
            return rule.reserve(question(technique)).map(limits::atMost);
        }

        private ReservationCase question(Technique technique) {
            return new ReservationCase(
                    technique,
                    unreserved.vm().traffic(),
                    unreserved.source(),
                    unreserved.destination(),
                    unreserved.link());
        }
    }

    /**
     * Decides by a predictor.
     *
     * @param predictor predicts what each technique costs
     */
    public MigrationDecider(Predictor predictor) {
        this(predictor, new TechniqueSelector());
    }

    private MigrationDecider(Predictor predictor, TechniqueSelector selector) {
        this.predictor = predictor;
        this.selector = selector;
    }

    /**
     * Decides about migrations of which nothing is changed while they run.
     *
     * @param predictor predicts what each technique costs
     */
    public static MigrationDecider unwatched(Predictor predictor) {
        return new MigrationDecider(predictor, TechniqueSelector.unwatched());
    }

    /**
     * Builds the case of a migration. XBZRLE's cache is made so small that it fits into the source's free memory.
     *
     * @param situation     the VM and both hosts
     * @param reservation   how much bandwidth to reserve on the link
     * @param timeLimit     the migration is cancelled when it takes longer; null for the default
     * @param downtimeLimit QEMU's {@code downtime-limit}, which the operator's limit bounds; null for the default
     */
    public static Prepared prepare(
            Situation situation,
            Function<LinkProfile, Optional<Bandwidth>> reservation,
            Duration timeLimit,
            Duration downtimeLimit) {
        Candidates candidates =
                candidates(situation, migration -> reservation.apply(migration.link()), timeLimit, downtimeLimit);
        return candidates.of(Technique.PRE_COPY); // as good as any: this reservation does not depend on it
    }

    /**
     * Builds the case of a migration for each technique.
     *
     * @param rule          how much bandwidth to reserve for each
     * @param timeLimit     the migration is cancelled when it takes longer; null for the default
     * @param downtimeLimit QEMU's {@code downtime-limit}, which the operator's limit bounds; null for the default
     * @see #prepare
     */
    public static Candidates candidates(
            Situation situation, ReservationRule rule, Duration timeLimit, Duration downtimeLimit) {
        MigrationLimits limits = situation.limits();
        long room = MigrationMemory.room(situation.source(), situation.reserved());
        MigrationTuning tuning = MigrationMemory.fitted(
                limits.applyTo(MigrationTuning.between(
                        situation.vm(),
                        situation.source(),
                        situation.destination(),
                        situation.link().capacity(),
                        room)),
                room);
        tuning = timeLimit == null ? tuning : tuning.withTimeLimit(timeLimit);
        tuning = downtimeLimit == null ? tuning : tuning.withDowntimeLimit(limits.shorter(downtimeLimit));
        return new Candidates(
                new MigrationCase(
                        situation.vm(),
                        situation.source(),
                        situation.destination(),
                        situation.link(),
                        tuning,
                        situation.diskBytes(),
                        situation.scattering()),
                rule,
                limits);
    }

    /**
     * Chooses a technique.
     *
     * @param migrationCase what predictions are made from
     * @param availability  what both hosts can run for the VM
     * @param policy        what the operator wants
     * @throws NoTechniqueException when no technique can move the VM
     */
    public Choice decide(MigrationCase migrationCase, TechniqueAvailability availability, SloPolicy policy) {
        return selector.select(availability, predictor.predictAll(migrationCase, availability.available()), policy);
    }

    /**
     * Chooses a technique. Each is predicted with its own reservation.
     *
     * @param candidates   the case of each technique
     * @param availability what both hosts can run for the VM
     * @param policy       what the operator wants
     * @throws NoTechniqueException when no technique can move the VM
     */
    public Choice decide(Candidates candidates, TechniqueAvailability availability, SloPolicy policy) {
        Map<MigrationCase, Set<Technique>> cases = new LinkedHashMap<>();
        for (Technique technique : availability.available()) {
            cases.computeIfAbsent(candidates.of(technique).migrationCase(), any -> EnumSet.noneOf(Technique.class))
                    .add(technique);
        }
        Map<Technique, Prediction> predictions = new EnumMap<>(Technique.class);
        cases.forEach(
                (migrationCase, techniques) -> predictions.putAll(predictor.predictAll(migrationCase, techniques)));
        return selector.select(availability, predictions, policy);
    }
}
