package io.github.godwit.strategy.rest;

import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.store.Page;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The query parameters of a list: the page, and the filters that the route supports. */
public final class Query {

    /** Maximum number of rows in a response, also if the client asks for more; the default of Watcher's {@code max_limit}. */
    static final int MAX_ROWS = 1000;

    private static final Set<String> PAGING = Set.of("marker", "limit", "sort_key", "sort_dir");

    private final Map<String, String> values = new LinkedHashMap<>();
    private final Page page;

    private Query(UriInfo uri, Set<String> known) {
        MultivaluedMap<String, String> given = uri.getQueryParameters();
        given.forEach((name, all) -> {
            if (!known.contains(name)) {
                throw ServiceRefusal.invalid("Unknown argument: \"%s\"".formatted(name));
            }
            if (!all.get(0).isEmpty()) {
                values.put(name, all.get(0));
            }
        });
        String direction = values.getOrDefault("sort_dir", "asc");
        if (!"asc".equals(direction) && !"desc".equals(direction)) {
            throw ServiceRefusal.invalid(
                    "Invalid sort direction: %s. Acceptable values are 'asc' or 'desc'".formatted(direction));
        }
        this.page = new Page(
                values.getOrDefault("sort_key", "id"),
                "desc".equals(direction),
                limit(values.get("limit")),
                values.containsKey("marker") ? uuid(values.get("marker")) : null);
    }

    /**
     * Reads the query parameters of a list.
     *
     * @param filters names of the filters that the list supports
     * @throws ServiceRefusal if a parameter is unknown or has an invalid value
     */
    public static Query of(UriInfo uri, String... filters) {
        Set<String> known = new HashSet<>(PAGING);
        known.addAll(Arrays.asList(filters));
        return new Query(uri, known);
    }

    /**
     * Checks that a request has no query parameters.
     *
     * @throws ServiceRefusal if it has any
     */
    public static void none(UriInfo uri) {
        new Query(uri, Set.of());
    }

    private static int limit(String text) {
        if (text == null) {
            return MAX_ROWS;
        }
        int limit;
        try {
            limit = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw ServiceRefusal.invalid(
                    "Invalid input for field/attribute limit. Value: '%s'. unable to convert to int".formatted(text));
        }
        if (limit <= 0) {
            throw ServiceRefusal.invalid("Limit must be positive");
        }
        return Math.min(MAX_ROWS, limit);
    }

    /**
     * Parses a UUID of 36 characters.
     *
     * @throws ServiceRefusal if the text is not a UUID
     */
    public static UUID uuid(String text) {
        try {
            if (text.length() == 36) {
                return UUID.fromString(text);
            }
        } catch (IllegalArgumentException e) {
            // reported below
        }
        throw ServiceRefusal.invalid("Expected a uuid but received %s".formatted(text));
    }

    /** Returns the requested page. */
    public Page page() {
        return page;
    }

    /** Returns the value of a filter, or nothing if it is absent or empty. */
    public Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** Returns the query string of the next page, including the filters. */
    public String next(String marker) {
        StringBuilder next = new StringBuilder();
        values.forEach((name, value) -> {
            if (!"marker".equals(name) && !"limit".equals(name)) {
                next.append(name)
                        .append('=')
                        .append(java.net.URLEncoder.encode(value, java.nio.charset.StandardCharsets.UTF_8))
                        .append('&');
            }
        });
        return next.append("limit=")
                .append(page.limit())
                .append("&marker=")
                .append(marker)
                .toString();
    }
}
