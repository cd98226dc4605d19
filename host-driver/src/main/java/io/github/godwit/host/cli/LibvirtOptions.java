package io.github.godwit.host.cli;

import io.github.godwit.host.driver.LibvirtHypervisor;
import io.github.godwit.host.driver.PlainLibvirtHypervisor;
import io.github.godwit.host.migrate.libvirt.LibvirtPeers;
import io.github.godwit.host.nova.PeerUrls;
import io.github.godwit.host.nova.UnplannedTerms;
import io.github.godwit.host.nova.permit.AdviceMode;
import io.github.godwit.model.bandwidth.BandwidthModel;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.reserve.ReservationTerms;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** The options of a host whose VMs libvirt runs. */
final class LibvirtOptions {

    @Option(
            showDefaultValue = Visibility.NEVER,
            names = "--libvirt",
            paramLabel = "URI",
            description =
                    "libvirt runs the VMs of this host, usually qemu:///system. Nova manages them, unless --no-nova is given.")
    private Optional<String> uri = Optional.empty();

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            defaultValue = "/run/godwit/host.sock",
            description = "Unix socket for nova-compute. With --libvirt.")
    private Path socket;

    @Option(
            names = "--socket-user",
            paramLabel = "USER",
            defaultValue = "nova",
            description =
                    "User, by name or id, that may connect to --socket, besides root and the user of this program.")
    private List<String> users = List.of();

    @Option(
            names = "--peers",
            paramLabel = "URL",
            showDefaultValue = Visibility.NEVER,
            description =
                    "URL of the host driver of another compute host; {host} is its name in Nova. Default: https://{host}:9622 with"
                            + " --tls-certificate, otherwise http://{host}:9622.")
    private Optional<String> peers = Optional.empty();

    @Option(
            names = "--peer",
            showDefaultValue = Visibility.NEVER,
            paramLabel = "HOST",
            description =
                    "Name or address of a host whose host driver may get the token. If it is given, no other host gets it; repeat it for"
                            + " each peer.")
    private List<String> knownPeers = List.of();

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            defaultValue = "ensure_performance",
            description = "Policy for migrations that no plan contains, unless the server names one.")
    private String policy;

    @Option(
            names = "--urgency",
            paramLabel = "high|medium|low",
            defaultValue = "medium",
            description = "How much bandwidth to reserve for these migrations if the link is busy.")
    private Urgency urgency;

    @Option(
            names = "--no-advice",
            showDefaultValue = Visibility.NEVER,
            description =
                    "Have Nova use its own flags for every migration from this host, and tell plans that no technique can be"
                            + " chosen here. The host driver still profiles VMs and reports the host.")
    private boolean noAdvice;

    @Option(
            names = "--observe",
            showDefaultValue = Visibility.NEVER,
            description =
                    "Only observe: have Nova use its own flags for every migration from this host, reserve nothing, and record what Godwit"
                            + " would have chosen and what Nova's flags cost. With --libvirt.")
    private boolean observe;

    @Option(
            names = "--no-nova",
            showDefaultValue = Visibility.NEVER,
            description =
                    "There is no Nova: the host driver itself has libvirt migrate the VMs, which are named as their domains."
                            + " With --libvirt.")
    private boolean noNova;

    @Option(
            names = "--libvirt-peers",
            paramLabel = "URI",
            defaultValue = "qemu+ssh://{host}/system",
            description =
                    "URI at which this host's libvirt reaches that of another host; {host} is its name, {address} its --address."
                            + " With --no-nova.")
    private String libvirtPeers;

    @Option(
            names = "--heartbeats",
            paramLabel = "DIR",
            showDefaultValue = Visibility.NEVER,
            description =
                    "Directory with a socket VM/heartbeat.sock for each VM, on which QEMU passes on a byte for each unit of work of"
                            + " the guest. With --no-nova.")
    private Optional<Path> heartbeats = Optional.empty();

    /**
     * The configuration, if libvirt manages the VMs.
     *
     * @param model tells how much bandwidth is ideal for a migration
     * @param tls   whether host drivers speak HTTPS
     */
    Optional<LibvirtHypervisor.Config> config(Supplier<BandwidthModel> model, boolean tls) {
        Set<String> listened = new TreeSet<>(users);
        listened.add("root");
        listened.add(System.getProperty("user.name"));
        UnplannedTerms terms = new UnplannedTerms(
                new PeerUrls(
                        peers.orElse(tls ? "https://{host}:9622" : "http://{host}:9622"), new TreeSet<>(knownPeers)),
                policy,
                ReservationTerms.DEFAULT.withUrgency(urgency),
                model);
        Optional<PlainLibvirtHypervisor.Config> plain = noNova
                ? Optional.of(new PlainLibvirtHypervisor.Config(new LibvirtPeers(libvirtPeers), heartbeats))
                : Optional.empty();
        if (noNova && uri.isEmpty()) {
            throw new IllegalArgumentException("--no-nova has no effect without --libvirt. Give libvirt's URI.");
        }
        if (observe && (noNova || uri.isEmpty())) {
            throw new IllegalArgumentException(
                    "--observe has no effect without Nova, whose migrations it observes. Give --libvirt without --no-nova.");
        }
        if (observe && noAdvice) {
            throw new IllegalArgumentException(
                    "--observe decides and records, and --no-advice does neither. Give one of them.");
        }
        return uri.map(given -> new LibvirtHypervisor.Config(given, socket, listened, terms, mode(), plain));
    }

    private AdviceMode mode() {
        if (observe) {
            return AdviceMode.OBSERVE;
        }
        return noAdvice ? AdviceMode.SILENT : AdviceMode.ADVISE;
    }
}
