package io.github.godwit.host.migrate;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import io.github.godwit.common.FakeServer;
import io.github.godwit.host.WritingVm;
import io.github.godwit.host.libvirt.DomainJobs;
import io.github.godwit.host.libvirt.JobEvent;
import io.github.godwit.host.libvirt.JobStats;
import io.github.godwit.host.metrics.HostMetrics;
import io.github.godwit.host.migrate.recover.RecoveryTerms;
import io.github.godwit.host.net.FlowTakenException;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.net.TrafficControl;
import io.github.godwit.host.net.TrafficControl.Share;
import io.github.godwit.host.nova.NovaMessage;
import io.github.godwit.host.nova.NovaMigrationAdvisor;
import io.github.godwit.host.nova.NovaPatience;
import io.github.godwit.host.nova.NovaRecovery;
import io.github.godwit.host.nova.PeerUrls;
import io.github.godwit.host.nova.UnplannedTerms;
import io.github.godwit.host.nova.permit.AdviceMode;
import io.github.godwit.host.nova.permit.AdviceSwitch;
import io.github.godwit.host.nova.permit.OperatorRules;
import io.github.godwit.host.nova.permit.TechniqueRefusals;
import io.github.godwit.host.nova.reserve.PortRefusals;
import io.github.godwit.host.policy.LinkWatch;
import io.github.godwit.host.profile.VmProfileCache;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.scatter.Intermediaries;
import io.github.godwit.host.vm.FakeVms;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmStates;
import io.github.godwit.hostapi.GrantedRate;
import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.HostStatus.ReservationSupport;
import io.github.godwit.hostapi.HostStatusBuilder;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.hostapi.MigrationRequest.Observation;
import io.github.godwit.hostapi.PostcopyRecovery;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverTimeouts;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.ProfilePart;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.select.PolicySet;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.technique.LinkDrop;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.ZeroCopySend;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import io.github.godwit.model.unit.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** All that surrounds a {@link NovaMigrationAdvisor}: a VM, libvirt's jobs, traffic control, and the other host's driver. */
public final class FakeHost implements AutoCloseable {

    /** Name of the VM. */
    public static final String VM = "0793895c-c6ba-45a8-bfa6-702f1057d822";

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Version LIBVIRT = new Version(11, 3, 0);
    private static final Version QEMU = new Version(10, 0, 2);
    private static final ObjectMapper JSON = WireJson.strictMapper();

    private final FakeServer peer = new FakeServer();
    private final Set<String> reserved = ConcurrentHashMap.newKeySet();
    private final VmStates states = new VmStates();
    private final VmProfileCache profiles = new VmProfileCache(this::profile, states, new VmProfileCache.Guard() {
        @Override
        public Optional<String> objection(Vm vm) {
            return Optional.empty();
        }

        @Override
        public boolean usesMonitor() {
            return false;
        }
    });
    private final DomainJobs jobs = mock();
    private final TrafficControl trafficControl = mock();
    private volatile Consumer<JobEvent> listener = event -> {};
    private volatile CountDownLatch profilingReleased = new CountDownLatch(0);
    private volatile Traffic traffic = Traffic.NONE;
    private volatile Predictor predictor = new AnalyticPredictor();
    private volatile UnaryOperator<HostCapabilities> capabilities = UnaryOperator.identity();
    private final Path state = Files.createTempDirectory("fake-host");
    private final AdviceSwitch hostSwitch = new AdviceSwitch(state.resolve("switch.json"), Clock.systemUTC());
    private final TechniqueRefusals refusals = new TechniqueRefusals(Clock.systemUTC());
    private final PortRefusals portRefusals = new PortRefusals(Clock.systemUTC());
    private final HostMetrics metrics = new HostMetrics("test");
    private volatile OperatorRules rules =
            new OperatorRules("here", Path.of("no-such-file"), AdviceMode.ADVISE, hostSwitch);
    private volatile Supplier<PolicySet> policies = PolicySet::shipped;
    private volatile Optional<LinkDrop> linkDrop = Optional.empty();
    private volatile Integer plannedPort;
    private volatile TrafficControl.Reservation reservation;
    private final List<Map.Entry<NovaMessage.Order, URI>> followed = new CopyOnWriteArrayList<>();
    private volatile PostcopyRecovery recovery;
    private final AtomicInteger profilings = new AtomicInteger();
    private volatile VmProfile profile = WritingVm.named(VM);

