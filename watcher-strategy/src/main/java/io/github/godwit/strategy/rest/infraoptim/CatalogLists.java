package io.github.godwit.strategy.rest.infraoptim;

import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.store.Page;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** Paging of lists that are in memory. */
final class CatalogLists {

    private CatalogLists() {}

    /**
     * Returns a page of a list.
     *
     * @param keys the sort keys, by name; the sort key {@code id} keeps the order of the list
     * @throws ServiceRefusal if the sort key or the marker is unknown
     */
    static <T> List<T> page(List<T> all, Page page, Map<String, Function<T, String>> keys, Function<T, UUID> uuid) {
        List<T> sorted = all;
        if (!"id".equals(page.sortKey())) {
            Function<T, String> key = keys.get(page.sortKey());
            if (key == null) {
                throw ServiceRefusal.invalid("Invalid sort key: " + page.sortKey());
            }
            sorted = all.stream().sorted(Comparator.comparing(key)).toList();
        }
        if (page.descending()) {
            sorted = new java.util.ArrayList<>(sorted);
            java.util.Collections.reverse(sorted);
        }
        int from = 0;
        if (page.marker() != null) {
            from = sorted.stream().map(uuid).toList().indexOf(page.marker()) + 1;
            if (from == 0) {
                throw ServiceRefusal.notFound("The resource %s could not be found".formatted(page.marker()));
            }
        }
        return sorted.subList(from, Math.min(sorted.size(), from + page.limit()));
    }
}
