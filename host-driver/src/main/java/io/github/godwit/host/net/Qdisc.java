package io.github.godwit.host.net;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A queueing discipline, as {@code tc -j qdisc show} prints it.
 *
 * @param kind    its kind, for example {@code htb}
 * @param handle  its handle; {@code 0:} if the kernel created it
 * @param parent  the class that it is attached to; empty at the root
 * @param options the options of its kind
 */
record Qdisc(String kind, String handle, String parent, JsonNode options) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Parses the qdiscs of a device.
     *
     * @throws IOException if the text is not JSON
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
            throw new IOException("'tc -j' does not print JSON; install iproute2 5.0 or later.", e);
        }
        return qdiscs;
    }

    boolean isRoot() {
        return parent.isEmpty();
    }

    /** Whether Godwit has attached it, and nobody has changed it since. */
    boolean isOurs() {
        return hasOurHandle() && options.path("default").asText().equals(HtbTree.OTHERS);
    }

    boolean hasOurHandle() {
        return kind.equals("htb") && handle.equals(HtbTree.HANDLE);
    }

    boolean isLimiter() {
        return kind.equals("tbf");
    }

    boolean isKernelDefault() {
        return handle.equals("0:");
    }

    /** Whether it handles inbound packets; a NIC can have only one such qdisc. */
    boolean isIngress() {
        return kind.equals("ingress") || kind.equals("clsact");
    }
}
