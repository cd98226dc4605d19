package io.github.godwit.strategy.rest.infraoptim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.flipkart.zjsonpatch.JsonPatch;
import com.flipkart.zjsonpatch.JsonPatchApplicationException;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.rest.RequestBody;
import io.github.godwit.strategy.rest.TrailNotes;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** JSON patches under Watcher's rules: only {@code add}, {@code replace} and {@code remove}, and not of internal attributes. */
final class Patches {

    private static final Pattern PATH = Pattern.compile("(/[\\w-]+)+");
    private static final Set<String> OPERATIONS = Set.of("add", "replace", "remove");
    private static final Set<String> INTERNAL =
            Set.of("id", "uuid", "links", "created_at", "updated_at", "deleted_at", "hostname", "next_run_time");

    /** What the audit trail says of a change of state. */
    private static final Map<String, String> ACTIONS =
            Map.of("CANCELLED", "cancel", "CANCELLING", "cancel", "PENDING", "start", "ONGOING", "start");

    private Patches() {}

    /**
     * Reads a patch.
     *
     * @throws ServiceRefusal if the body is not a patch, or changes an internal attribute
     * @throws IOException    if the body cannot be received, or is not JSON
     */
    static JsonNode read(InputStream stream) throws IOException {
        JsonNode patch = RequestBody.read(stream);
        if (!patch.isArray()) {
            throw ServiceRefusal.invalid("The body must be a JSON patch: a list of operations");
        }
        for (JsonNode operation : patch) {
            String path = operation.path("path").asText("");
            String op = operation.path("op").asText("");
            if (!operation.isObject() || !PATH.matcher(path).matches() || !OPERATIONS.contains(op)) {
                throw ServiceRefusal.invalid(
                        "Couldn't apply patch '%s'. Reason: each operation needs op (add, replace or remove) and path"
                                .formatted(operation));
            }
            if (INTERNAL.contains(root(path))) {
                throw ServiceRefusal.invalid("'%s' is an internal attribute and can not be updated".formatted(path));
            }
            if (!"remove".equals(op) && !operation.has("value")) {
                throw ServiceRefusal.invalid("'add' and 'replace' operations needs value");
            }
        }
        return patch;
    }

    private static String root(String path) {
        return path.split("/", -1)[1];
    }

    /** Returns the last value that a patch sets for a member of the document, or null. */
    static JsonNode value(JsonNode patch, String member) {
        JsonNode value = null;
        for (JsonNode operation : patch) {
            if (("/" + member).equals(operation.path("path").asText()) && operation.has("value")) {
                value = operation.get("value");
            }
        }
        return value;
    }

    /** Notes for the audit trail what a change to a state means. */
    static void noteState(ContainerRequestContext request, JsonNode state) {
        String action = ACTIONS.get(state.asText());
        if (action != null) {
            TrailNotes.action(request, action);
        }
    }

    /** Returns whether a patch changes a member of the document, or something in it. */
    static boolean touches(JsonNode patch, String member) {
        for (JsonNode operation : patch) {
            if (root(operation.path("path").asText()).equals(member)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Checks that a patch changes only the given members of the document.
     *
     * @throws ServiceRefusal if it changes another member
     */
    static void throwUnlessOnly(JsonNode patch, Set<String> members) {
        for (JsonNode operation : patch) {
            String path = operation.path("path").asText();
            if (!members.contains(root(path))) {
                throw ServiceRefusal.invalid("'%s' is not an allowed attribute and can not be updated".formatted(path));
            }
        }
    }

    /**
     * Applies a patch to a document.
     *
     * @throws ServiceRefusal if the patch cannot be applied
     */
    static ObjectNode apply(JsonNode patch, ObjectNode document) {
        for (JsonNode operation : patch) {
            if (!document.has(root(operation.path("path").asText()))) {
                throw ServiceRefusal.invalid(
                        "Couldn't apply patch '%s'. Reason: the attribute does not exist".formatted(operation));
            }
        }
        try {
            return (ObjectNode) JsonPatch.apply(patch, document);
        } catch (JsonPatchApplicationException e) {
            throw ServiceRefusal.invalid("Couldn't apply patch '%s'. Reason: %s".formatted(patch, e.getMessage()));
        }
    }
}
