package io.github.godwit.strategy.cluster;

import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.hostapi.trail.TrailLine;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.select.PolicySet;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.traffic.VmSla;
import io.github.godwit.strategy.cluster.ClusterHost.PeerNic;
import io.github.godwit.strategy.cluster.MoveObstacle.Kind;
import io.github.godwit.strategy.common.ParallelCalls;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cloud that consists of host drivers only, without Nova. */
public final class HostDriverCloud implements Cloud {

    private static final Logger LOG = LoggerFactory.getLogger(HostDriverCloud.class);

    /** For all host drivers together. */
    private static final Duration READ_LIMIT = Duration.ofSeconds(20);

    private static final int NOT_FOUND = 404;

    private final List<HostDriverClient> drivers;
    private final ClusterSource reader;
    private final ClusterSource source;
    private final PolicyHandover policies = new PolicyHandover();
    private final Map<String, HostDriverClient> byHost = new ConcurrentHashMap<>();
    private final ConcurrencyLimits limits = new ConcurrencyLimits(Clock.systemUTC());

    /** Creates a cloud of these host drivers, with the load that they report. */
    public HostDriverCloud(List<HostDriverClient> drivers) {
        this(drivers, UnaryOperator.identity());
    }

    /**
     * Creates a cloud of these host drivers.
     *
     * @param load replaces the load that the host drivers report
     */
    public HostDriverCloud(List<HostDriverClient> drivers, UnaryOperator<ClusterSource> load) {
        this.drivers = List.copyOf(drivers);
        this.reader = new ClusterReader(drivers, READ_LIMIT);
        this.source = load.apply(reader);
    }

    @Override
    public ClusterModel read() throws InterruptedException {
        return seen(source.read());
    }

    /** Reads which VMs are where; their load may be that of the last second, wherever it is read otherwise. */
    private ClusterModel places() throws InterruptedException {
        return seen(reader.read());
    }

    private ClusterModel seen(ClusterModel cluster) throws InterruptedException {
        for (ClusterHost host : cluster.hosts()) {
            drivers.stream()
                    .filter(driver -> driver.url().equals(host.url()))
                    .findFirst()
                    .ifPresent(driver -> byHost.put(host.name(), driver));
            limits.seen(host.status());
        }
        handOut(cluster);
        return cluster.withRules(cluster.rules().withImmovable(cluster.vms()));
    }

    @Override
    public Duration window() {
        return source.window();
    }

    /** A host that was asked for its state gets the policy set at once, if it lacks it. */
    private void handOut(ClusterModel cluster) throws InterruptedException {
        PolicySet set = policies.current();
        ParallelCalls.run(
                "policies",
                cluster.hosts().stream()
                        .filter(host -> byHost.containsKey(host.name()))
                        .filter(host -> policies.concerns(host.url(), host.status(), set))
                        .<Callable<Void>>map(host -> () -> {
                            policies.give(byHost.get(host.name()), host.status(), set);
                            return null;
                        })
                        .toList(),
                READ_LIMIT);
    }

    @Override
    public void usePolicies(Supplier<PolicySet> sets) {
        policies.use(sets);
    }

    @Override
    public void handOutPolicies() throws InterruptedException {
        PolicySet set = policies.current();
        ParallelCalls.run(
                "policies",
                drivers.stream()
                        .<Callable<Void>>map(driver -> () -> {
                            handOut(driver, set);
                            return null;
                        })
                        .toList(),
                READ_LIMIT);
    }

    private void handOut(HostDriverClient driver, PolicySet set) {
        try {
            policies.give(driver, driver.host(), set);
        } catch (HostDriverException e) {
            policies.unreachable(driver, set, e.getMessage());
        }
    }

    @Override
    public Map<String, VmSla> slas(Collection<VmStatus> vms, Urgency usual) {
        return Cloud.slas(vms, usual, policies.current().trafficClasses());
    }

    @Override
    public List<Omission> withoutPolicies() {
        return policies.missing();
    }

    @Override
    public TechniqueAvailability techniques(String vm, String source, String destination) {
        return driverOf(source).techniques(vm, driverOf(destination).url());
    }

