package io.github.godwit.strategy.cluster;

import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.TechniqueAvailability;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A cloud that consists of host drivers only, without Nova. */
public final class HostDriverCloud implements Cloud {

    /** For all host drivers together. */
    private static final Duration READ_LIMIT = Duration.ofSeconds(20);

    private static final int NOT_FOUND = 404;

    private final List<HostDriverClient> agents;
    private final ClusterSource source;
    private final Map<String, HostDriverClient> byHost = new ConcurrentHashMap<>();

    /** Creates a cloud of these host drivers, with the load that they report. */
    public HostDriverCloud(List<HostDriverClient> agents) {
        this(agents, UnaryOperator.identity());
    }

    /**
     * Creates a cloud of these host drivers.
     *
     * @param load replaces the load that the host drivers report
     */
    public HostDriverCloud(List<HostDriverClient> agents, UnaryOperator<ClusterSource> load) {
        this.agents = List.copyOf(agents);
        this.source = load.apply(new ClusterReader(agents, READ_LIMIT));
    }

    @Override
    public ClusterModel read() throws InterruptedException {
        ClusterModel cluster = source.read();
        for (ClusterHost host : cluster.hosts()) {
            agents.stream()
                    .filter(agent -> agent.url().equals(host.agent()))
                    .findFirst()
                    .ifPresent(agent -> byHost.put(host.name(), agent));
        }
        return cluster;
    }

    @Override
    public TechniqueAvailability techniques(String vm, String source, String destination) {
        return agent(source).techniques(vm, agent(destination).url());
    }

    @Override
    public VmProfile profile(String vm, String source) {
        return agent(source).profile(vm);
    }

    @Override
    public MigrationStatus migrate(MoveOrder order) {
        return agent(order.source())
                .migrate(new MigrationRequest(
                        order.vm(),
                        agent(order.destination()).url(),
                        order.technique(),
                        order.policy(),
                        order.reservation(),
                        order.timeLimit(),
                        null,
                        order.observed(),
                        order.decision(),
                        order.id()));
    }

    @Override
    public Optional<MigrationStatus> findMigration(String source, UUID id) {
        try {
            return Optional.of(agent(source).migration(id.toString()));
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
        return agent(source).follow(id.toString(), atMost, listener);
    }

    @Override
    public void cancel(String source, UUID id) {
        agent(source).cancel(id.toString());
    }

    /** Returns the host driver of a host. If the name is unknown, all host drivers are asked for their names first. */
    private HostDriverClient agent(String host) {
        HostDriverClient known = byHost.get(host);
        if (known != null) {
            return known;
        }
        try {
            read();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.ofNullable(byHost.get(host))
                .orElseThrow(() -> new IllegalStateException(
                        "No host driver that answers says that it is host '%s'.".formatted(host)));
    }
}
