package io.github.godwit.host.vm;

import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.qmp.Qmp;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.qmp.UnixQmpClient;
import io.github.godwit.model.profile.VmDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The VMs that this host driver starts and stops. They outlive the host driver, and the next one finds them again. */
public final class VmInventory implements VmList, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(VmInventory.class);
    private static final Duration QUIT_TIMEOUT = Duration.ofSeconds(5);

    private final VmStore store;
    private final QemuLauncher launcher;
    private final QemuCommandLine commandLine;
    private final Path images;
    private final Taps taps;
    private final HeartbeatSource.Factory heartbeats;
    private final Set<String> starting = ConcurrentHashMap.newKeySet();
    private final Map<String, HostedVm> vms = new ConcurrentHashMap<>();
    private final VmLimitsReader reader = new VmLimitsReader(Path.of("/proc"));

    // The host driver starts its VMs without devices of the host and without disks.
    private final VmLimitsWatch<HostedVm> limits =
            new VmLimitsWatch<>(vm -> reader.read(vm.running().pid(), vm::monitor, Map.of(), 0));

    /**
     * Creates an empty inventory; {@link #rediscover} adds the VMs that are running.
     *
     * @param store       their records on disk
     * @param launcher    starts QEMU
     * @param commandLine builds QEMU's command lines
     * @param images      directory of the guests' kernels
     * @param taps        makes and removes the taps of the VMs
     * @param heartbeats  opens the heartbeat sources of the VMs
     */
    public VmInventory(
            VmStore store,
            QemuLauncher launcher,
            QemuCommandLine commandLine,
            Path images,
            Taps taps,
            HeartbeatSource.Factory heartbeats) {
        this.store = store;
        this.launcher = launcher;
        this.commandLine = commandLine;
        this.images = images;
        this.taps = taps;
        this.heartbeats = heartbeats;
    }

    /**
     * Adds the VMs that an earlier host driver left running, and removes the directories of those that have ended.
     *
     * @throws IOException if the state directory cannot be read or cleaned up
     */
    public void rediscover() throws IOException {
        for (VmRecord record : store.load()) {
            String name = record.definition().name();
            if (record.process() != null && record.process().alive()) {
                vms.put(name, new HostedVm(store, record, null, heartbeats, limits));
                LOG.info(
                        "Found VM '{}' running with pid {}",
                        name,
                        record.process().pid());
            } else if (record.process() == null && stopUnfinished(name)) {
                LOG.warn("Stopped VM '{}', which an earlier host driver had only begun to start", name);
            } else {
                LOG.info("Removed the directory of VM '{}', which has ended", name);
            }
            if (!vms.containsKey(name)) {
                removeFiles(record.definition());
            }
        }
    }

    private boolean stopUnfinished(String name) {
        try (Qmp qmp = UnixQmpClient.connect(store.directory(name).qmpSocket(), Duration.ofSeconds(2))) {
            qmp.execute("quit");
            return true;
        } catch (QmpException e) {
            return false;
        }
    }

    /**
     * Boots a VM.
     *
     * @throws Refusal                  if there is a VM of this name
     * @throws IllegalArgumentException if the image directory does not contain its image
     * @throws IOException              if QEMU does not start; the message contains QEMU's own
     */
    public HostedVm boot(VmDefinition definition) throws IOException {
        VmDirectory directory = store.directory(definition.name());
        return start(
                new VmRecord(definition, null, null, null),
                commandLine.boot(definition, image(definition), directory),
                directory);
    }

    /**
     * Starts a VM that waits for an incoming migration; fails as {@link #boot} does.
     *
     * @param migrationId id of the migration, recorded until the VM has arrived
     */
    public HostedVm prepareIncoming(VmDefinition definition, String migrationId) throws IOException {
        VmDirectory directory = store.directory(definition.name());
        return start(
                new VmRecord(definition, null, migrationId, null),
                commandLine.incoming(definition, image(definition), directory),
                directory);
    }

    private HostedVm start(VmRecord record, List<String> command, VmDirectory directory) throws IOException {
        String name = record.definition().name();
        if (!starting.add(name)) {
            throw nameTaken(name);
        }
        try {
            if (find(name).isPresent()) {
                throw nameTaken(name);
            }
            return launch(record, command, directory);
        } finally {
            starting.remove(name);
        }
    }

    private static Refusal nameTaken(String name) {
        return Refusal.conflict("There is already a VM '%s' on this host. Choose another name.".formatted(name));
    }

    private HostedVm launch(VmRecord record, List<String> command, VmDirectory directory) throws IOException {
        String name = record.definition().name();
        try {
            store.remove(name);
            store.save(record);
            if (record.definition().nic() != null) {
                taps.create(directory.tap(), record.definition().nic().bridge());
            }
            QemuLauncher.Started started = launcher.start(command, directory);
            VmRecord complete = record.withProcess(started.process(), started.machine());
            store.save(complete);
            HostedVm vm = new HostedVm(store, complete, started.qmp(), heartbeats, limits);
            vms.put(name, vm);
            return vm;
        } catch (IOException | RuntimeException e) {
            removeFiles(record.definition());
            throw e;
        }
    }

    private Path image(VmDefinition definition) {
        if (definition.initrd() != null) {
            image(definition, definition.initrd());
        }
        return image(definition, definition.image());
    }

    private Path image(VmDefinition definition, String file) {
        Path image = images.resolve(file);
        if (!Files.isReadable(image)) {
            throw new IllegalArgumentException("The image '%s' of VM '%s' is not in this host's image directory %s."
                    .formatted(file, definition.name(), images));
        }
        return image;
    }

    @Override
    public Optional<HostedVm> find(String name) {
        return Optional.ofNullable(vms.get(name)).filter(HostedVm::alive);
    }

    @Override
    public HostedVm get(String name) {
        return find(name).orElseThrow(() -> VmList.noSuchVm(name));
    }

    @Override
    public List<HostedVm> all() {
        return vms.values().stream()
                .filter(HostedVm::alive)
                .sorted(Comparator.comparing(HostedVm::name))
                .toList();
    }

    /** Stops a VM's QEMU by {@code quit}, kills it if it is still running after five seconds, and removes its directory. */
    public void stop(HostedVm vm) throws IOException {
        try {
            vm.qmp().execute("quit");
        } catch (QmpException e) {
            LOG.debug("VM '{}' does not respond to quit", vm.name(), e);
        }
        if (!vm.process().awaitEnd(QUIT_TIMEOUT)) {
            LOG.warn(
                    "VM '{}' did not quit within {} s, killing pid {}",
                    vm.name(),
                    QUIT_TIMEOUT.toSeconds(),
                    vm.running().pid());
            vm.process().kill();
            vm.process().awaitEnd(QUIT_TIMEOUT);
        }
        forget(vm);
    }

    /** Removes the VMs whose QEMU has ended by itself, their directories, and taps that could not be removed before, and reads the limits of the others if that is due. */
    public void sweep() {
        for (HostedVm vm : vms.values()) {
            if (!vm.alive()) {
                LOG.warn(
                        "QEMU of VM '{}' has ended: {}",
                        vm.name(),
                        QemuLauncher.logTail(vm.running().log()));
                try {
                    forget(vm);
                } catch (IOException e) {
                    LOG.warn("Cannot remove the directory of VM '{}': {}", vm.name(), e.getMessage());
                }
            }
        }
        taps.removeLeftovers();
        limits.refresh(all());
    }

    private void forget(HostedVm vm) throws IOException {
        vm.release();
        if (vms.remove(vm.name(), vm)) {
            removeFiles(vm.running().definition());
        }
    }

    /** Removes the tap first: as long as the record exists, a later host driver knows of it. */
    private void removeFiles(VmDefinition definition) throws IOException {
        if (definition.nic() != null) {
            taps.remove(store.directory(definition.name()).tap());
        }
        store.remove(definition.name());
    }

    /** Closes the connections to all VMs; the VMs continue to run. */
    @Override
    public void close() {
        limits.close();
        vms.values().forEach(HostedVm::release);
        vms.clear();
    }
}
