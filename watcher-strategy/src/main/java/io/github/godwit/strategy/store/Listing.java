package io.github.godwit.strategy.store;

import io.github.godwit.strategy.common.ServiceRefusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;

/**
 * Lists the rows of one table that are not deleted, page by page. Pages follow one another by the value that is sorted by and
 * the id ("keyset"), so that a late page costs what the first one does.
 *
 * @param <T> what a row is read as
 */
final class Listing<T> {

    private final String table;
    private final String columns;
    private final Map<String, String> sortColumns;
    private final Map<String, String> special;
    private final RowMapper<T> mapper;
    private final String thing;

    /**
     * @param table       the table
     * @param columns     what is selected
     * @param sortColumns by name for clients the column or expression, which must not be null
     * @param special     by name of a filter that is not a column its condition, with the value as {@code :f_name}
     * @param thing       what a row is called in errors
     * @param mapper      reads a row
     */
    Listing(
            String table,
            String columns,
            Map<String, String> sortColumns,
            Map<String, String> special,
            String thing,
            RowMapper<T> mapper) {
        this.special = Map.copyOf(special);
        this.table = table;
        this.columns = columns;
        this.sortColumns = new LinkedHashMap<>(sortColumns);
        this.thing = thing;
        this.mapper = mapper;
    }

    /**
     * One page.
     *
     * @param filters by column, or name of a special filter, the value that it must have
     * @throws ServiceRefusal when the sort key or the marker is unknown
     */
    List<T> page(Handle handle, Page page, Map<String, Object> filters) {
        String column = sortColumns.get(page.sortKey());
        if (column == null) {
            throw ServiceRefusal.invalid("Invalid sort key: " + page.sortKey());
        }
        List<String> conditions = new ArrayList<>(List.of("deleted_at IS NULL"));
        filters.keySet()
                .forEach(name -> conditions.add(special.getOrDefault(name, "%s = :f_%s".formatted(name, name))));
        String direction = page.descending() ? "DESC" : "ASC";
        boolean byId = "id".equals(column);
        Map<String, Object> marker = Map.of();
        if (page.marker() != null) {
            marker = marker(handle, column, page.marker().toString());
            String beyond = page.descending() ? "<" : ">";
            conditions.add(
                    byId
                            ? "id %s :m_id".formatted(beyond)
                            : "(%1$s %2$s :m_value OR (%1$s = :m_value AND id %2$s :m_id))".formatted(column, beyond));
        }
        String order = byId ? "id " + direction : "%s %s, id %s".formatted(column, direction, direction);
        Query query = handle.createQuery("SELECT %s FROM %s WHERE %s ORDER BY %s LIMIT :limit"
                        .formatted(columns, table, String.join(" AND ", conditions), order))
                .bind("limit", page.limit());
        filters.forEach((name, value) -> query.bind("f_" + name, value));
        marker.forEach(query::bind);
        return query.map(mapper).list();
    }

    private Map<String, Object> marker(Handle handle, String column, String uuid) {
        return handle.createQuery("SELECT id AS m_id, %s AS m_value FROM %s WHERE uuid = :uuid AND deleted_at IS NULL"
                        .formatted(column, table))
                .bind("uuid", uuid)
                .map((row, context) -> Map.of("m_id", row.getObject("m_id"), "m_value", row.getObject("m_value")))
                .findOne()
                .orElseThrow(() -> ServiceRefusal.notFound("%s %s could not be found".formatted(thing, uuid)));
    }

    /** All rows with these values, oldest first. */
    List<T> where(Handle handle, Map<String, Object> filters) {
        return page(handle, Page.ALL, filters);
    }
}
