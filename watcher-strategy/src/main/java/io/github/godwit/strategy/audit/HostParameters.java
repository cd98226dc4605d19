package io.github.godwit.strategy.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The names of hosts in parameters and scopes of audits, which clients take from Nova, where a host may have another name. Pure. */
public final class HostParameters {

    private static final List<String> NAMES = List.of("maintenance_node", "backup_node");
    private static final List<String> PAIRED = List.of("src_node", "dst_node");
    private static final String NODES = "compute_nodes";
    private static final String POLICY = "destination_policy";
    private static final String FALLBACK = "fallback:";

    private HostParameters() {}

    /**
     * Returns parameters with other names of hosts.
     *
     * @param parameters parameters of a strategy
     * @param names      returns the other name of a host
     */
    static JsonNode named(JsonNode parameters, UnaryOperator<String> names) {
        JsonNode copy = parameters.deepCopy();
        NAMES.forEach(name -> replace(copy, name, names));
        for (JsonNode pair : copy.path(NODES)) {
            PAIRED.forEach(name -> replace(pair, name, names));
        }
        replace(copy, POLICY, policy -> policy.startsWith(FALLBACK) ? fallback(policy, names) : policy);
        return copy;
    }

    private static String fallback(String policy, UnaryOperator<String> names) {
        return Arrays.stream(policy.substring(FALLBACK.length()).split(",", -1))
                .map(String::strip)
                .map(host -> host.isEmpty() ? host : names.apply(host))
                .collect(Collectors.joining(",", FALLBACK, ""));
    }

    /**
     * Returns a scope with other names of the hosts that it excludes.
     *
     * @param scope a scope in Watcher's format
     * @param names returns the other name of a host
     */
    public static JsonNode scope(JsonNode scope, UnaryOperator<String> names) {
        JsonNode copy = scope.deepCopy();
        for (JsonNode nodes : copy.findValues(NODES)) {
            nodes.forEach(node -> replace(node, "name", names));
        }
        return copy;
    }

    private static void replace(JsonNode node, String member, UnaryOperator<String> names) {
        JsonNode value = node.path(member);
        if (node instanceof ObjectNode object
                && value.isTextual()
                && !value.textValue().isEmpty()) {
            object.put(member, names.apply(value.textValue()));
        }
    }
}
