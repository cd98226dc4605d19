package io.github.godwit.host.driver;

import io.github.godwit.common.rest.RestServer;
import io.github.godwit.common.trail.TrailLog;
import io.github.godwit.host.access.HostAccess;
import io.github.godwit.host.load.HostLoad;
import io.github.godwit.host.load.HostReport;
import io.github.godwit.host.load.MigrationTraffic;
import io.github.godwit.host.load.ProcHostLoad;
import io.github.godwit.host.load.TrafficForecasts;
import io.github.godwit.host.load.VmReport;
import io.github.godwit.host.load.VmUse;
import io.github.godwit.host.load.VmsHostLoad;
import io.github.godwit.host.metrics.HostMetrics;
import io.github.godwit.host.migrate.MigrationParts;
import io.github.godwit.host.migrate.MigrationService;
import io.github.godwit.host.migrate.OutcomeLog;
import io.github.godwit.host.policy.LinkWatch;
import io.github.godwit.host.policy.PolicySets;
import io.github.godwit.host.predict.RecentOutcomes;
import io.github.godwit.host.probe.ProbeInputs;
import io.github.godwit.host.probe.ProbedTechniques;
import io.github.godwit.host.probe.TechniqueProbe;
import io.github.godwit.host.profile.VmProfileCache;
import io.github.godwit.host.rest.EventStreams;
import io.github.godwit.host.rest.HostApiServer;
import io.github.godwit.host.rest.Routes;
import io.github.godwit.host.trail.HostTrail;
import io.github.godwit.host.vm.QemuCommandLine;
import io.github.godwit.host.vm.VmStates;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverTimeouts;
import io.github.godwit.model.predict.RecalibratedPredictor;
import io.github.godwit.model.predict.Recalibration;
import io.github.godwit.model.predict.analytic.DiskCopyPredictor;
import io.github.godwit.model.technique.HostCapabilities;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The host driver of one host: assembles its parts, and starts and stops them. The VMs outlive it. */
public final class HostDriver implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HostDriver.class);

    /** The destination may have to start QEMU; nobody follows a migration of another host driver. */
    private static final HostDriverTimeouts PEER_TIMEOUTS = new HostDriverTimeouts(
            Duration.ofSeconds(3),
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30));

    private final HostDriverParts parts;
    private final Hypervisor hypervisor;
    private final ProbedTechniques techniques;
    private final Hypervisor.Movement movement;
    private final EventStreams streams;
    private final Housekeeping housekeeping;
    private final VmStates states;
    private final VmProfileCache profiles;
    private final RestServer server;

    private HostDriver(HostDriverConfig config, HostDriverParts parts, HostAccess access) throws IOException {
        this.parts = parts;
        hypervisor = hypervisor(config, parts);
        techniques = new ProbedTechniques(
                () -> ProbeInputs.now(config.qemu(), hypervisor.account()),
                inputs -> hypervisor.capabilities(
                        new TechniqueProbe(new QemuCommandLine(config.qemu()), inputs.account()).probe(config.name())));
        HostCapabilities capabilities = techniques.get();
        states = new VmStates();
        ProfilingGuard guard = new ProfilingGuard(
                config.profiling(), hypervisor::flavor, config.libvirt().isPresent());
        profiles = new VmProfileCache(parts.profiler().apply(hypervisor.vms()), states, guard);
        VmUse use = new VmUse(hypervisor.vms());
        HostLoad load = load(config, use);
        Path outcomes = config.state().resolve("outcomes.jsonl");
        RecentOutcomes recent = new RecentOutcomes(parts.predictor(), outcomes);
        PolicySets policies = new PolicySets(config.state().resolve("policies.json"));
        LinkWatch links =
                new LinkWatch(config.name(), Path.of("/sys"), parts.network().carriers(), InstantSource.system());
        MigrationTraffic moving =
                new MigrationTraffic(this::migratingQemus, parts.network().sockets());
        TrafficForecasts forecasts = new TrafficForecasts(
                hypervisor.vms(),
                parts.network().taps(),
                () -> parts.network().applications(moving.get()),
                InstantSource.system());
        HostReport report = new HostReport(
                () -> hypervisor.permitted(techniques.get()),
                config.address(),
                load,
                use::spread,
                parts.network().nics(),
                moving,
                forecasts::host,
                parts.traffic()::support,
                version(),
                // The service predicts by the model that it ships, which the errors of another model must not correct.
                config.model().isPresent() ? () -> Recalibration.NONE : recent,
                policies::version,
                links::latest,
                hypervisor::described);
        HostMetrics metrics = new HostMetrics(version());
        HostTrail trail = new HostTrail(
                TrailLog.file(Files.createDirectories(config.state()).resolve("trail.jsonl")),
                config.name(),
                InstantSource.system());
        movement = hypervisor.movement(
                new MigrationParts(
                        hypervisor.vms(),
                        report,
                        peers(config, access),
                        profiles,
                        new DiskCopyPredictor(new RecalibratedPredictor(parts.predictor(), recent)),
                        policies,
                        links,
                        parts.traffic(),
                        new OutcomeLog(outcomes).andThen(recent),
                        config.recovery(),
                        config.zeroCopy(),
                        config.intermediaries()),
                capabilities,
                config.address(),
                metrics,
                trail);
        MigrationService migrations = movement.migrations();
        guard.leaving(migrations::sends);
        guard.migrating(() -> migrations.anyRuns() || movement.arrivals().areExpected());
        hypervisor.askOnly(guard::mayAsk);
        count(migrations, metrics);
        metrics.add(parts.network().counters().apply(hypervisor.vms()));
        access.tls()
                .ifPresent(tls ->
                        metrics.expires(() -> tls.certificate().getNotAfter().toInstant()));
        streams = new EventStreams(migrations);
        List<Runnable> chores = new ArrayList<>(movement.chores());
        chores.addAll(List.of(
                () -> profiles.refreshOne(hypervisor.vms()),
                use::sample,
                load::sample,
                recent::refresh,
                techniques::refresh,
                links::poll,
                moving::sample,
                forecasts::sample));
        chores.addAll(parts.chores());
        housekeeping = new Housekeeping(chores);
        VmReport vms = new VmReport(
                config.name(),
                use,
                states,
                parts.network().taps(),
                forecasts::vm,
                migrations::migrationOf,
                guard::description);
        server = HostApiServer.start(
                config.listen(),
                Routes.of(
                        report,
                        version(),
                        hypervisor,
                        metrics,
                        hypervisor.vms(),
                        hypervisor.inventory(),
                        vms,
                        profiles,
                        migrations,
                        movement.arrivals(),
                        streams,
                        policies,
                        trail),
                access,
                trail);
        housekeeping.start();
        LOG.info(
                "Host driver '{}' listens on {}://{}:{}, QEMU {}",
                config.name(),
                access.tls().isPresent() ? "https" : "http",
                config.listen().getAddress().getHostAddress(),
                server.port(),
                capabilities.qemu());
    }

    /** The clients of other host drivers; where the operator names the peers, of these alone. */
    private static Function<URI, HostDriverClient> peers(HostDriverConfig config, HostAccess access) {
        Function<URI, HostDriverClient> clients = access.peers(PEER_TIMEOUTS);
        return url -> {
            config.libvirt().ifPresent(libvirt -> libvirt.terms().peers().check(url));
            return clients.apply(url);
        };
    }

    private Set<Long> migratingQemus() {
        Set<Long> pids = new HashSet<>(hypervisor.vms().arriving());
        hypervisor.vms().all().stream()
                .filter(vm -> movement.migrations().migrationOf(vm).isPresent())
                .forEach(vm -> pids.add(vm.running().pid()));
        return pids;
    }

    private void count(MigrationService migrations, HostMetrics metrics) {
        migrations.whenEnded(status -> {
            metrics.ended(
                    status.technique() == null ? "none" : status.technique().id(),
                    status.phase().toString().toLowerCase(Locale.ROOT));
            if (status.recovery() != null) {
                metrics.broke(status.recovery());
            }
            if (status.outcome() != null && status.outcome().rates() != null) {
                metrics.reserved(status.outcome().rates());
            }
            if (status.outcome() != null && status.outcome().perfProxy() != null) {
                metrics.proxied(
                        status.outcome().technique().id(), status.outcome().perfProxy());
            }
        });
        migrations.whenChanged(metrics::changed);
        metrics.observe(
                () -> hypervisor.vms().all().size(),
                () -> hypervisor.hostSwitch().enabled(),
                () -> hypervisor.observes().isPresent());
    }

    /**
     * Starts a host driver.
     *
     * @throws IllegalArgumentException if a value of the configuration is invalid
     * @throws IOException              if the state directory, the token file, the certificate, QEMU, libvirt or the address cannot be used
     */
    public static HostDriver start(HostDriverConfig config, HostDriverParts parts) throws IOException {
        HostAccess access = HostAccess.read(config.access());
        access.requireFor(config.listen());
        return new HostDriver(config, parts, access);
    }

    /** The version of this program; {@code development} if it does not run from its jar. */
    public static String version() {
        String version = HostDriver.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private static Hypervisor hypervisor(HostDriverConfig config, HostDriverParts parts) throws IOException {
        if (config.libvirt().isEmpty()) {
            return new QemuHypervisor(config, parts.heartbeats());
        }
        LibvirtHypervisor.Config libvirt = config.libvirt().get();
        return libvirt.plain().isPresent()
                ? new PlainLibvirtHypervisor(libvirt.uri(), libvirt.plain().get(), config.state(), parts.heartbeats())
                : new LibvirtHypervisor(libvirt.withTaps(parts.network().taps()), config.name(), config.state());
    }

    private static HostLoad load(HostDriverConfig config, VmUse use) {
        return switch (config.load()) {
            case PROC -> new ProcHostLoad(config.cores());
            case VMS -> new VmsHostLoad(config.cores(), config.memory(), use);
        };
    }

    /** The port that the REST API listens on. */
    public int port() {
        return server.port();
    }

    /** Stops the REST API, cancels migrations in pre-copy and closes all reservations. The VMs continue to run. */
    @Override
    public void close() {
        LOG.info("Stopping; the VMs continue to run");
        server.close();
        movement.end().run();
        housekeeping.close();
        techniques.close();
        streams.close();
        movement.arrivals().close();
        profiles.close();
        states.close();
        parts.traffic().close();
        hypervisor.close();
        parts.end().run();
    }
}
