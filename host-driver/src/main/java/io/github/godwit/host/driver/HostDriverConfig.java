package io.github.godwit.host.driver;

import io.github.godwit.host.access.AccessFiles;
import io.github.godwit.host.migrate.recover.RecoveryTerms;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.profile.rules.ProfilingRules;
import io.github.godwit.host.scatter.Intermediaries;
import io.github.godwit.model.technique.ZeroCopySend;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The configuration of a host driver.
 *
 * @param name      the host's name, the same as in Nova and in all other configurations
 * @param listen    address and port of the REST API
 * @param state     directory for the records and sockets of the VMs, the reservations and the outcomes
 * @param images    directory of the guests' kernels
 * @param network   the network over which migrations go
 * @param address   IP address at which this host receives migrations
 * @param access    certificate or token, at least one of them unless the API listens on loopback
 * @param qemu      QEMU's system emulator, a name on the PATH or a path
 * @param load      how the load of the host is measured
 * @param cores     number of CPU cores for VMs
 * @param memory    memory for VMs
 * @param model     file with the prediction model; empty for the shipped one
 * @param libvirt   access to libvirt if Nova starts and migrates the VMs; otherwise empty
 * @param profiling which VMs are profiled, and by what
 * @param recovery  how long it is tried to recover a post-copy whose connection broke
 * @param zeroCopy  for which links pages are sent without copying them
 * @param intermediaries on which pages may wait
 */
public record HostDriverConfig(
        String name,
        InetSocketAddress listen,
        Path state,
        Path images,
        Network network,
        String address,
        AccessFiles access,
        String qemu,
        LoadSource load,
        double cores,
        MemorySize memory,
        Optional<Path> model,
        Optional<LibvirtHypervisor.Config> libvirt,
        ProfilingRules profiling,
        RecoveryTerms recovery,
        ZeroCopySend zeroCopy,
        Intermediaries intermediaries) {

    /** The rate that predictions assume if that of the link is not known. */
    public static final Bandwidth ASSUMED_LINK = Bandwidth.ofMegabits(1_000);

    /**
     * The network over which migrations go.
     *
     * @param nic             network interface for migrations; without it no bandwidth can be reserved
     * @param link            rate of that network interface; empty to read it from the kernel
     * @param shapeMultiqueue whether reservations may put all packets of a fast NIC with many queues behind one lock
     * @param libvirtPorts    ports to which libvirt sends migrations
     * @param plannedPorts    ports of which each migration that arrives through libvirt gets one; empty to leave the choice to libvirt
     */
    public record Network(
            Optional<String> nic,
            Optional<Bandwidth> link,
            boolean shapeMultiqueue,
            PortRange libvirtPorts,
            Optional<PortRange> plannedPorts) {

        /** A network whose ports libvirt chooses. */
        public Network(
                Optional<String> nic, Optional<Bandwidth> link, boolean shapeMultiqueue, PortRange libvirtPorts) {
            this(nic, link, shapeMultiqueue, libvirtPorts, Optional.empty());
        }

        /**
         * Checks the rate and the ports.
         *
         * @throws IllegalArgumentException if the rate is zero, or planned ports are among those of libvirt
         */
        public Network {
            if (link.isPresent() && link.get().bitsPerSecond() == 0) {
                throw new IllegalArgumentException("The --link must be positive, for example 10gbit.");
            }
            if (plannedPorts.isPresent() && plannedPorts.get().overlaps(libvirtPorts)) {
                throw new IllegalArgumentException(
                        ("The --planned-ports (%s) must be outside of the ports from which libvirt chooses (%s, migration_port_min and"
                                        + " migration_port_max of qemu.conf). Give others, or none.")
                                .formatted(plannedPorts.get(), libvirtPorts));
            }
        }
    }

    /** How the load of the host is measured. */
    public enum LoadSource {
        /** The load of the whole machine, from {@code /proc}. */
        PROC,
        /** The use by its own VMs, for a host that is a share of a machine, such as a network namespace. */
        VMS
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public HostDriverConfig {
        if (name.isBlank()) {
            throw new IllegalArgumentException("The --name is empty. Give the host's name.");
        }
        if (listen.isUnresolved()) {
            throw new IllegalArgumentException(
                    "Cannot resolve the --listen address '%s'. Give an IP address and a port, for example 127.0.0.1:9622."
                            .formatted(listen.getHostString()));
        }
        if (!(cores > 0)) {
            throw new IllegalArgumentException("The --cores (%s) must be positive.".formatted(cores));
        }
        if (!(memory.bytes() > 0)) {
            throw new IllegalArgumentException("The --memory must be positive, for example 64G.");
        }
    }
}
