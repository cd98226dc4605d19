package io.github.godwit.strategy.replay;

import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.profile.PageContent;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.MoveOrder;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * What the planner asks about a simulated cluster. The trace does not tell how VMs write to their memory; they count as VMs that write little,
 * with half of their memory in use. Nothing can be migrated here.
 */
record SimulatedCloud(ClusterModel cluster) implements Cloud {

    private static final double LOCALITY = 0.5;

    @Override
    public ClusterModel read() {
        return cluster;
    }

    @Override
    public TechniqueAvailability techniques(String vm, String source, String destination) {
        return TechniqueAvailability.all();
    }

    @Override
    public VmProfile profile(String name, String source, Duration maxAge) {
        VmStatus vm = cluster.vm(name);
        return new VmProfile(
                name,
                vm.definition().memory(),
                vm.vcpus(),
                vm.residentMemory().pages(),
                DirtyCurve.idle(),
                LOCALITY,
                PageContent.UNKNOWN,
                vm.vcpuUse(),
                0,
                vm.residentMemory(),
                false,
                vm.traffic(),
                VmProfile.DirtySource.PAGE_SAMPLING,
                Accelerator.KVM,
                VmProfile.FRESH);
    }

    @Override
    public MigrationStatus migrate(MoveOrder order) {
        throw new UnsupportedOperationException("A replay migrates nothing.");
    }

    @Override
    public Optional<MigrationStatus> findMigration(String source, UUID id) {
        return Optional.empty();
    }

    @Override
    public MigrationStatus follow(String source, UUID id, Duration atMost, Consumer<MigrationEvent> listener) {
        throw new UnsupportedOperationException("A replay migrates nothing.");
    }

    @Override
    public void cancel(String source, UUID id) {
        throw new UnsupportedOperationException("A replay migrates nothing.");
    }
}
