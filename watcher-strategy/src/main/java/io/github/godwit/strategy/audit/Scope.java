package io.github.godwit.strategy.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.godwit.strategy.Refusal;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import java.util.HashSet;
import java.util.Set;

/**
 * The part of the cluster that an audit may touch, in Watcher's form: {@code [{"compute": [{"exclude": [{"compute_nodes":
 * [{"name": "h1"}]}, {"instances": [{"uuid": "vm-1"}]}]}]}]}. Excluded hosts are not looked at; excluded VMs stay and count
 * with their load.
 *
 * @param hosts hosts that are left out
 * @param vms   VMs that are not moved, by UUID or name
 */
public record Scope(Set<String> hosts, Set<String> vms) {

    private static final String EXCLUDE = "exclude";

    /** Copies the sets. */
    public Scope {
        hosts = Set.copyOf(hosts);
        vms = Set.copyOf(vms);
    }

    /**
     * Brings a scope into its one form: the old one without a key is compute's.
     *
     * @throws Refusal when it is none, or asks for what this cloud cannot tell
     */
    public static ArrayNode normalised(JsonNode given) {
        ArrayNode scope = JsonNodeFactory.instance.arrayNode();
        if (given == null || given.isNull() || given.isEmpty()) {
            return scope;
        }
        if (!given.isArray()) {
            throw Refusal.invalid("The scope must be a list");
        }
        boolean keyed = given.get(0).has("compute") || given.get(0).has("storage");
        if (keyed) {
            scope.addAll((ArrayNode) given);
        } else {
            scope.addObject().set("compute", given);
        }
        of(scope);
        return scope;
    }

    /**
     * Reads a scope.
     *
     * @throws Refusal when a part of it is unknown
     */
    public static Scope of(JsonNode scope) {
        Set<String> hosts = new HashSet<>();
        Set<String> vms = new HashSet<>();
        for (JsonNode part : scope) {
            part.fieldNames().forEachRemaining(key -> {
                if (!"compute".equals(key)) {
                    throw Refusal.invalid("The scope knows compute only, not " + key);
                }
            });
            for (JsonNode rule : part.path("compute")) {
                rule.fieldNames().forEachRemaining(key -> {
                    if (!EXCLUDE.equals(key)) {
                        throw Refusal.invalid(
                                "The scope's %s needs Nova, which this service does not use; exclude compute_nodes or instances"
                                        .formatted(key));
                    }
                });
                for (JsonNode excluded : rule.path(EXCLUDE)) {
                    excluded.properties().forEach(entry -> exclude(entry.getKey(), entry.getValue(), hosts, vms));
                }
            }
        }
        return new Scope(hosts, vms);
    }

    private static void exclude(String kind, JsonNode items, Set<String> hosts, Set<String> vms) {
        String key = switch (kind) {
            case "compute_nodes" -> "name";
            case "instances" -> "uuid";
            default ->
                throw Refusal.invalid(
                        "The scope can exclude compute_nodes and instances, not %s, which needs Nova".formatted(kind));
        };
        for (JsonNode item : items) {
            if (!item.path(key).isTextual()) {
                throw Refusal.invalid("The scope's excluded %s need a %s each".formatted(kind, key));
            }
            ("name".equals(key) ? hosts : vms).add(item.path(key).textValue());
        }
    }

    /** The cluster as this audit may see it. */
    public ClusterModel of(ClusterModel cluster) {
        if (hosts.isEmpty() && vms.isEmpty()) {
            return cluster;
        }
        var kept = cluster.hosts().stream()
                .filter(host -> !hosts.contains(host.name()))
                .toList();
        Set<String> names = new HashSet<>(kept.stream().map(ClusterHost::name).toList());
        return new ClusterModel(
                kept,
                cluster.vms().stream().filter(vm -> names.contains(vm.host())).toList(),
                cluster.omissions(),
                cluster.rules().withPinned(vms));
    }
}
