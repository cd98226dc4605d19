package io.github.godwit.host.driver;

import io.github.godwit.host.metrics.HostMetrics;
import io.github.godwit.host.migrate.MigrationParts;
import io.github.godwit.host.migrate.MigrationService;
import io.github.godwit.host.migrate.qemu.IncomingService;
import io.github.godwit.host.migrate.qemu.OrphanedMigrations;
import io.github.godwit.host.migrate.qemu.QemuEngine;
import io.github.godwit.host.migrate.steps.SteppedMigrationDriver;
import io.github.godwit.host.scatter.Intermediaries;
import io.github.godwit.host.trail.HostTrail;
import io.github.godwit.host.vm.HeartbeatSource;
import io.github.godwit.host.vm.QemuCommandLine;
import io.github.godwit.host.vm.QemuLauncher;
import io.github.godwit.host.vm.Taps;
import io.github.godwit.host.vm.VmInventory;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.host.vm.VmStore;
import io.github.godwit.model.technique.HostCapabilities;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Plain QEMU: the host driver starts, migrates and stops the VMs itself. */
final class QemuHypervisor implements Hypervisor {

    private final VmInventory inventory;
    private final Intermediaries intermediaries;
    private final Path left;

    /**
     * Opens the inventory and finds the VMs of an earlier host driver.
     *
     * @throws IOException if the state directory cannot be used
     */
    QemuHypervisor(HostDriverConfig config, HeartbeatSource.Factory heartbeats) throws IOException {
        intermediaries = config.intermediaries();
        left = config.state().resolve("left-batches");
        inventory = new VmInventory(
                new VmStore(config.state()),
                new QemuLauncher(),
                new QemuCommandLine(config.qemu()),
                config.images(),
                new Taps(config.state().resolve("taps")),
                heartbeats);
        inventory.rediscover();
    }

    @Override
    public VmList vms() {
        return inventory;
    }

    @Override
    public Optional<VmInventory> inventory() {
        return Optional.of(inventory);
    }

    @Override
    public HostCapabilities capabilities(HostCapabilities qemu) {
        return qemu.scatteringTo(intermediaries.offers());
    }

    @Override
    public Movement movement(
            MigrationParts parts, HostCapabilities capabilities, String address, HostMetrics metrics, HostTrail trail) {
        MigrationService migrations = new MigrationService(
                parts,
                (request, vm) -> new SteppedMigrationDriver(
                        parts, new QemuEngine(inventory, vm.name(), intermediaries, parts.traffic())));
        IncomingService incoming =
                new IncomingService(inventory, parts.traffic(), address, parts::freeInbound, intermediaries, left);
        incoming.rediscover();
        OrphanedMigrations orphans =
                new OrphanedMigrations(inventory, migrations, parts.peers(), parts.recovery(), metrics::broke);
        return new Movement(
                migrations,
                incoming,
                List.of(inventory::sweep, incoming::applyLeases, orphans::lookAfter),
                migrations::close);
    }

    @Override
    public void close() {
        inventory.close();
    }
}