    /** Starts the other host's driver. */
    public FakeHost() throws IOException {
        peer.when("GET /there/v1/host", exchange -> FakeServer.send(exchange, 200, json(status("there"))));
        peer.otherwise(exchange -> incoming(exchange));
        when(jobs.listen(any(), any())).thenAnswer(call -> {
            listener = call.getArgument(1);
            return (Runnable) () -> listener = event -> {};
        });
        when(jobs.stats(any())).thenReturn(Optional.empty());
        when(trafficControl.libvirtPorts()).thenReturn(PortRange.LIBVIRT);
        when(trafficControl.support()).thenReturn(ReservationSupport.of("", ""));
        when(trafficControl.plannedPorts()).thenReturn(Optional.empty());
        when(trafficControl.reserve(any(), any(Share.class)))
                .thenAnswer(call -> reservation(call.<Share>getArgument(1).floor()));
    }

    private void incoming(HttpExchange exchange) throws IOException {
        if (exchange.getRequestURI().getPath().endsWith("/v1/incoming")) {
            if (JSON.readTree(exchange.getRequestBody()).hasNonNull("reservation")) {
                reserved.add("there");
            }
            boolean wanted = String.valueOf(exchange.getRequestURI().getQuery()).contains("port=true");
            FakeServer.send(
                    exchange,
                    200,
                    json(new IncomingTicket("m", "127.0.0.1", 49_152, "", 49_215, wanted ? plannedPort : null)));
        } else if (exchange.getRequestURI().getPath().endsWith("/rate")) {
            FakeServer.send(exchange, 200, json(new GrantedRate(Bandwidth.parse("750mbit"), null, "")));
        } else if (exchange.getRequestURI().getPath().endsWith("/confirm")) {
            FakeServer.send(exchange, 200, json(Heartbeats.NONE));
        } else {
            reserved.remove("there");
            FakeServer.send(exchange, 200, json(Heartbeats.NONE));
        }
    }

    private static String json(Object body) throws IOException {
        return JSON.writeValueAsString(body);
    }

    private TrafficControl.Reservation reservation(Bandwidth rate) {
        reserved.add("here");
        reservation = mock();
        when(reservation.rate()).thenReturn(rate);
        doAnswer(call -> {
                    reserved.remove("here");
                    return null;
                })
                .when(reservation)
                .close();
        return reservation;
    }

    private HostStatus status(String name) {
        HostProfile host =
                new HostProfile(name, 4, 0.1, MemorySize.parse("8G"), 0.1, Bandwidth.parse("1gbit"), traffic);
        return HostStatusBuilder.of(
                        host, capabilities.apply(new HostCapabilities(name, QEMU, LIBVIRT, Map.of())), "127.0.0.1")
                .linkDrop(name.equals("there") ? linkDrop.orElse(null) : null)
                .build();
    }

    /** An advisor that waits long for a profile. */
    public NovaMigrationAdvisor advisor() {
        return advisor(LONG);
    }

    /** An advisor that waits for a profile as long as this. */
    public NovaMigrationAdvisor advisor(Duration profilePatience) {
        MigrationParts parts = new MigrationParts(
                FakeVms.list(FakeVms.vm(new RunningVm(
                        WritingVm.definition(VM), ProcessHandle.current().pid(), Path.of("/")))),
                this::here,
                HostDriverClient.sharing(null, HostDriverTimeouts.DEFAULT),
                profiles,
                this::predict,
                () -> policies.get(),
                new LinkWatch("here", state, Set::of, InstantSource.system()),
                trafficControl,
                outcome -> {},
                RecoveryTerms.DEFAULT,
                ZeroCopySend.NEVER,
                Intermediaries.NONE);
        return new NovaMigrationAdvisor(
                parts,
                jobs,
                LIBVIRT,
                new UnplannedTerms(
                        new PeerUrls(peer.url() + "/{host}", Set.of()), "ensure_performance", ReservationTerms.DEFAULT),
                new NovaPatience(LONG, profilePatience, LONG, LONG),
                rules,
                refusals,
                portRefusals,
                metrics,
                new NovaRecovery() {
                    @Override
                    public void follow(String vm, NovaMessage.Order order, URI destination) {
                        followed.add(Map.entry(order, destination));
                    }

                    @Override
                    public Optional<PostcopyRecovery> of(String vm) {
                        return Optional.ofNullable(recovery);
                    }
                });
    }

    /** What is followed, with the host driver of its destination. */
    public List<Map.Entry<NovaMessage.Order, URI>> followed() {
        return List.copyOf(followed);
    }

    /** Makes the connection of the migration break in post-copy, with this in the end. */
    public void breaks(PostcopyRecovery end) {
        recovery = end;
    }

    /** The URL of the other host's driver. */
    public URI peer() {
        return peer.url().resolve("/there");
    }

