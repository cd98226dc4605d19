package io.github.godwit.strategy.access;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The rule that applies to a request, under the name that it has in Watcher's policies: the kind of object and what is done to it.
 *
 * @param resource kind of the object, such as {@code audit}
 * @param verb     what is done, such as {@code create}
 * @param target   identity of the object as the path has it, or null for a list or a new object
 */
public record RouteRule(String resource, String verb, String target) {

    /** Names of resources in policies, where these are not the names in paths without the final s. */
    private static final Map<String, String> NAMES = Map.of(
            "", "version",
            "strategies", "strategy",
            "policies", "policy",
            "traffic_classes", "traffic_class",
            "openapi.json", "openapi",
            "webhooks", "webhook");

    /** Resources below another one, as in {@code hosts/h1/migrations/ID}. */
    private static final Map<String, String> NESTED = Map.of("migrations", "migration", "solutions", "solution");

    private static final int PLACE_OF_NESTED = 2;

    private static final String START = "start";
    private static final Set<String> LISTS = Set.of("detail", "state");
    private static final Set<String> READS = Set.of("get", "get_all", "detail", "state");

    /** They compute something and change nothing. */
    private static final Set<String> COMPUTE = Set.of("prediction:create", "solution:create");

    private static final Set<Integer> NO_ROUTE = Set.of(404, 405);

    /** It has no rule of its own, because everybody may try. */
    private static final String SIGN_IN = "session:sign_in";

    /**
     * Returns the rule of a request.
     *
     * @param method HTTP method
     * @param path   path below the root without a leading slash, percent-encoded as routes are matched by it, such as
     *               {@code v1/audits/detail} or {@code godwit/v1/hosts}. As for routes, a slash at its end means nothing
     */
    public static RouteRule of(String method, String path) {
        String below = path.replaceAll(";[^/]*", "")
                .replaceFirst("^(godwit/)?v1/?", "")
                .replaceFirst("/+$", "");
        List<String> parts = List.of(below.split("/", -1));
        String last = parts.get(parts.size() - 1);
        boolean one = parts.size() > 1;
        String nested = parts.size() > PLACE_OF_NESTED ? NESTED.get(parts.get(PLACE_OF_NESTED)) : null;
        if (nested != null) {
            return new RouteRule(nested, nestedVerb(method), parts.size() > PLACE_OF_NESTED + 1 ? decoded(last) : null);
        }
        String plural = parts.get(0);
        String resource = NAMES.getOrDefault(plural, plural.replaceFirst("s$", ""));
        return new RouteRule(resource, verb(method, resource, last, one), one ? target(method, parts) : null);
    }

    private static String nestedVerb(String method) {
        return switch (method) {
            case "PUT" -> START;
            case "DELETE" -> "cancel";
            case "POST" -> "create";
            default -> "get";
        };
    }

    private static String verb(String method, String resource, String last, boolean one) {
        return switch (method) {
            case "GET", "HEAD", "OPTIONS" -> !one ? "get_all" : LISTS.contains(last) ? last : "get";
            case "POST" ->
                switch (resource) {
                    case "webhook" -> "trigger";
                    case "session" -> "sign_in";
                    default -> START.equals(last) ? START : "create";
                };
            case "PUT", "PATCH" -> "update";
            default -> method.toLowerCase(Locale.ROOT);
        };
    }

    private static String target(String method, List<String> parts) {
        boolean verbLast = "POST".equals(method) && START.equals(parts.get(parts.size() - 1));
        return parts.subList(1, verbLast ? parts.size() - 1 : parts.size()).stream()
                .map(RouteRule::decoded)
                .collect(Collectors.joining("/"));
    }

    private static String decoded(String part) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) { // it matches no route
            return part;
        }
    }

    /** Returns the name of the rule, such as {@code audit:create}. */
    public String name() {
        return resource + ":" + verb;
    }

    /**
     * Whether a request changes something, or was to. A request without a rule of its own does unless its answer says that there is no such
     * route.
     *
     * @param status HTTP status of the answer
     */
    public boolean changes(int status) {
        String name = name();
        if (READS.contains(verb) || COMPUTE.contains(name)) {
            return false;
        }
        boolean known = SIGN_IN.equals(name) || AccessRules.SHIPPED.texts().containsKey(name);
        return known || !NO_ROUTE.contains(status);
    }
}
