package io.github.godwit.strategy.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.common.Texts;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * Values for the columns of one row: times as milliseconds, JSON, ids and constants as text, as {@link Rows} reads them. A null
 * keeps the type of its column, which PostgreSQL needs.
 */
final class Values {

    /** Keeps the parameters apart from those of the rest of a statement. */
    private static final String PREFIX = "v_";

    private record Value(Object value, Type type) {}

    private final Map<String, Value> values = new LinkedHashMap<>();

    private Values add(String column, Object value, Type type) {
        values.put(column, new Value(value, type));
        return this;
    }

    Values set(String column, String text) {
        return add(column, text, String.class);
    }

    Values set(String column, UUID uuid) {
        return set(column, uuid.toString());
    }

    Values set(String column, Enum<?> constant) {
        return set(column, constant.name());
    }

    Values set(String column, JsonNode tree) {
        return set(column, Texts.json(tree));
    }

    Values set(String column, List<UUID> uuids) {
        return set(column, Texts.json(uuids));
    }

    Values set(String column, Instant time) {
        return add(column, time == null ? null : time.toEpochMilli(), Long.class);
    }

    Values set(String column, int number) {
        return add(column, number, Integer.class);
    }

    Values set(String column, boolean flag) {
        return add(column, flag, Boolean.class);
    }

    /** Sets a column, or leaves it as it is if there is no value. */
    Values setUnlessNull(String column, String text) {
        return text == null ? this : set(column, text);
    }

    /** The part of an INSERT after the name of the table. */
    String insertion() {
        return "(%s) VALUES (%s)"
                .formatted(
                        String.join(", ", values.keySet()),
                        values.keySet().stream()
                                .map(column -> ":" + PREFIX + column)
                                .collect(Collectors.joining(", ")));
    }

    /** The part of an UPDATE between SET and WHERE. */
    String assignments() {
        return values.keySet().stream()
                .map(column -> "%s = :%s%s".formatted(column, PREFIX, column))
                .collect(Collectors.joining(", "));
    }

    void bindTo(SqlStatement<?> statement) {
        values.forEach((column, value) -> statement.bindByType(PREFIX + column, value.value(), value.type()));
    }
}