    @Override
    public Optional<PeerNic> nicTowards(ClusterHost host, ClusterHost peer) {
        if (peer.status().migrationAddress() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    PeerNic.of(driverOf(host.name()).hostTowards(peer.status().migrationAddress())));
        } catch (HostDriverException | IllegalStateException e) {
            LOG.info("The usual NIC of {} stands for the one towards {}: {}", host.name(), peer.name(), e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public VmProfile profile(String vm, String source, Duration maxAge) {
        return driverOf(source).profile(vm, maxAge);
    }

    @Override
    public OptionalInt concurrentMigrations(String host) {
        return limits.of(host, () -> driverOf(host).host());
    }

    @Override
    public Optional<MoveObstacle> obstacle(String vm, String source, String destination) {
        try {
            driverOf(source).vm(vm);
            return Optional.empty();
        } catch (HostDriverException e) {
            return e.notFound() ? whereabouts(vm, source, destination) : Optional.empty();
        } catch (IllegalStateException e) {
            return Optional.empty(); // the migration reports it
        }
    }

    /** Looks for a VM that has left its source. Nothing is returned for a VM that may be on a host that does not answer. */
    private Optional<MoveObstacle> whereabouts(String vm, String source, String destination) {
        ClusterModel cluster;
        try {
            cluster = places();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        Optional<VmStatus> found = cluster.findVm(vm);
        if (found.isEmpty()) {
            return cluster.omissions().isEmpty()
                    ? Optional.of(new MoveObstacle(Kind.GONE, "VM %s no longer exists.".formatted(vm)))
                    : Optional.empty();
        }
        return found.filter(there -> "running".equals(there.state())) // else it may only be prepared there
                .flatMap(there -> MoveObstacle.ofPlace("VM " + vm, there.host(), source, destination));
    }

    @Override
    public List<MigrationStatus> endedMigrations(UnaryOperator<Set<String>> wanted) throws InterruptedException {
        Queue<MigrationStatus> ended = new ConcurrentLinkedQueue<>();
        ParallelCalls.run(
                "outcomes",
                drivers.stream()
                        .<Callable<Void>>map(driver -> () -> {
                            ended(driver, wanted).forEach(ended::add);
                            return null;
                        })
                        .toList(),
                READ_LIMIT);
        return List.copyOf(ended);
    }

    @Override
    public Map<URI, List<TrailLine>> trails(Function<URI, UUID> last) throws InterruptedException {
        Map<URI, List<TrailLine>> trails = new ConcurrentHashMap<>();
        ParallelCalls.run(
                "trails",
                drivers.stream()
                        .<Callable<Void>>map(driver -> () -> {
                            try {
                                trails.put(driver.url(), driver.trail(last.apply(driver.url())));
                            } catch (HostDriverException e) {
                                LOG.debug("The trail of {} is read later", driver.url(), e);
                            }
                            return null;
                        })
                        .toList(),
                READ_LIMIT);
        return trails;
    }

    private static List<MigrationStatus> ended(HostDriverClient driver, UnaryOperator<Set<String>> wanted) {
        List<MigrationStatus> found = new ArrayList<>();
        try {
            Set<String> ids = driver.migrationsInBrief().stream()
                    .filter(status -> status.phase().isFinal())
                    .map(MigrationStatus::id)
                    .collect(Collectors.toSet());
            for (String id : wanted.apply(ids)) {
                found.add(driver.migration(id));
            }
        } catch (HostDriverException e) {
            LOG.debug("The migrations of {} are read later", driver.url(), e);
        }
        return found;
    }

    @Override
    public MigrationStatus migrate(MoveOrder order) {
        HostDriverClient driver = driverOf(order.source());
        HostStatus status = driver.host();
        PolicySet set = policies.current();
        policies.give(driver, status, set);
        return driver.migrate(
                policies.request(order, driverOf(order.destination()).url(), status, set));
    }

    @Override
    public Optional<MigrationStatus> findMigration(String source, UUID id) {
        try {
            return Optional.of(driverOf(source).migration(id.toString()));
        } catch (HostDriverException e) {
            if (e.statusCode() == NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public MigrationStatus follow(String source, UUID id, Duration atMost, Consumer<MigrationEvent> listener)
            throws InterruptedException {
        return driverOf(source).follow(id.toString(), atMost, listener);
    }

    @Override
    public void cancel(String source, UUID id) {
        driverOf(source).cancel(id.toString());
    }

    /** Returns the host driver of a host. If the name is unknown, all host drivers are asked for their names first. */
    private HostDriverClient driverOf(String host) {
        HostDriverClient known = byHost.get(host);
        if (known != null) {
            return known;
        }
        try {
            places();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.ofNullable(byHost.get(host))
                .orElseThrow(() -> new IllegalStateException(
                        "No host driver that answers says that it is host '%s'.".formatted(host)));
    }

    /** How many migrations each host may be the source of at a time, as its host driver reported it last. Thread-safe. */
    private static final class ConcurrencyLimits {

        private static final Duration MAX_AGE = Duration.ofMinutes(1);

        private record Known(OptionalInt limit, Instant at) {}

        private final InstantSource clock;
        private final Map<String, Known> known = new ConcurrentHashMap<>();

        ConcurrencyLimits(InstantSource clock) {
            this.clock = clock;
        }

        /** Remembers what a host driver reported. */
        void seen(HostStatus status) {
            known.put(status.profile().name(), new Known(limit(status), clock.instant()));
        }

        /** Returns the limit of a host; asks if the last answer is old, and uses that one if there is no newer one. */
        OptionalInt of(String host, Supplier<HostStatus> ask) {
            Known last = known.get(host);
            if (last != null && clock.instant().isBefore(last.at().plus(MAX_AGE))) {
                return last.limit();
            }
            try {
                seen(ask.get());
            } catch (HostDriverException | IllegalStateException e) {
                known.put(host, new Known(last == null ? OptionalInt.empty() : last.limit(), clock.instant()));
            }
            return known.get(host).limit();
        }

        private static OptionalInt limit(HostStatus status) {
            Integer most = status.capabilities().limits().maxConcurrent();
            return most == null ? OptionalInt.empty() : OptionalInt.of(most);
        }
    }
}
