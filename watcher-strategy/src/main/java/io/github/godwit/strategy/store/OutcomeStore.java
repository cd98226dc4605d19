package io.github.godwit.strategy.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Migrations that have ended, as host drivers reported them, whoever ordered them. */
public final class OutcomeStore {

    /**
     * A migration.
     *
     * @param migrationId its id on the source's host driver
     * @param at          when it started, or when its end was seen
     * @param body        what is kept of it
     */
    public record Row(String migrationId, Instant at, JsonNode body) {}

    private static final Table<Row> OUTCOMES = new Table<>(
            "outcomes",
            "migration_id, happened_at, body",
            (row, context) ->
                    new Row(row.getString("migration_id"), Rows.instant(row, "happened_at"), Rows.json(row, "body")));

    /** Of these ids, those that are stored. */
    public Set<String> known(Handle handle, Set<String> ids) {
        return ids.isEmpty()
                ? Set.of()
                : Set.copyOf(handle.createQuery("SELECT migration_id FROM outcomes WHERE migration_id IN (<ids>)")
                        .bindList("ids", List.copyOf(ids))
                        .mapTo(String.class)
                        .list());
    }

    /** Stores a migration, unless it is stored already. Of two instances that store it at the same time, one gets an error. */
    public void add(Handle handle, Row row) {
        if (known(handle, Set.of(row.migrationId())).isEmpty()) {
            OUTCOMES.insert(
                    handle,
                    new Values()
                            .set("migration_id", row.migrationId())
                            .set("happened_at", row.at())
                            .set("body", row.body()));
        }
    }

    /** The newest since a time, newest first. */
    public List<Row> since(Handle handle, Instant since, int most) {
        return OUTCOMES.select(
                        handle,
                        "WHERE happened_at >= :since ORDER BY happened_at DESC, id DESC LIMIT :most",
                        Map.of("since", since.toEpochMilli(), "most", most))
                .list();
    }
}
