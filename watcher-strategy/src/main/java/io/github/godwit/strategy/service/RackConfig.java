package io.github.godwit.strategy.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.model.schedule.RackLink;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.plan.Racks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the racks and the links between them from the configuration: {@code racks} and {@code rack_links}. */
final class RackConfig {

    private static final String FORM =
            "rack_links (%s) must be a list of {between: [RACK, RACK], megabits: RATE} and {uplink: RACK, megabits: RATE}.";

    private static final Set<String> KEYS = Set.of("between", "uplink", "megabits");

    private RackConfig() {}

    /**
     * Reads the racks.
     *
     * @throws IllegalArgumentException if a value is invalid; the message names the key
     */
    static Racks read(JsonNode root) {
        Map<String, String> ofHosts = new HashMap<>();
        for (Map.Entry<String, JsonNode> rack : root.path("racks").properties()) {
            if (!rack.getValue().isArray()) {
                throw new IllegalArgumentException(
                        "racks.%s (%s) must be a list of names of hosts.".formatted(rack.getKey(), rack.getValue()));
            }
            for (JsonNode host : rack.getValue()) {
                String other = ofHosts.put(host.asText(), rack.getKey());
                if (other != null) {
                    throw new IllegalArgumentException("Host '%s' is in racks '%s' and '%s'. List it once under racks."
                            .formatted(host.asText(), other, rack.getKey()));
                }
            }
        }
        List<RackLink> links = new ArrayList<>();
        JsonNode declared = root.path("rack_links");
        if (!declared.isMissingNode() && !declared.isArray()) {
            throw new IllegalArgumentException(FORM.formatted(declared));
        }
        declared.forEach(link -> links.addAll(links(link)));
        return new Racks(ofHosts, links);
    }

    private static List<RackLink> links(JsonNode link) {
        double megabits = link.path("megabits").asDouble(0);
        JsonNode between = link.path("between");
        String uplink = link.path("uplink").asText("");
        boolean pair = between.isArray() && between.size() == 2 && uplink.isEmpty();
        boolean known = link.isObject() && link.properties().stream().allMatch(entry -> KEYS.contains(entry.getKey()));
        if (!known || !(megabits > 0) || !(pair || (!uplink.isEmpty() && between.isMissingNode()))) {
            throw new IllegalArgumentException(FORM.formatted(link));
        }
        Bandwidth rate = Bandwidth.ofMegabits(megabits);
        return pair
                ? RackLink.between(between.get(0).asText(), between.get(1).asText(), rate)
                : RackLink.uplink(uplink, rate);
    }
}
