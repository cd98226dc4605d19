package io.github.godwit.strategy.nova;

import io.github.godwit.common.HostName;
import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.hostapi.trail.TrailLine;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.select.PolicySet;
import io.github.godwit.model.technique.ServerConstraint;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.technique.TechniqueConstraint;
import io.github.godwit.model.traffic.SlaWishes;
import io.github.godwit.model.traffic.TrafficClasses;
import io.github.godwit.model.traffic.VmSla;
import io.github.godwit.nova.Nova;
import io.github.godwit.nova.NovaHosts.Aggregate;
import io.github.godwit.nova.NovaHosts.ComputeService;
import io.github.godwit.nova.OpenStackException;
import io.github.godwit.nova.Placement;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterHost.PeerNic;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.ClusterRules;
import io.github.godwit.strategy.cluster.MoveObstacle;
import io.github.godwit.strategy.cluster.MoveOrder;
import io.github.godwit.strategy.cluster.NovaFacts;
import io.github.godwit.strategy.cluster.Omission;
import io.github.godwit.strategy.cluster.PlacementRoom.TraitWishes;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cloud of host drivers with Nova: it obeys Nova's rules, can disable hosts, and migrates servers through Nova. */
public final class NovaCloud implements Cloud {

    private static final Logger LOG = LoggerFactory.getLogger(NovaCloud.class);

    /** Running plans read the rules many times a second. */
    private static final Duration RULES_MAX_AGE = Duration.ofSeconds(5);

    private static final int SERVER_ERROR = 500;

    /** Default of {@code [DEFAULT] max_concurrent_live_migrations}. */
    private static final int NOVA_CONCURRENT = 1;

    private final Cloud drivers;
    private final Nova nova;
    private final PlacementReader placement;
    private final HostNames names;
    private final NovaObstacles obstacles;
    private final NovaMigrations migrations;
    private final InstantSource clock;
    private volatile Supplier<PolicySet> policies = PolicySet::shipped;
    private volatile CachedRules cached;

    private record CachedRules(ClusterRules rules, Instant at) {}

    /**
     * @param drivers   the host drivers
     * @param nova      Nova's API
     * @param placement Placement's API
     * @param clock     current time
     */
    public NovaCloud(Cloud drivers, Nova nova, Placement placement, InstantSource clock) {
        this(drivers, nova, placement, clock, NovaMigrations.Pace.DEFAULT);
    }

