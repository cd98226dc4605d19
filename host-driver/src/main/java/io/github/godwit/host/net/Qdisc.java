package io.github.godwit.host.net;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A queueing discipline, as {@code tc -j qdisc show} tells it.
 *
 * @param kind    for example {@code htb}
 * @param handle  {@code 0:} when the kernel put it there, else the operator's
 * @param parent  the class it hangs on, empty for a root
 * @param options what its kind has to say
 */
record Qdisc(String kind, String handle, String parent, JsonNode options) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads the qdiscs of a device.
     *
     * @throws IOException when the text is not what {@code tc -j} writes
     */
    static List<Qdisc> parse(String json) throws IOException {
        List<Qdisc> qdiscs = new ArrayList<>();
        try {
            for (JsonNode node : JSON.readTree(json.isBlank() ? "[]" : json)) {
                qdiscs.add(new Qdisc(
                        node.path("kind").asText(),
                        node.path("handle").asText(),
                        node.path("root").asBoolean() ? "" : node.path("parent").asText(),
                        node.path("options")));
            }
        } catch (JsonProcessingException e) {
            throw new IOException("'tc -j' does not write JSON; iproute2 5.0 or later is needed.", e);
        }
        return qdiscs;
    }

    boolean isRoot() {
        return parent.isEmpty();
    }

    boolean isOurs() {
        return kind.equals("htb") && handle.equals(HtbTree.HANDLE);
    }

    boolean isKernelDefault() {
        return handle.equals("0:");
    }

    /** Whether it is the qdisc of inbound packets; no reservation can share it. */
    boolean isIngress() {
        return kind.equals("ingress") || kind.equals("clsact");
    }
}
