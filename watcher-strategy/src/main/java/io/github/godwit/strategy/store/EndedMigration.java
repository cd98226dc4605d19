package io.github.godwit.strategy.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.objects.ActionState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * A {@code migrate} action that has ended, without the kilobytes of its decision and its outcome.
 *
 * @param planUuid      UUID of its action plan
 * @param state         SUCCEEDED or FAILED
 * @param vm            name of the VM
 * @param from          name of the source host
 * @param to            name of the destination host
 * @param rollback      whether it moved a VM back
 * @param endedAt       when it ended
 * @param statusMessage explains its state, or null
 */
public record EndedMigration(
        UUID planUuid,
        ActionState state,
        String vm,
        String from,
        String to,
        boolean rollback,
        Instant endedAt,
        String statusMessage) {

    static final Table<EndedMigration> ROWS = new Table<>(
            "actions", "plan_uuid, state, input_parameters, status_message, ended_at", (row, context) -> read(row));

    /** What is read of the input; Jackson skips the rest. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Input(String resourceId, String sourceNode, String destinationNode, JsonNode rollbackOf) {}

    private static EndedMigration read(ResultSet row) throws SQLException {
        Input input = Texts.read(row.getString("input_parameters"), Input.class);
        return new EndedMigration(
                Rows.uuid(row, "plan_uuid"),
                Rows.constant(row, "state", ActionState.class),
                Objects.requireNonNullElse(input.resourceId(), ""),
                Objects.requireNonNullElse(input.sourceNode(), ""),
                Objects.requireNonNullElse(input.destinationNode(), ""),
                input.rollbackOf() != null,
                Rows.instant(row, "ended_at"),
                row.getString("status_message"));
    }
}
