package io.github.godwit.strategy.store;

import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.result.ResultIterable;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/**
 * One table of the database.
 *
 * @param name    its name
 * @param columns the columns that are read, separated by a comma and a blank
 * @param mapper  reads a row
 * @param <T>     what a row is read as
 */
record Table<T>(String name, String columns, RowMapper<T> mapper) {

    boolean has(String column) {
        return List.of(columns.split(", ", -1)).contains(column);
    }

    /**
     * Reads rows.
     *
     * @param rest       what follows the name of the table: WHERE, ORDER BY, LIMIT
     * @param parameters the values of its named parameters
     */
    ResultIterable<T> select(Handle handle, String rest, Map<String, ?> parameters) {
        Query query = handle.createQuery("SELECT %s FROM %s %s".formatted(columns, name, rest));
        parameters.forEach(query::bind);
        return query.map(mapper);
    }

    void insert(Handle handle, Values row) {
        Update update = handle.createUpdate("INSERT INTO %s %s".formatted(name, row.insertion()));
        row.bindTo(update);
        update.execute();
    }

    /** Inserts rows that all have the same columns, in their order. */
    void insert(Handle handle, List<Values> rows) {
        if (rows.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch(
                "INSERT INTO %s %s".formatted(name, rows.get(0).insertion()));
        for (Values row : rows) {
            row.bindTo(batch);
            batch.add();
        }
        batch.execute();
    }

    /**
     * Changes rows.
     *
     * @param condition  which ones
     * @param parameters the values of the condition's named parameters
     * @return how many
     */
    int update(Handle handle, Values changes, String condition, Map<String, ?> parameters) {
        Update update =
                handle.createUpdate("UPDATE %s SET %s WHERE %s".formatted(name, changes.assignments(), condition));
        changes.bindTo(update);
        parameters.forEach(update::bind);
        return update.execute();
    }
}
