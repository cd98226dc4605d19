package io.github.godwit.host.driver;

import io.github.godwit.host.libvirt.DomainEvents;
import io.github.godwit.host.libvirt.DomainFlavors;
import io.github.godwit.host.libvirt.DomainMigrations;
import io.github.godwit.host.libvirt.EmulatorUser;
import io.github.godwit.host.libvirt.LibvirtConnection;
import io.github.godwit.host.libvirt.LibvirtJobs;
import io.github.godwit.host.libvirt.LibvirtVms;
import io.github.godwit.host.metrics.HostMetrics;
import io.github.godwit.host.migrate.MigrationParts;
import io.github.godwit.host.nova.ComputeSocket;
import io.github.godwit.host.nova.MigrationAdvice;
import io.github.godwit.host.nova.NovaMessage;
import io.github.godwit.host.nova.NovaMigrationAdvisor;
import io.github.godwit.host.nova.NovaPatience;
import io.github.godwit.host.nova.UnplannedTerms;
import io.github.godwit.host.nova.permit.AdviceMode;
import io.github.godwit.host.nova.permit.AdviceSwitch;
import io.github.godwit.host.nova.permit.OperatorRules;
import io.github.godwit.host.nova.permit.TechniqueRefusals;
import io.github.godwit.host.nova.reserve.PortRefusals;
import io.github.godwit.host.nova.reserve.ReservedArrivals;
import io.github.godwit.host.probe.QemuAccount;
import io.github.godwit.host.trail.HostTrail;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmInventory;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.HostSwitch;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.unit.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Nova's VMs, through libvirt: nova-compute asks the host driver for advice on each migration. */
public final class LibvirtHypervisor implements Hypervisor {

    private static final Logger LOG = LoggerFactory.getLogger(LibvirtHypervisor.class);

    private final Config config;
    private final DomainEvents events = new DomainEvents();
    private final LibvirtConnection libvirt;
    private final LibvirtVms vms;
    private final DomainFlavors flavors;
    private final Path limits;
    private final Path migrations;
    private final AdviceSwitch hostSwitch;
    private final OperatorRules rules;
    private final TechniqueRefusals refusals = new TechniqueRefusals(Clock.systemUTC());
    private final PortRefusals ports = new PortRefusals(Clock.systemUTC());
    private final EmulatorUser user;
    private volatile Runnable turned = () -> {};

    /**
     * The configuration.
     *
     * @param uri    URI of libvirt, for example {@code qemu:///system}
     * @param socket Unix socket for nova-compute
     * @param users  names or ids of the users that may connect to it
     * @param terms  how migrations that no plan contains are decided
     * @param mode   whether nova-compute is advised; otherwise it always uses Nova's own flags
     * @param plain  how the host driver itself has libvirt migrate the VMs; empty if Nova does
     */
    public record Config(
            String uri,
            Path socket,
            Set<String> users,
            UnplannedTerms terms,
            AdviceMode mode,
            Optional<PlainLibvirtHypervisor.Config> plain) {

        /** A copy where the traffic of VMs is known. */
        Config withTaps(Function<Vm, Traffic> taps) {
            return new Config(uri, socket, users, terms.withTaps(taps), mode, plain);
        }
    }

    /**
     * Connects to libvirt.
     *
     * @param config the configuration
     * @param host   name of this host
     * @param state  directory that keeps what nova-compute sends
     * @throws IOException if libvirt is not installed or does not answer
     */
    LibvirtHypervisor(Config config, String host, Path state) throws IOException {
        this.config = config;
        limits = state.resolve("speed-limits");
        migrations = state.resolve("migrations");
        hostSwitch = new AdviceSwitch(state.resolve("switch.json"), Clock.systemUTC());
        rules = new OperatorRules(host, state.resolve("nova-configuration.json"), config.mode(), hostSwitch);
        libvirt = LibvirtConnection.open(config.uri(), events);
        vms = new LibvirtVms(libvirt);
        flavors = new DomainFlavors(libvirt);
        vms.refresh();
        user = new EmulatorUser(libvirt, vms);
    }

    @Override
    public Optional<QemuAccount> account() {
        return user.get();
    }

    @Override
    public VmList vms() {
        return vms;
    }

    @Override
    public Optional<VmInventory> inventory() {
        return Optional.empty();
    }

    @Override
    public void askOnly(Predicate<Vm> which) {
        vms.askOnly(which);
    }

    @Override
    public Optional<String> flavor(String vm) {
        return flavors.of(vm);
    }

    @Override
    public HostCapabilities capabilities(HostCapabilities qemu) throws IOException {
        return qemu.by(libvirt.version());
    }

    @Override
    public HostCapabilities permitted(HostCapabilities software) {
        return rules.applyTo(software);
    }

    @Override
    public HostStatus described(HostStatus host) {
        return host.with(
                refusals.inEffect(),
                ports.inEffect(),
                hostSwitch.position(),
                rules.observes().orElse(null));
    }

    @Override
    public Optional<String> observes() {
        return rules.observes();
    }

    @Override
    public HostSwitch hostSwitch() {
        return hostSwitch.position();
    }

    @Override
    public HostSwitch turn(HostSwitch position) throws IOException {
        HostSwitch now = hostSwitch.turn(position.enabled(), position.reason());
        turned.run();
        return now;
    }

    @Override
    public Movement movement(
            MigrationParts parts, HostCapabilities capabilities, String address, HostMetrics metrics, HostTrail trail)
            throws IOException {
        Version version = capabilities.libvirt();
        if (parts.policies().get().find(config.terms().policy()).isEmpty()) {
            LOG.warn(
                    "There is no policy '{}' yet; until the service hands it over, migrations that no plan contains are left to Nova",
                    config.terms().policy());
        }
        LibvirtJobs jobs = new LibvirtJobs(libvirt, events, limits);
        jobs.restoreSpeeds();
        NovaPostcopies postcopies =
                new NovaPostcopies(parts, new DomainMigrations(libvirt, events), jobs, version, migrations);
        NovaMigrationAdvisor advisor = new NovaMigrationAdvisor(
                parts,
                jobs,
                version,
                config.terms(),
                NovaPatience.DEFAULT,
                rules,
                refusals,
                ports,
                metrics,
                postcopies);
        postcopies.countUnless(uuid -> advisor.migrations().destinationOf(uuid).isPresent(), metrics::broke);
        turned = advisor::applyRules;
        ReservedArrivals arrivals = new ReservedArrivals(vms, parts.traffic(), address, metrics, parts::freeInbound);
        ComputeSocket socket = new ComputeSocket(config.socket(), config.users(), message -> {
            MigrationAdvice advice = advisor.apply(message);
            if (message.message() == NovaMessage.Kind.ASK && advice != null && advice.technique() != null) {
                trail.advised(message.vm());
            }
            return advice;
        });
        return new Movement(
                advisor.migrations(),
                arrivals,
                List.of(vms::refresh, vms::refreshLimits, arrivals::applyLeases, postcopies::lookAfter),
                () -> {
                    socket.close();
                    advisor.close();
                });
    }

    @Override
    public void close() {
        vms.close();
        libvirt.close();
    }
}
