package io.github.godwit.lab.libvirt;

import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.driver.HostLibvirt;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.system.CommandRunner;
import io.github.godwit.lab.system.Programs;
import io.github.godwit.lab.system.SystemCommands;
import io.github.godwit.model.profile.VmDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Defines, starts and removes the domains of a lab's VMs, as an administrator does with {@code virsh}. */
public final class LibvirtGuests {

    /** libvirtd asks QEMU for its capabilities when it first needs them. */
    private static final Duration VIRSH = Duration.ofSeconds(30);

    private final Lab lab;
    private final CommandRunner commands = new SystemCommands(VIRSH);

    /** The domains of a lab. */
    public LibvirtGuests(Lab lab) {
        this.lab = lab;
    }

    /**
     * Defines and starts a VM. Its sockets get a directory on every host that it may be migrated to.
     *
     * @throws LabException when libvirt refuses it; then nothing is left
     */
    public void start(LabHost host, VmDefinition vm) {
        try {
            for (LabHost each : lab.hosts()) {
                Files.createDirectories(directory(each, vm.name()));
            }
            Path xml = directory(host, vm.name()).resolve("domain.xml");
            Files.writeString(xml, new GuestDomain(vm, Programs.images()).xml());
            virsh(host, "define", xml.toString());
        } catch (IOException e) {
            throw new LabException(
                    "The files of VM '%s' cannot be written: %s".formatted(vm.name(), e.getMessage()), e);
        }
        try {
            virsh(host, "start", vm.name());
            // The host driver looks for new domains only every two seconds, unless it is asked.
            lab.client(host).vm(vm.name());
        } catch (LabException | HostDriverException e) {
            discard(host, vm.name());
            throw e;
        }
    }

    private void discard(LabHost host, String name) {
        for (String command : List.of("destroy", "undefine")) {
            try {
                virsh(host, command, name);
            } catch (LabException ignored) {
                // It has not come so far.
            }
        }
        removeDirectories(name);
    }

    /** Ends a VM and removes its domain. */
    public void stop(LabHost host, String name) {
        virsh(host, "destroy", name);
        virsh(host, "undefine", name);
        removeDirectories(name);
    }

    private void virsh(LabHost host, String command, String argument) {
        String unused = commands.run(
                "virsh", "--quiet", "-c", HostLibvirt.of(lab.state(host)).uri(), command, argument);
    }

    private Path directory(LabHost host, String vm) {
        return HostLibvirt.of(lab.state(host)).vms().resolve(vm);
    }

    private void removeDirectories(String vm) {
        for (LabHost host : lab.hosts()) {
            Path directory = directory(host, vm);
            if (!Files.isDirectory(directory)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException | UncheckedIOException e) {
                throw new LabException("%s cannot be removed: %s".formatted(directory, e.getMessage()), e);
            }
        }
    }
}