    private VmProfile profile(RunningVm vm, Monitor monitor, Duration patience, Consumer<VmProfile> early)
            throws InterruptedException {
        profilingReleased.await();
        profilings.incrementAndGet();
        return profile;
    }

    private Prediction predict(MigrationCase migrationCase, Technique technique) {
        return predictor.predict(migrationCase, technique);
    }

    /** libvirt's statistics of a migration. */
    public static JobStats stats(long elapsedMillis, long downtimeMillis) {
        return new JobStats(Map.of(
                "operation", 5L, "time_elapsed", elapsedMillis, "downtime", downtimeMillis, "data_processed", 1L));
    }

    /** The jobs of the domains on this host, a mock. */
    public DomainJobs jobs() {
        return jobs;
    }

    /** This host's traffic control, a mock. */
    public TrafficControl trafficControl() {
        return trafficControl;
    }

    /** Publishes an event of libvirt about the VM. */
    public void publish(JobEvent event) {
        listener.accept(event);
    }

    /** What libvirt has refused. */
    public TechniqueRefusals refusals() {
        return refusals;
    }

    /** Destinations to which no migration goes by a port of its own. */
    public PortRefusals portRefusals() {
        return portRefusals;
    }

    /** The switch of this host. */
    public AdviceSwitch hostSwitch() {
        return hostSwitch;
    }

    /** What is counted. */
    public HostMetrics metrics() {
        return metrics;
    }

    /** The other host's driver. */
    public FakeServer peerServer() {
        return peer;
    }

    /** The hosts on which bandwidth is reserved. */
    public Set<String> reserved() {
        return Set.copyOf(reserved);
    }

    /** How often the VM was profiled. */
    public int profilings() {
        return profilings.get();
    }

    /** The VM and both hosts, as a planner observes them. */
    public Observation observation() {
        return new Observation(
                profile, status("here").profile(), status("there").profile());
    }

    /** Makes profiling hang until {@link #releaseProfiling}. */
    public void blockProfiling() {
        profilingReleased = new CountDownLatch(1);
    }

    /** Makes profiling continue. */
    public void releaseProfiling() {
        profilingReleased.countDown();
    }

    /** Makes the profile miss how much the VM writes. */
    public void hideWrites() {
        profile = WritingVm.known(VM, Map.of(ProfilePart.CONTENT, 0L, ProfilePart.VCPU_USE, 0L));
    }

    /** Replaces the analytic predictor. */
    public void predictWith(Predictor other) {
        predictor = other;
    }

    /** Puts 600 Mbit/s of other traffic on the link. */
    public void loadLink() {
        traffic = new Traffic(Bandwidth.parse("600mbit"), Bandwidth.parse("600mbit"));
    }

    /** Makes the other host keep a port for each migration, if it is asked for one. */
    public void planPort(int port) {
        plannedPort = port;
    }

    /** Makes another migration have the flow when bandwidth is reserved here for the first time, and no longer after that. */
    public void takeFlow() throws IOException {
        when(trafficControl.reserve(any(), any(Share.class)))
                .thenThrow(new FlowTakenException("the second", "the first"))
                .thenAnswer(call -> reservation(call.<Share>getArgument(1).floor()));
    }

    /** Stops the other host's driver. */
    public void stopPeer() {
        peer.stop();
    }

    /** Polls until a value is not null. */
    public <T> T await(Supplier<T> wanted) throws InterruptedException {
        T found = wanted.get();
        while (found == null) {
            TimeUnit.MILLISECONDS.sleep(5);
            found = wanted.get();
        }
        return found;
    }

    /** This host's state. */
    public HostStatus here() {
        return status("here").with(refusals.inEffect(), portRefusals.inEffect(), hostSwitch.position());
    }

    /** What is reserved on this host, a mock; null before that. */
    public TrafficControl.Reservation reservation() {
        return reservation;
    }

    /** Makes the other host's link have dropped. */
    public void dropLink(LinkDrop drop) {
        linkDrop = Optional.of(drop);
    }

    /** Hands over another policy set. */
    public void choosesBy(Supplier<PolicySet> others) {
        policies = others;
    }

    /** Applies the operator's rules to the next {@link #advisor()}; without them everything is permitted. */
    public void obey(OperatorRules other) {
        rules = other;
        capabilities = software -> software.host().equals("here") ? other.applyTo(software) : software;
    }

    @Override
    public void close() {
        releaseProfiling();
        profiles.close();
        states.close();
        peer.close();
        try {
            Files.deleteIfExists(state.resolve("switch.json"));
            Files.delete(state);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
