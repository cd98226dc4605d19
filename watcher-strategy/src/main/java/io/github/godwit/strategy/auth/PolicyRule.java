package io.github.godwit.strategy.auth;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The name of Watcher's policy that applies to a request.
 *
 * @param name name of the policy, such as {@code audit:get_all}
 */
record PolicyRule(String name) {

    static final PolicyRule WEBHOOK = new PolicyRule("webhook:trigger");

    /** Names of resources in policies, where these are not the names in paths without the final s. */
    private static final Map<String, String> NAMES = Map.of(
            "strategies", "strategy",
            "policies", "policy",
            "traffic_classes", "traffic_class",
            "openapi.json", "openapi",
            "webhooks", "webhook");

    private static final String START = "start";
    private static final String STATE = "state";
    private static final String DETAIL = "detail";

    /**
     * Returns the policy of a request.
     *
     * @param method HTTP method
     * @param path   path below the root, such as {@code v1/audits/detail} or {@code godwit/v1/hosts}
     */
    static PolicyRule of(String method, String path) {
        String below = path.replaceFirst("^(godwit/)?v1/?", "");
        List<String> parts = List.of(below.split("/", -1));
        String plural = parts.get(0);
        String resource = NAMES.getOrDefault(plural, plural.replaceFirst("s$", ""));
        return "webhook".equals(resource) ? WEBHOOK : new PolicyRule(resource + ":" + verb(method, parts));
    }

    private static String verb(String method, List<String> parts) {
        String last = parts.get(parts.size() - 1);
        boolean one = parts.size() > 1 && !last.isEmpty();
        return switch (method) {
            case "GET", "HEAD", "OPTIONS" ->
                !one ? "get_all" : List.of(DETAIL, STATE).contains(last) ? last : "get";
            case "POST" -> START.equals(last) ? START : "create";
            case "PUT", "PATCH" -> "update";
            default -> method.toLowerCase(Locale.ROOT);
        };
    }
}
