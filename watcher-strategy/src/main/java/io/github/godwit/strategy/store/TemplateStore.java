package io.github.godwit.strategy.store;

import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.objects.AuditTemplate;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The audit templates in the database. */
public final class TemplateStore {

    private static final String COLUMNS =
            "id, uuid, name, description, goal, strategy, scope, default_parameters, created_at, updated_at";

    private final Clock clock;
    private final ObjectTable<AuditTemplate> templates;

    /**
     * @param clock        for the times of changes
     * @param goalUuid     SQL expression for the UUID of the goal in column {@code goal}
     * @param strategyUuid the same for {@code strategy}
     */
    public TemplateStore(Clock clock, String goalUuid, String strategyUuid) {
        this.clock = clock;
        this.templates = new ObjectTable<>(
                clock,
                "audit_templates",
                "AuditTemplate",
                COLUMNS,
                (row, context) -> read(row),
                Map.of(
                        "name", "name",
                        "description", "COALESCE(description, '')",
                        "goal_name", "goal",
                        "goal_uuid", goalUuid,
                        "strategy_name", "COALESCE(strategy, '')",
                        "strategy_uuid", strategyUuid),
                Map.of());
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

    /** What a client may change of a template. */
    private static Values changeable(AuditTemplate template) {
        return new Values()
                .set("name", template.name())
                .set("description", template.description())
                .set("goal", template.goal())
                .set("strategy", template.strategy())
                .set("scope", template.scope())
                .set("default_parameters", template.defaultParameters());
    }

    /**
     * Stores a new template.
     *
     * @throws ServiceRefusal if its name is taken
     */
    public void insert(Handle handle, AuditTemplate template) {
        requireFree(handle, template);
        templates.insert(
                handle, changeable(template).set("uuid", template.uuid()).set("created_at", template.createdAt()));
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
        return templates.find(handle, identity);
    }

    /**
     * A template by its UUID or name.
     *
     * @throws ServiceRefusal if there is none
     */
    public AuditTemplate get(Handle handle, String identity) {
        return templates.get(handle, identity);
    }

    /** One page of templates with these values, by column. */
    public List<AuditTemplate> page(Handle handle, Page page, Map<String, Object> filters) {
        return templates.page(handle, page, filters);
    }

    /**
     * Stores a changed template.
     *
     * @throws ServiceRefusal if its new name is taken
     */
    public void update(Handle handle, AuditTemplate template) {
        requireFree(handle, template);
        templates.update(handle, template.uuid(), changeable(template).set("updated_at", clock.instant()));
    }

    /** Deletes a template; its name is free again. */
    public void delete(Handle handle, UUID uuid) {
        templates.delete(handle, "uuid", uuid);
    }
}
