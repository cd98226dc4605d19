package io.github.godwit.strategy.store;

import io.github.godwit.strategy.common.ServiceRefusal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * A table of objects that clients know by a UUID. A deleted object keeps its row, with {@code deleted_at} set; no method here
 * sees it any more.
 *
 * <p>Two columns mean the same in every table that has them. {@code state} is changed only if it still is what the caller
 * read, and becomes {@code DELETED} with the object. {@code name} is unique among the objects that are not deleted, by the
 * column {@code live}, and identifies an object as well as its UUID.
 *
 * @param <T> what a row is read as
 */
final class ObjectTable<T> {

    /** Keys that the lists of all objects can be sorted by. */
    private static final Map<String, String> COMMON_SORT_COLUMNS =
            Map.of("id", "id", "uuid", "uuid", "created_at", "created_at", "updated_at", "COALESCE(updated_at, 0)");

    private static final Pattern UUID_TEXT = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final String NO_UUID = "none";

    private final Table<T> table;
    private final String thing;
    private final Clock clock;
    private final Map<String, String> sortColumns = new HashMap<>(COMMON_SORT_COLUMNS);
    private final Map<String, String> filters;

    /**
     * @param clock       for the times of changes
     * @param table       the name of the table
     * @param thing       what an object is called in errors
     * @param columns     the columns that are read, separated by a comma and a blank
     * @param mapper      reads a row
     * @param sortColumns for each sort key besides id, uuid, created_at and updated_at the column or expression, never null
     * @param filters     for each filter that is not a column its condition, with the value as {@code :f_name}
     */
    ObjectTable(
            Clock clock,
            String table,
            String thing,
            String columns,
            RowMapper<T> mapper,
            Map<String, String> sortColumns,
            Map<String, String> filters) {
        this.clock = clock;
        this.table = new Table<>(table, columns, mapper);
        this.thing = thing;
        this.sortColumns.putAll(sortColumns);
        this.filters = Map.copyOf(filters);
    }

    void insert(Handle handle, Values row) {
        table.insert(handle, row);
    }

    void insert(Handle handle, List<Values> rows) {
        table.insert(handle, rows);
    }

    /** An object by its UUID or, if it has one, its name. */
    Optional<T> find(Handle handle, String identity) {
        String matches = table.has("name") ? "(uuid = :uuid OR name = :name)" : "uuid = :uuid";
        Map<String, String> parameters = new HashMap<>(Map.of("uuid", uuid(identity)));
        if (table.has("name")) {
            parameters.put("name", identity);
        }
        return table.select(handle, "WHERE deleted_at IS NULL AND " + matches, parameters)
                .findFirst();
    }

    /** A UUID in any case, in the form of its column; for another text one that no object has. */
    private static String uuid(String identity) {
        return UUID_TEXT.matcher(identity).matches() ? identity.toLowerCase(Locale.ROOT) : NO_UUID;
    }

    /**
     * An object by its UUID or, if it has one, its name.
     *
     * @throws ServiceRefusal if there is none
     */
    T get(Handle handle, String identity) {
        return find(handle, identity).orElseThrow(() -> notFound(identity));
    }

    private ServiceRefusal notFound(String identity) {
        return ServiceRefusal.notFound("%s %s could not be found".formatted(thing, identity));
    }

    /**
     * One page. Pages follow one another by the value that is sorted by and the id ("keyset"), so that a late page costs what
     * the first one does.
     *
     * @param wanted by column or filter the value that it must have
     * @throws ServiceRefusal if the sort key or the marker is unknown
     */
    List<T> page(Handle handle, Page page, Map<String, Object> wanted) {
        return page(handle, page, wanted, table);
    }