    NovaCloud(Cloud drivers, Nova nova, Placement placement, InstantSource clock, NovaMigrations.Pace pace) {
        this.drivers = drivers;
        this.nova = nova;
        this.placement = new PlacementReader(placement);
        this.names = new HostNames(() -> namesOf(drivers), () -> nova.hosts().hostNames(), clock);
        this.obstacles = new NovaObstacles(nova, names);
        this.migrations = new NovaMigrations(drivers, nova, names, pace);
        this.clock = clock;
        nova.useNames(names);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Used by running plans. If Nova does not answer, the rules that it returned last are used.
     */
    @Override
    public ClusterRules rules() {
        CachedRules last = cached;
        if (last != null && clock.instant().isBefore(last.at().plus(RULES_MAX_AGE))) {
            return last.rules();
        }
        try {
            return freshRules(NovaState.read(nova));
        } catch (OpenStackException e) {
            if (last == null) {
                throw ServiceRefusal.unavailable(e.getMessage());
            }
            LOG.warn("Nova's rules cannot be read; using those of {}: {}", last.at(), e.getMessage());
            return last.rules();
        }
    }

    private ClusterRules freshRules(NovaState state) {
        ClusterRules rules = NovaRules.of(state);
        cached = new CachedRules(rules, clock.instant());
        return rules;
    }

    /**
     * {@inheritDoc}
     *
     * @throws ServiceRefusal if Nova or Placement does not answer, because a decision without their rules could violate them
     */
    @Override
    public ClusterModel read() throws InterruptedException {
        ClusterModel cluster = drivers.read();
        names.know(namesOf(cluster));
        try {
            NovaState state = NovaState.read(nova);
            freshRules(state);
            Map<String, TraitWishes> wishes = FlavorTraits.wishes(state.servers());
            HypervisorChoice hypervisors = HypervisorChoice.of(
                    nova.hosts().hypervisors(),
                    state.servers(),
                    host -> cluster.findHost(host).isPresent());
            ProviderTrees trees = placement.read(hypervisors.ids().values(), FlavorTraits.traits(wishes.values()));
            return new NovaSnapshot(state, hypervisors, trees, wishes).of(cluster, names.match());
        } catch (OpenStackException e) {
            throw ServiceRefusal.unavailable(e.getMessage());
        }
    }

    private static List<String> namesOf(Cloud drivers) {
        try {
            return namesOf(drivers.read());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private static List<String> namesOf(ClusterModel cluster) {
        return cluster.hosts().stream().map(ClusterHost::name).toList();
    }

    @Override
    public Duration window() {
        return drivers.window();
    }

    @Override
    public boolean hasNova() {
        return true;
    }

    @Override
    public String hostName(String name) {
        try {
            return names.find(name);
        } catch (OpenStackException e) {
            throw ServiceRefusal.unavailable(e.getMessage());
        }
    }

    @Override
    public Optional<NovaFacts> facts() {
        try {
            return Optional.of(
                    NovaRules.facts(services(), nova.servers(), nova.hosts().aggregates()));
        } catch (OpenStackException e) {
            throw ServiceRefusal.unavailable(e.getMessage());
        }
    }

    @Override
    public Map<String, NovaFacts.Host> novaHosts() throws InterruptedException {
        try {
            HypervisorChoice hypervisors =
                    HypervisorChoice.of(nova.hosts().hypervisors(), nova.servers(), host -> true);
            return NovaRules.hosts(
                    services(),
                    hypervisors.ids(),
                    placement.read(hypervisors.ids().values(), Set.of()));
        } catch (OpenStackException e) {
            throw ServiceRefusal.unavailable(e.getMessage());
        }
    }

    private List<ComputeService> services() {
        return NovaState.of(nova.hosts().services(), List.of(), Set.of(), List.of())
                .services();
    }

    @Override
    public void setEnabled(String host, boolean enabled, String reason) {
        try {
            nova.hosts().setEnabled(compute(host).id(), enabled, reason);
        } catch (OpenStackException e) {
            throw ServiceRefusal.unavailable(e.getMessage());
        }
        CachedRules last = cached;
        cached = last == null ? null : new CachedRules(last.rules(), Instant.MIN);
    }

    @Override
    public HostService hostService(String host) {
        try {
            ComputeService service = compute(host);
            return new HostService(service.enabled(), service.disabledReason());
        } catch (OpenStackException e) {
            throw ServiceRefusal.unavailable(e.getMessage());
        }
    }

    private ComputeService compute(String host) {
        String known = names.find(host);
        List<ComputeService> services = services();
        ComputeService service = services.stream()
                .filter(each -> each.host().equals(known))
                .findFirst()
                .or(() -> similar(services, known))
                .orElseThrow(() -> ServiceRefusal.notFound("Nova has no nova-compute on host '%s'.".formatted(host)));
        if (service.inDownCell()) {
            throw ServiceRefusal.unavailable("The cell of host '%s' in Nova does not answer.".formatted(host));
        }
        return service;
    }

    /** A host driver that does not answer has told no name since the service was started. */
    private static Optional<ComputeService> similar(List<ComputeService> services, String host) {
        List<ComputeService> found = services.stream()
                .filter(each -> HostName.same(each.host(), host))
                .toList();
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    @Override
    public Optional<ServerState> server(String id) {
        try {
            return nova.findServer(id)
                    .map(found ->
                            new ServerState(found.id(), found.host(), found.status(), found.task(), found.locked()));
        } catch (OpenStackException e) {
            throw ServiceRefusal.unavailable(e.getMessage());
        }
    }

    @Override
    public void stopServer(String id) {
        request(() -> nova.stop(id));
    }

    @Override
    public void startServer(String id) {
        request(() -> nova.start(id));
    }

    @Override
    public void coldMigrate(String id, String host) {
        request(() -> nova.coldMigrate(id, host));
    }

    @Override
    public void confirmMigration(String id) {
        request(() -> nova.confirmMigration(id));
    }

    /** Requests something of Nova; a request that it may have accepted without an answer is UNAVAILABLE, one that it refuses a CONFLICT. */
    private static void request(Runnable order) {
        try {
            order.run();
        } catch (OpenStackException e) {
            throw e.status() == OpenStackException.NO_ANSWER || e.status() >= SERVER_ERROR
                    ? ServiceRefusal.unavailable(e.getMessage())
                    : ServiceRefusal.conflict(e.getMessage());
        }
    }

    @Override
    public List<ServerMove> movesSince(Instant since) {
        try {
            return nova.moves().since(since).stream()
                    .map(move ->
                            new ServerMove(move.server(), move.source(), move.destination(), move.runs(), move.at()))
                    .toList();
        } catch (OpenStackException e) {
            throw ServiceRefusal.unavailable(e.getMessage());
        }
    }

    @Override
    public Optional<String> failure(String id, String kind) {
        try {
            return nova.error(id, kind);
        } catch (OpenStackException e) {
            LOG.warn("The events of server {} cannot be read from Nova: {}", id, e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public TechniqueAvailability techniques(String vm, String source, String destination) {
        TechniqueAvailability available = drivers.techniques(vm, source, destination);
        Set<String> hosts = new HashSet<>(List.of(source, destination));
        try {
            return nova.findServer(vm)
                    .map(server -> constrained(server, hosts, available))
                    .orElse(available);
        } catch (OpenStackException e) {
            throw ServiceRefusal.unavailable(e.getMessage());
        }
    }

    /** The host driver applies the same constraints when nova-compute asks it. A plan that ignored them could not be executed. */
    private TechniqueAvailability constrained(Nova.Server server, Set<String> hosts, TechniqueAvailability available) {
        ServerConstraint constraint = ServerConstraint.of(
                server.flavor().extraSpecs().get(TechniqueConstraint.KEY),
                server.metadata().get(TechniqueConstraint.KEY));
        constraint.warnings().forEach(warning -> LOG.warn("Server {}: {}", server.id(), warning));
        return policies.get()
                .constraint(hosts, Optional.ofNullable(server.project()))
                .narrowedBy(constraint.constraint())
                .of(available);
    }

    @Override
    public Map<String, Set<String>> aggregates() {
        try {
            return nova.hosts().aggregates().stream()
                    .collect(Collectors.groupingBy(
                            Aggregate::name,
                            Collectors.flatMapping(each -> each.hosts().stream(), Collectors.toSet())));
        } catch (OpenStackException e) {
            throw ServiceRefusal.unavailable(e.getMessage());
        }
    }

    @Override
    public void usePolicies(Supplier<PolicySet> source) {
        policies = source;
        drivers.usePolicies(source);
    }

    @Override
    public Map<URI, List<TrailLine>> trails(Function<URI, UUID> last) throws InterruptedException {
        return drivers.trails(last);
    }

    @Override
    public List<MigrationStatus> endedMigrations(UnaryOperator<Set<String>> wanted) throws InterruptedException {
        return drivers.endedMigrations(wanted);
    }

    @Override
    public void handOutPolicies() throws InterruptedException {
        drivers.handOutPolicies();
    }

    @Override
    public Map<String, VmSla> slas(Collection<VmStatus> vms, Urgency usual) {
        TrafficClasses classes = policies.get().trafficClasses();
        Map<String, VmSla> slas = new HashMap<>(Cloud.slas(vms, usual, classes));
        Map<String, Nova.Server> servers = servers(vms);
        for (VmStatus vm : vms) {
            Nova.Server server = servers.get(vm.name());
            if (server != null) {
                SlaWishes wishes = SlaWishes.of(server.flavor().extraSpecs(), server.metadata());
                slas.put(vm.name(), classes.of(vm.traffic(), usual, Optional.ofNullable(server.project()), wishes));
            }
        }
        return slas;
    }

    /** The servers that VMs are, by UUID. */
    private Map<String, Nova.Server> servers(Collection<VmStatus> vms) {
        if (vms.isEmpty()) {
            return Map.of();
        }
        try {
            List<Nova.Server> found = vms.size() == 1
                    ? nova.findServer(vms.iterator().next().name()).stream().toList()
                    : nova.servers();
            return found.stream().collect(Collectors.toMap(Nova.Server::id, Function.identity(), (one, other) -> one));
        } catch (OpenStackException e) {
            throw ServiceRefusal.unavailable(e.getMessage());
        }
    }

    @Override
    public List<Omission> withoutPolicies() {
        return drivers.withoutPolicies();
    }

    @Override
    public long localDisk(String vm) {
        try {
            return NovaMigrations.named(vm)
                    ? nova.findServer(vm).map(Nova.Server::localDiskBytes).orElse(0L)
                    : 0;
        } catch (OpenStackException e) {
            throw ServiceRefusal.unavailable(e.getMessage());
        }
    }

    @Override
    public Optional<PeerNic> nicTowards(ClusterHost host, ClusterHost peer) {
        return drivers.nicTowards(host, peer);
    }

    @Override
    public VmProfile profile(String vm, String source, Duration maxAge) {
        return drivers.profile(vm, source, maxAge);
    }

    @Override
    public Optional<MoveObstacle> obstacle(String vm, String source, String destination) {
        return NovaMigrations.named(vm)
                ? obstacles.of(vm, source, destination)
                : drivers.obstacle(vm, source, destination);
    }

    /** {@inheritDoc} A host driver that does not know it leaves Nova's default. */
    @Override
    public OptionalInt concurrentMigrations(String host) {
        OptionalInt known = drivers.concurrentMigrations(host);
        return known.isPresent() ? known : OptionalInt.of(NOVA_CONCURRENT);
    }

    @Override
    public void useOwnMigrations(Supplier<Set<String>> vms) {
        obstacles.ignore(vms);
    }

    @Override
    public MigrationStatus migrate(MoveOrder order) {
        return migrations.migrate(order);
    }

    @Override
    public Optional<MigrationStatus> findMigration(String source, UUID id) {
        return migrations.find(source, id);
    }

    @Override
    public MigrationStatus follow(String source, UUID id, Duration atMost, Consumer<MigrationEvent> listener)
            throws InterruptedException {
        return migrations.follow(source, id, atMost, listener);
    }

    @Override
    public void cancel(String source, UUID id) {
        migrations.cancel(source, id);
    }
}
