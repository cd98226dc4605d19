package io.github.godwit.strategy.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.NovaFacts;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.decide.DestinationPolicy;
import io.github.godwit.strategy.decide.Displacement;
import io.github.godwit.strategy.objects.ColdMigrateParameters;
import io.github.godwit.strategy.objects.PlanDraft.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The hosts that an audit names to be emptied, and how: by {@code maintenance}, or as Watcher does it by {@code host_maintenance} and
 * {@code zone_migration}, which also migrate servers cold or stop them.
 *
 * @param backups      the host that takes all servers of an emptied host, or nothing, by the name of the emptied host, in order
 * @param displaces    whether servers may be migrated cold or stopped
 * @param live         whether servers may be migrated live
 * @param cold         whether servers may be migrated cold
 * @param disabled     whether the hosts are disabled before they are emptied
 * @param disabledText the reason for which they are disabled
 */
record EmptiedHosts(
        Map<String, Optional<String>> backups,
        boolean displaces,
        boolean live,
        boolean cold,
        boolean disabled,
        String disabledText) {

    private static final String HOST_MAINTENANCE = "host_maintenance";

    /** Watcher's reason, by which other tools know hosts in maintenance. */
    private static final String WATCHERS_REASON = "watcher_maintaining";

    /**
     * Reads the parameters of an audit.
     *
     * @param strategy   name of its strategy
     * @param parameters its parameters
     * @throws ServiceRefusal if a host is named twice
     */
    static EmptiedHosts of(String strategy, JsonNode parameters) {
        boolean watchers = HOST_MAINTENANCE.equals(strategy);
        Map<String, Optional<String>> backups = new LinkedHashMap<>();
        if (parameters.hasNonNull("maintenance_node")) {
            backups.put(parameters.path("maintenance_node").asText(), text(parameters, "backup_node"));
        }
        for (JsonNode pair : parameters.path("compute_nodes")) {
            String source = pair.path("src_node").asText();
            if (backups.put(source, text(pair, "dst_node")) != null) {
                throw ServiceRefusal.invalid("The compute_nodes name src_node %s twice".formatted(source));
            }
        }
        return new EmptiedHosts(
                backups,
                watchers || parameters.has("compute_nodes"),
                !parameters.path("disable_live_migration").asBoolean(),
                !parameters.path("disable_cold_migration").asBoolean(),
                watchers || parameters.path("disable_hosts").asBoolean(),
                watchers ? WATCHERS_REASON : "godwit: maintenance");
    }

    private static Optional<String> text(JsonNode node, String name) {
        return Optional.ofNullable(node.path(name).textValue()).filter(text -> !text.isEmpty());
    }

    Set<String> names() {
        return backups.keySet();
    }

    /**
     * The destination policy of each host.
     *
     * @param otherwise the policy of a host that no other one takes the servers of
     */
    Map<String, DestinationPolicy> destinations(DestinationPolicy otherwise) {
        Map<String, DestinationPolicy> policies = new LinkedHashMap<>();
        backups.forEach((host, backup) -> policies.put(
                host,
                backup.<DestinationPolicy>map(name -> new DestinationPolicy.Fallback(List.of(name)))
                        .orElse(otherwise)));
        return policies;
    }

    /** What becomes of servers that are not migrated live; nothing without Nova, or by a strategy that only migrates live. */
    Displacement displacement(ClusterModel cluster, Optional<NovaFacts> facts, Scope scope) {
        return displaces && facts.isPresent()
                ? Displacement.of(
                        cluster, names(), facts.get().servers(), new Displacement.Terms(live, cold, scope::includes))
                : Displacement.NONE;
    }

    /** The actions that disable the hosts, in the order of the hosts; none if they are not disabled. */
    List<Step> disableSteps() {
        return disabled
                ? names().stream()
                        .map(host -> Step.disable(host, disabledText, List.of()))
                        .toList()
                : List.of();
    }

    /** The index of the action that disables a host among all actions of the plan, in a list; an empty list if it is not disabled. */
    List<Integer> afterDisabling(String host) {
        int index = disabled ? List.copyOf(names()).indexOf(host) : -1;
        return index < 0 ? List.of() : List.of(index);
    }

    /** The actions that migrate servers cold or stop them. */
    List<Step> steps(Displacement displacement) {
        List<Step> steps = new ArrayList<>();
        for (Displacement.Displaced server : displacement.servers()) {
            List<Integer> parents = afterDisabling(server.host());
            steps.add(
                    switch (server.way()) {
                        case COLD ->
                            Step.coldMigrate(
                                    new ColdMigrateParameters(
                                            server.id(),
                                            server.host(),
                                            backups.get(server.host()).orElse(null)),
                                    server.name(),
                                    parents);
                        case STOP -> Step.stop(server.id(), server.name(), parents);
                    });
        }
        return steps;
    }
}
