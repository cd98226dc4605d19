package io.github.godwit.strategy.service;

import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.ClusterRules.IdleServer;
import io.github.godwit.strategy.cluster.NovaFacts;
import io.github.godwit.strategy.cluster.NovaFacts.Details;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** A cloud in memory with Nova's servers, running and stopped. What Nova is requested to do has happened at the next look. */
final class FakeNovaCloud extends FakeCloud {

    private final Map<String, ServerState> servers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /** All VMs of the cluster are ACTIVE servers. */
    FakeNovaCloud(ClusterModel cluster) {
        super(cluster);
        withNova();
        cluster.vms().forEach(vm -> put(vm.name(), vm.host(), "ACTIVE"));
    }

    private void put(String id, String host, String status) {
        servers.put(id, new ServerState(id, host, status, null, false));
    }

    /** Adds a server that is stopped. */
    FakeNovaCloud stopped(String id, String host) {
        put(id, host, "SHUTOFF");
        change(cluster -> {
            List<IdleServer> idle = new ArrayList<>(cluster.rules().idle());
            idle.add(new IdleServer(id, "my-" + id, host, "SHUTOFF"));
            return cluster.withRules(cluster.rules().withIdle(idle));
        });
        return this;
    }

    /** Returns what Nova was requested to do, besides live migrations, in order. */
    List<String> requests() {
        return requests;
    }

    @Override
    public Optional<NovaFacts> facts() {
        return Optional.of(new NovaFacts(
                Map.of(),
                List.of(),
                servers.values().stream()
                        .collect(Collectors.toMap(
                                ServerState::id,
                                state -> new NovaFacts.Server(
                                        state.id(),
                                        "p",
                                        Map.of(),
                                        Map.of(),
                                        new Details(
                                                "my-" + state.id(),
                                                state.status(),
                                                state.task(),
                                                state.locked(),
                                                null,
                                                1,
                                                512,
                                                1))))));
    }

    @Override
    public Optional<ServerState> server(String id) {
        return Optional.ofNullable(servers.get(id));
    }

    @Override
    public void stopServer(String id) {
        requests.add("stop " + id);
        put(id, servers.get(id).host(), "SHUTOFF");
    }

    @Override
    public void startServer(String id) {
        requests.add("start " + id);
        put(id, servers.get(id).host(), "ACTIVE");
    }

    @Override
    public void coldMigrate(String id, String host) {
        requests.add("migrate %s to %s".formatted(id, host));
        put(id, host == null ? "h3" : host, "VERIFY_RESIZE");
    }

    @Override
    public void confirmMigration(String id) {
        requests.add("confirm " + id);
        put(id, servers.get(id).host(), "SHUTOFF");
    }
}
