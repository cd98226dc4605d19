package io.github.godwit.strategy.store;

import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.objects.AuditTemplate;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** The audit templates of the database. */
public final class TemplateStore {

    private static final String COLUMNS =
            "id, uuid, name, description, goal, strategy, scope, default_parameters, created_at, updated_at";

    private static final RowMapper<AuditTemplate> MAPPER = (row, context) -> read(row);

    private final Clock clock;
    private final Listing<AuditTemplate> listing;

    /**
     * @param clock        for the times of changes
     * @param goalUuid     SQL expression that gives a goal's UUID for the column {@code goal}
     * @param strategyUuid the same for {@code strategy}
     */
    public TemplateStore(Clock clock, String goalUuid, String strategyUuid) {
        this.clock = clock;
        this.listing = new Listing<>(
                "audit_templates",
                COLUMNS,
                Map.ofEntries(
                        Map.entry("id", "id"),
                        Map.entry("uuid", "uuid"),
                        Map.entry("name", "name"),
                        Map.entry("description", "COALESCE(description, '')"),
                        Map.entry("goal_name", "goal"),
                        Map.entry("goal_uuid", goalUuid),
                        Map.entry("strategy_name", "COALESCE(strategy, '')"),
                        Map.entry("strategy_uuid", strategyUuid),
                        Map.entry("created_at", "created_at"),
                        Map.entry("updated_at", "COALESCE(updated_at, 0)")),
                Map.of(),
                "AuditTemplate",
                MAPPER);
    }

    private static AuditTemplate read(ResultSet row) throws SQLException {
        return new AuditTemplate(
                row.getLong("id"),
                Rows.uuid(row, "uuid"),
                row.getString("name"),
                row.getString("description"),
                row.getString("goal"),
                row.getString("strategy"),
                Rows.json(row, "scope"),
                Rows.json(row, "default_parameters"),
                Rows.instant(row, "created_at"),
                Rows.instant(row, "updated_at"));
    }

    /**
     * Stores a new template.
     *
     * @throws ServiceRefusal when its name is taken
     */
    public void insert(Handle handle, AuditTemplate template) {
        requireFree(handle, template);
        handle.createUpdate("INSERT INTO audit_templates (uuid, name, description, goal, strategy, scope,"
                        + " default_parameters, created_at) VALUES (:uuid, :name, :description, :goal, :strategy, :scope,"
                        + " :parameters, :created)")
                .bind("uuid", template.uuid().toString())
                .bind("name", template.name())
                .bind("description", template.description())
                .bind("goal", template.goal())
                .bind("strategy", template.strategy())
                .bind("scope", Texts.json(template.scope()))
                .bind("parameters", Texts.json(template.defaultParameters()))
                .bind("created", Rows.millis(template.createdAt()))
                .execute();
    }

    private void requireFree(Handle handle, AuditTemplate template) {
        find(handle, template.name())
                .filter(other -> !other.uuid().equals(template.uuid()))
                .ifPresent(other -> {
                    throw ServiceRefusal.conflict(
                            "An audit_template with UUID or name %s already exists".formatted(template.name()));
                });
    }

    /** A template by its UUID or name. */
    public Optional<AuditTemplate> find(Handle handle, String identity) {
        return handle.createQuery(
                        "SELECT %s FROM audit_templates WHERE deleted_at IS NULL AND (uuid = :identity OR name = :identity)"
                                .formatted(COLUMNS))
                .bind("identity", identity)
                .map(MAPPER)
                .findFirst();
    }

    /**
     * A template by its UUID or name.
     *
     * @throws ServiceRefusal when there is none
     */
    public AuditTemplate get(Handle handle, String identity) {
        return find(handle, identity)
                .orElseThrow(() -> ServiceRefusal.notFound("AuditTemplate %s could not be found".formatted(identity)));
    }

    /** One page of them. */
    public List<AuditTemplate> page(Handle handle, Page page, Map<String, Object> filters) {
        return listing.page(handle, page, filters);
    }

    /**
     * Stores a changed template.
     *
     * @throws ServiceRefusal when its new name is taken
     */
    public void update(Handle handle, AuditTemplate template) {
        requireFree(handle, template);
        handle.createUpdate("UPDATE audit_templates SET name = :name, description = :description, goal = :goal,"
                        + " strategy = :strategy, scope = :scope, default_parameters = :parameters, updated_at = :now"
                        + " WHERE uuid = :uuid")
                .bind("name", template.name())
                .bind("description", template.description())
                .bind("goal", template.goal())
                .bind("strategy", template.strategy())
                .bind("scope", Texts.json(template.scope()))
                .bind("parameters", Texts.json(template.defaultParameters()))
                .bind("now", clock.millis())
                .bind("uuid", template.uuid().toString())
                .execute();
    }

    /** Deletes a template; its name is free again. */
    public void delete(Handle handle, UUID uuid) {
        handle.createUpdate("UPDATE audit_templates SET deleted_at = :now, live = id WHERE uuid = :uuid")
                .bind("now", clock.millis())
                .bind("uuid", uuid.toString())
                .execute();
    }
}
