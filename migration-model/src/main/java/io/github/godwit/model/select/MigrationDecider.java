package io.github.godwit.model.select;

import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.MigrationLimits;
import io.github.godwit.model.technique.MigrationMemory;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

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
     * A case with the reservation that it counts on.
     *
     * @param migrationCase what predictions are made from
     * @param reservation   bandwidth to reserve on both hosts, or nothing
     */
    public record Prepared(MigrationCase migrationCase, Optional<Bandwidth> reservation) {}

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
     * @param reservation   how much bandwidth to reserve on the link
     * @param timeLimit     the migration is cancelled when it takes longer; null for the default
     * @param downtimeLimit QEMU's {@code downtime-limit}, which the operator's limit bounds; null for the default
     */
    public static Prepared prepare(
            Situation situation,
            Function<LinkProfile, Optional<Bandwidth>> reservation,
            Duration timeLimit,
            Duration downtimeLimit) {
        LinkProfile link = situation.link();
        MigrationLimits limits = situation.limits();
        Optional<Bandwidth> reserved = reservation.apply(link).map(limits::atMost);
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
                        reserved.map(link::withReserved).orElse(link),
                        tuning,
                        situation.diskBytes()),
                reserved);
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
}
