package io.github.godwit.strategy.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.TextRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A scope in Watcher's format, not yet resolved against Nova:
 *
 * <pre>{@code
 * [{"compute": [
 *   {"availability_zones": [{"name": "z1"}]},
 *   {"host_aggregates": [{"id": 1}]},
 *   {"exclude": [
 *     {"compute_nodes": [{"name": "h1"}]},
 *     {"instances": [{"uuid": "vm-1"}]},
 *     {"projects": [{"uuid": "p"}]},
 *     {"host_aggregates": [{"name": "slow"}]},
 *     {"instance_metadata": [{"pinned": "true"}]}]}]}]
 * }</pre>
 *
 * @param zones              names of the availability zones in scope; {@code *} for all
 * @param aggregates         ids or names of the host aggregates in scope; {@code *} for all
 * @param excludedHosts      names of excluded hosts
 * @param excludedAggregates ids or names of host aggregates whose hosts are excluded
 * @param excludedVms        names or UUIDs of VMs that are not migrated
 * @param excludedProjects   UUIDs of projects whose VMs are not migrated
 * @param excludedMetadata   pairs of key and value; VMs with any of these pairs in their metadata are not migrated
 */
record ScopeTerms(
        Set<String> zones,
        Set<String> aggregates,
        Set<String> excludedHosts,
        Set<String> excludedAggregates,
        Set<String> excludedVms,
        Set<String> excludedProjects,
        List<Map.Entry<String, String>> excludedMetadata) {

    private static final String EXCLUDE = "exclude";

    private ScopeTerms() {
        this(
                new HashSet<>(),
                new HashSet<>(),
                new HashSet<>(),
                new HashSet<>(),
                new HashSet<>(),
                new HashSet<>(),
                new ArrayList<>());
    }

    /**
     * Checks a scope and converts Watcher's old format, a list without the key {@code compute}, to the current one.
     *
     * @param given the scope, or null
     * @param nova  whether the service uses Nova, which knows zones, aggregates, projects and metadata
     * @throws ServiceRefusal if the scope is malformed, or needs Nova and the service does not use it
     */
    static ArrayNode normalised(JsonNode given, boolean nova) {
        ArrayNode scope = JsonNodeFactory.instance.arrayNode();
        if (given == null || given.isNull() || given.isEmpty()) {
            return scope;
        }
        if (!given.isArray()) {
            throw ServiceRefusal.invalid("The scope must be a list");
        }
        boolean keyed = given.get(0).has("compute") || given.get(0).has("storage");
        if (keyed) {
            scope.addAll((ArrayNode) given);
        } else {
            scope.addObject().set("compute", given);
        }
        TextRule.SCOPE.check(scope);
        ScopeTerms terms = of(scope);
        if (!nova) {
            terms.requireNoNova();
        }
        return scope;
    }

    /**
     * Parses a scope in the current format.
     *
     * @throws ServiceRefusal if it contains an unknown element
     */
    static ScopeTerms of(JsonNode scope) {
        ScopeTerms terms = new ScopeTerms();
        for (JsonNode part : scope) {
            part.fieldNames().forEachRemaining(key -> {
                if (!"compute".equals(key)) {
                    throw ServiceRefusal.invalid("The scope supports only compute, not " + key);
                }
            });
            for (JsonNode rule : part.path("compute")) {
                rule.properties().forEach(entry -> terms.take(entry.getKey(), entry.getValue()));
            }
        }
        return terms;
    }

    private void take(String kind, JsonNode items) {
        switch (kind) {
            case "availability_zones" -> zones.addAll(names(kind, items, "name"));
            case "host_aggregates" -> aggregates.addAll(names(kind, items, "id", "name"));
            case EXCLUDE -> {
                for (JsonNode excluded : items) {
                    excluded.properties().forEach(entry -> exclude(entry.getKey(), entry.getValue()));
                }
            }
            default ->
                throw ServiceRefusal.invalid(
                        "The scope supports availability_zones, host_aggregates and exclude, not %s".formatted(kind));
        }
    }

    private void exclude(String kind, JsonNode items) {
        switch (kind) {
            case "compute_nodes" -> excludedHosts.addAll(names(kind, items, "name"));
            case "instances" -> excludedVms.addAll(names(kind, items, "uuid"));
            case "projects" -> excludedProjects.addAll(names(kind, items, "uuid"));
            case "host_aggregates" -> excludedAggregates.addAll(names(kind, items, "id", "name"));
            case "instance_metadata" -> excludedMetadata.addAll(pairs(kind, items));
            default ->
                throw ServiceRefusal.invalid(
                        "The scope can exclude compute_nodes, instances, projects, host_aggregates and instance_metadata, not %s"
                                .formatted(kind));
        }
    }

    private static Set<String> names(String kind, JsonNode items, String... keys) {
        Set<String> names = new HashSet<>();
        for (JsonNode item : items) {
            String found = null;
            for (String key : keys) {
                if (item.path(key).isTextual() || item.path(key).isIntegralNumber()) {
                    found = item.path(key).asText();
                }
            }
            if (found == null) {
                throw ServiceRefusal.invalid(
                        "Each of the scope's %s must have: %s".formatted(kind, String.join(" or ", keys)));
            }
            names.add(found);
        }
        return names;
    }

    private static List<Map.Entry<String, String>> pairs(String kind, JsonNode items) {
        Map<String, String> pairs = new HashMap<>();
        for (JsonNode item : items) {
            if (!item.isObject() || item.isEmpty()) {
                throw ServiceRefusal.invalid("Each of the scope's %s must have: a key and a value".formatted(kind));
            }
            item.properties()
                    .forEach(entry -> pairs.put(entry.getKey(), entry.getValue().asText()));
        }
        return List.copyOf(pairs.entrySet());
    }

    /**
     * Checks that the scope can be resolved without Nova: that it excludes only hosts and VMs by name.
     *
     * @throws ServiceRefusal if it needs Nova
     */
    void requireNoNova() {
        boolean needed = !zones.isEmpty()
                || !aggregates.isEmpty()
                || !excludedAggregates.isEmpty()
                || !excludedProjects.isEmpty()
                || !excludedMetadata.isEmpty();
        if (needed) {
            throw ServiceRefusal.invalid(
                    "Zones, aggregates, projects and metadata in a scope need Nova (nova: true in the configuration). "
                            + "Without Nova a scope can only exclude compute_nodes and instances");
        }
    }
}
