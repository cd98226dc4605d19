package io.github.godwit.host.driver;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What an agent is told at its start.
 *
 * @param name      the host's name, the same for all who speak of it
 * @param listen    where its REST API listens
 * @param state     directory of its VMs
 * @param images    directory of the guests' kernels
 * @param nic       network interface that migrations go over; nothing can be reserved without
 * @param link      rate of the NIC that migrations leave by
 * @param address   IP address of this host that migrations come to
 * @param tokenFile holds the token that all host drivers share, if any
 * @param qemu      QEMU's system emulator
 * @param load      how the load of the host is measured
 * @param cores     CPU cores for VMs
 * @param memory    memory for VMs
 * @param model     file of the model to predict by; the one that comes with the program without
 * @param libvirt   Nova's libvirt, where it is Nova that starts and moves the VMs
 */
public record HostDriverConfig(
        String name,
        InetSocketAddress listen,
        Path state,
        Path images,
        Optional<String> nic,
        Bandwidth link,
        String address,
        Optional<Path> tokenFile,
        String qemu,
        LoadSource load,
        double cores,
        MemorySize memory,
        Optional<Path> model,
        Optional<LibvirtHypervisor.Config> libvirt) {

    /** How the load of the host is measured. */
    public enum LoadSource {
        /** The whole machine's, from {@code /proc}. */
        PROC,
        /** What its own VMs take: for a host that is a share of a machine, such as a network namespace. */
        VMS
    }

    /**
     * Checks what can be checked before anything starts.
     *
     * @throws IllegalArgumentException when a value is out of its range
     */
    public HostDriverConfig {
        if (name.isBlank()) {
            throw new IllegalArgumentException("The --name is empty. Give the host's name.");
        }
        if (listen.isUnresolved()) {
            throw new IllegalArgumentException(
                    "The --listen address '%s' is unknown. Give an IP address and a port, for example 127.0.0.1:9622."
                            .formatted(listen.getHostString()));
        }
        if (link.bitsPerSecond() == 0) {
            throw new IllegalArgumentException("The --link must be positive, for example 10gbit.");
        }
        if (!(cores > 0)) {
            throw new IllegalArgumentException("The --cores (%s) must be positive.".formatted(cores));
        }
        if (!(memory.bytes() > 0)) {
            throw new IllegalArgumentException("The --memory must be positive, for example 64G.");
        }
    }
}