    /** The same page, with rows that are read otherwise: {@code view} is this table with other columns. */
    <V> List<V> page(Handle handle, Page page, Map<String, Object> wanted, Table<V> view) {
        String column = sortColumns.get(page.sortKey());
        if (column == null) {
            throw ServiceRefusal.invalid("Invalid sort key: " + page.sortKey());
        }
        String direction = page.descending() ? "DESC" : "ASC";
        boolean byId = "id".equals(column);
        List<String> conditions = conditions(wanted);
        Map<String, Object> parameters = parameters(wanted);
        if (page.marker() != null) {
            parameters.putAll(marker(handle, column, page.marker().toString()));
            String beyond = page.descending() ? "<" : ">";
            conditions.add(
                    byId
                            ? "id %s :m_id".formatted(beyond)
                            : "(%1$s %2$s :m_value OR (%1$s = :m_value AND id %2$s :m_id))".formatted(column, beyond));
        }
        parameters.put("limit", page.limit());
        String order = byId ? "id " + direction : "%s %s, id %s".formatted(column, direction, direction);
        return view.select(
                        handle,
                        "WHERE %s ORDER BY %s LIMIT :limit".formatted(String.join(" AND ", conditions), order),
                        parameters)
                .list();
    }

    private Map<String, Object> marker(Handle handle, String column, String uuid) {
        return handle.createQuery("SELECT id AS m_id, %s AS m_value FROM %s WHERE uuid = :uuid AND deleted_at IS NULL"
                        .formatted(column, table.name()))
                .bind("uuid", uuid)
                .map((row, context) -> Map.of("m_id", row.getObject("m_id"), "m_value", row.getObject("m_value")))
                .findOne()
                .orElseThrow(() -> notFound(uuid));
    }

    private List<String> conditions(Map<String, Object> wanted) {
        List<String> conditions = new ArrayList<>(List.of("deleted_at IS NULL"));
        wanted.keySet().forEach(name -> conditions.add(filters.getOrDefault(name, "%1$s = :f_%1$s".formatted(name))));
        return conditions;
    }

    private static Map<String, Object> parameters(Map<String, Object> wanted) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        wanted.forEach((name, value) -> parameters.put("f_" + name, value));
        return parameters;
    }

    /** All objects with these values, oldest first. */
    List<T> where(Handle handle, Map<String, Object> wanted) {
        return page(handle, Page.ALL, wanted);
    }

    /** All objects in one of these states, oldest first within each state. */
    List<T> in(Handle handle, Collection<? extends Enum<?>> states) {
        return states.stream()
                .flatMap(state -> where(handle, Map.of("state", state.name())).stream())
                .toList();
    }

    /** Changes an object, whatever its state. */
    void update(Handle handle, UUID uuid, Values changes) {
        table.update(handle, changes, "uuid = :uuid", Map.of("uuid", uuid.toString()));
    }

    /**
     * Changes the state of an object and some of its columns, if its state still is what the caller read.
     *
     * @return whether it was
     */
    boolean change(Handle handle, UUID uuid, Enum<?> from, Enum<?> to, Values changes) {
        return changeAll(handle, Map.of("uuid", uuid.toString()), from, to, changes) == 1;
    }

    /** Changes the state and some columns of all objects with these values that are in a state; returns how many. */
    int changeAll(Handle handle, Map<String, Object> wanted, Enum<?> from, Enum<?> to, Values changes) {
        List<String> conditions = conditions(wanted);
        conditions.add("state = :from");
        Map<String, Object> parameters = parameters(wanted);
        parameters.put("from", from.name());
        return table.update(
                handle,
                changes.set("state", to).set("updated_at", clock.instant()),
                String.join(" AND ", conditions),
                parameters);
    }

    /** Deletes the objects whose column has this value; their names are free again. */
    void delete(Handle handle, String column, UUID value) {
        String state = table.has("state") ? ", state = 'DELETED'" : "";
        String live = table.has("name") ? ", live = id" : "";
        handle.createUpdate("UPDATE %s SET deleted_at = :now%s%s WHERE %s = :value"
                        .formatted(table.name(), state, live, column))
                .bind("now", clock.millis())
                .bind("value", value.toString())
                .execute();
    }
}
