package io.github.godwit.host.cli;

import io.github.godwit.host.driver.HostDriverConfig;
import io.github.godwit.host.migrate.recover.RecoveryTerms;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.scatter.Intermediaries;
import io.github.godwit.model.technique.ZeroCopySend;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** The options of the network over which migrations go. */
final class NetworkOptions {

    private static final Path QEMU_CONF = Path.of("/etc/libvirt/qemu.conf");
    private static final PortRange PLANNED = new PortRange(49_300, 49_399);

    @Option(
            showDefaultValue = Visibility.NEVER,
            names = "--interface",
            paramLabel = "NIC",
            description = "Network interface for migrations. Without it no bandwidth can be reserved.")
    private Optional<String> nic = Optional.empty();

    @Option(
            showDefaultValue = Visibility.NEVER,
            names = "--link",
            paramLabel = "RATE",
            description = "Rate of that interface, for example 10gbit. Default: what its driver reports.")
    private Optional<Bandwidth> link = Optional.empty();

    @Option(
            showDefaultValue = Visibility.NEVER,
            names = "--shape-multiqueue",
            description =
                    "Reserve bandwidth above 10 Gbit/s also for inbound traffic, and for outbound traffic of an interface with several"
                            + " queues. During a reservation all packets of that direction then pass one queue behind one lock."
                            + " Default: QEMU alone limits migrations there.")
    private boolean shapeMultiqueue;

    @Option(
            showDefaultValue = Visibility.NEVER,
            names = "--migration-ports",
            paramLabel = "FIRST-LAST",
            description =
                    "Ports to which libvirt sends migrations. Default: migration_port_min and migration_port_max of "
                            + "/etc/libvirt/qemu.conf.")
    private Optional<PortRange> ports = Optional.empty();

    @Option(
            showDefaultValue = Visibility.NEVER,
            names = "--planned-ports",
            paramLabel = "FIRST-LAST|none",
            description =
                    "Ports outside of those, of which each migration that arrives through libvirt gets one, so that several migrations"
                            + " between two hosts have a bandwidth each. A port that the source cannot reach is not used. none: libvirt"
                            + " chooses. Default: 49300-49399, or none if --migration-ports has some of them.")
    private Optional<String> plannedPorts = Optional.empty();

    @Option(
            names = "--postcopy-recovery",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description =
                    "How long to try to make the connection of a post-copy again after it broke. 0: never, it is left to an operator.")
    private long recovery;

    @Option(
            names = "--zero-copy-from",
            paramLabel = "RATE|never",
            defaultValue = "never",
            description =
                    "Send the pages of MULTIFD without copying them (QEMU's zero-copy-send) over links of at least this rate, for example"
                            + " 25gbit. QEMU must be permitted to lock as much memory as the VM has.")
    private String zeroCopyFrom = "never";

    @Option(
            showDefaultValue = Visibility.NEVER,
            names = "--intermediaries",
            paramLabel = "FILE",
            description =
                    "JSON file with the Redis servers on which pages of SCATTER-GATHER may wait, for example"
                            + " [{\"host\": \"10.0.0.9\", \"password_file\": \"/etc/godwit/redis\"}]. Default: none. Without --libvirt only.")
    private Optional<Path> intermediaries = Optional.empty();

    Intermediaries intermediaries() throws IOException {
        return intermediaries.isEmpty() ? Intermediaries.NONE : Intermediaries.read(intermediaries.get());
    }

    ZeroCopySend zeroCopy() {
        return zeroCopyFrom.equals("never") ? ZeroCopySend.NEVER : new ZeroCopySend(Bandwidth.parse(zeroCopyFrom));
    }

    RecoveryTerms recovery() {
        return new RecoveryTerms(Duration.ofSeconds(recovery));
    }

    HostDriverConfig.Network config() {
        PortRange libvirt = ports.orElseGet(() -> LibvirtPorts.read(QEMU_CONF));
        return new HostDriverConfig.Network(nic, link, shapeMultiqueue, libvirt, planned(libvirt));
    }

    private Optional<PortRange> planned(PortRange libvirt) {
        if (plannedPorts.isEmpty()) {
            return Optional.of(PLANNED).filter(usual -> !usual.overlaps(libvirt));
        }
        return plannedPorts.filter(text -> !text.equals("none")).map(PortRange::parse);
    }
}
