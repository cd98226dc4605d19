package io.github.godwit.nova;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads a list that Nova returns in pages, each item once.
 *
 * <p>A page that is shorter than asked for need not be the last one: Nova returns at most {@code [api] max_limit} items, and leaves out
 * some after it has cut the page, such as hypervisors without a service ({@code nova/api/openstack/compute/hypervisors.py}). Then it
 * does not link to the next page either. A list ends with a page on which nothing is new.
 *
 * <p>Items move from page to page while a list is read. One that comes twice is taken as it was read last; a record of which Nova knows
 * only a part, because its cell does not answer, replaces no complete one.
 */
final class PagedList {

    /** Maximum number of items that are asked for in a page. */
    static final int PAGE = 500;

    private static final int BAD_REQUEST = 400;

    /** How many items before the last one may have been deleted too. */
    private static final int MOST_DELETED = 5;

    private final Function<Map<String, String>, JsonNode> request;
    private final Map<String, JsonNode> items = new LinkedHashMap<>();
    private final Set<String> known = new HashSet<>();
    private final List<String> order = new ArrayList<>();

    private PagedList(Function<Map<String, String>, JsonNode> request) {
        this.request = request;
    }

    /**
     * Reads a list whose pages begin after a marker, which is the id of an item.
     *
     * @param request returns the page for query parameters, as an array
     */
    static List<JsonNode> byMarker(Function<Map<String, String>, JsonNode> request) {
        return new PagedList(request).markers();
    }

    /**
     * Reads a list whose pages begin at an offset.
     *
     * @param request returns the page for query parameters, as an array
     */
    static List<JsonNode> byOffset(Function<Map<String, String>, JsonNode> request) {
        return new PagedList(request).offsets();
    }

    private List<JsonNode> markers() {
        int back = 0;
        boolean more = true;
        while (more) {
            try {
                more = take(page(back));
                back = 0;
            } catch (OpenStackException e) {
                if (e.status() != BAD_REQUEST || back == MOST_DELETED || back + 1 >= order.size()) {
                    throw e;
                }
                back++; // the item was deleted after it had been read, and Nova refuses it as a marker
            }
        }
        return List.copyOf(items.values());
    }

    private JsonNode page(int back) {
        return order.isEmpty()
                ? request.apply(Map.of("limit", Integer.toString(PAGE)))
                : request.apply(Map.of("limit", Integer.toString(PAGE), "marker", order.get(order.size() - 1 - back)));
    }

    private List<JsonNode> offsets() {
        int offset = 0;
        boolean more = true;
        while (more) {
            JsonNode page = request.apply(Map.of("limit", Integer.toString(PAGE), "offset", Integer.toString(offset)));
            offset += page.size();
            more = take(page);
        }
        return List.copyOf(items.values());
    }

    /** Takes a page, and returns whether it had new items. */
    private boolean take(JsonNode page) {
        boolean news = false;
        for (JsonNode item : page) {
            String id = item.path("id").asText();
            if (id.isEmpty()) {
                items.put("without id " + items.size(), item);
                continue;
            }
            items.merge(id, item, PagedList::fuller);
            if (known.add(id)) {
                news = true;
                if (!ServerRecords.inDownCell(item)) {
                    order.add(id); // Nova refuses the others as markers
                }
            }
        }
        return news;
    }

    private static JsonNode fuller(JsonNode known, JsonNode read) {
        return ServerRecords.inDownCell(read) ? known : read;
    }
}
