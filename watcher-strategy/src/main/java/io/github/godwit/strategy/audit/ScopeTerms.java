package io.github.godwit.strategy.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A scope as it was written, in Watcher's form: {@code [{"compute": [{"availability_zones": [{"name": "z1"}]}, {"host_aggregates":
 * [{"id": 1}]}, {"exclude": [{"compute_nodes": [{"name": "h1"}]}, {"instances": [{"uuid": "vm-1"}]}, {"projects": [{"uuid": "p"}]},
 * {"host_aggregates": [{"name": "slow"}]}, {"instance_metadata": [{"pinned": "true"}]}]}]}]}. Pure.
 *
 * @param zones              names of availability zones whose hosts are looked at; {@code *} for all
 * @param aggregates         ids or names of host aggregates whose hosts are looked at; {@code *} for all
 * @param excludedHosts      names of hosts that are left out
 * @param excludedAggregates ids or names of host aggregates whose hosts are left out
 * @param excludedVms        names or UUIDs of VMs that stay
 * @param excludedProjects   UUIDs of projects whose VMs stay
 * @param excludedMetadata   metadata, each pair of which makes VMs stay
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
     * Brings a scope into its one form: the old one without a key is compute's.
     *
     * @param nova whether there is a Nova that could tell zones, aggregates, projects and metadata
     * @throws ServiceRefusal when it is none, or asks for what this cloud cannot tell
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
        ScopeTerms terms = of(scope);
        if (!nova) {
            terms.requireNoNova();
        }
        return scope;
    }

    /**
     * Reads a scope.
     *
     * @throws ServiceRefusal when a part of it is unknown
     */
    static ScopeTerms of(JsonNode scope) {
        ScopeTerms terms = new ScopeTerms();
        for (JsonNode part : scope) {
            part.fieldNames().forEachRemaining(key -> {
                if (!"compute".equals(key)) {
                    throw ServiceRefusal.invalid("The scope knows compute only, not " + key);
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
                        "The scope knows availability_zones, host_aggregates and exclude, not %s".formatted(kind));
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
     * Makes sure that hosts' and VMs' names are all that it takes.
     *
     * @throws ServiceRefusal when Nova would have to be asked
     */
    void requireNoNova() {
        boolean needed = !zones.isEmpty()
                || !aggregates.isEmpty()
                || !excludedAggregates.isEmpty()
                || !excludedProjects.isEmpty()
                || !excludedMetadata.isEmpty();
        if (needed) {
            throw ServiceRefusal.invalid(
                    "Zones, aggregates, projects and metadata in a scope need Nova, which this service does not use; "
                            + "exclude compute_nodes or instances");
        }
    }
}
