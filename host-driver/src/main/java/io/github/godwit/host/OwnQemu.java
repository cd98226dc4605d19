package io.github.godwit.host;

import io.github.godwit.host.migrate.IncomingService;
import io.github.godwit.host.migrate.LeftMigrations;
import io.github.godwit.host.migrate.MigrationParts;
import io.github.godwit.host.migrate.MigrationService;
import io.github.godwit.host.vm.HeartbeatSource;
import io.github.godwit.host.vm.QemuCommandLine;
import io.github.godwit.host.vm.QemuLauncher;
import io.github.godwit.host.vm.VmInventory;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.host.vm.VmStore;
import io.github.godwit.model.HostCapabilities;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** This agent starts QEMU itself. */
final class OwnQemu implements Hypervisor {

    private final VmInventory inventory;

    /**
     * @throws IOException when the state directory cannot be used
     */
    OwnQemu(AgentConfig config, HeartbeatSource.Factory heartbeats) throws IOException {
        inventory = new VmInventory(
                new VmStore(config.state()),
                new QemuLauncher(),
                new QemuCommandLine(config.qemu()),
                config.images(),
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
        return qemu;
    }

    @Override
    public Movement movement(MigrationParts parts, HostCapabilities capabilities, String address) {
        MigrationService migrations = MigrationService.ofQemu(parts, inventory);
        IncomingService incoming = new IncomingService(inventory, parts.traffic(), capabilities.qemu(), address);
        incoming.rediscover();
        LeftMigrations left = new LeftMigrations(inventory, migrations, parts.peers());
        return new Movement(
                migrations,
                incoming,
                List.of(inventory::sweep, incoming::applyLeases, left::lookAfter),
                migrations::close);
    }

    @Override
    public void close() {
        inventory.close();
    }
}
