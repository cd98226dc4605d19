package io.github.godwit.strategy.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.catalog.Catalog;
import io.github.godwit.strategy.catalog.Goal;
import io.github.godwit.strategy.catalog.ParameterSchema;
import io.github.godwit.strategy.catalog.StrategyType;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.TextRule;
import io.github.godwit.strategy.objects.AuditTemplate;
import io.github.godwit.strategy.store.Stores;
import java.time.Clock;
import java.util.UUID;

/** Creates, changes and deletes audit templates under Watcher's rules. */
public final class AuditTemplates {

    private final Stores stores;
    private final Catalog catalog;
    private final Clock clock;
    private final boolean nova;

    /**
     * @param stores  access to the database
     * @param catalog goals and strategies
     * @param clock   current time
     * @param nova    whether the service uses Nova, which some parts of a scope need
     */
    public AuditTemplates(Stores stores, Catalog catalog, Clock clock, boolean nova) {
        this.stores = stores;
        this.catalog = catalog;
        this.clock = clock;
        this.nova = nova;
    }

    /**
     * Creates a template.
     *
     * @param name        name of the template
     * @param description description, or null
     * @param goalName    goal, by UUID or name
     * @param strategy    strategy, by UUID or name, or null
     * @param scope       scope in Watcher's format, or null
     * @param defaults    default parameters of the strategy, or null
     * @throws ServiceRefusal if the request violates a rule
     */
    public AuditTemplate create(
            String name, String description, String goalName, String strategy, JsonNode scope, JsonNode defaults) {
        if (name == null || name.isBlank() || goalName == null) {
            throw ServiceRefusal.invalid("An audit template needs the attributes name and goal");
        }
        AuditTemplate template = checked(new AuditTemplate(
                0,
                UUID.randomUUID(),
                name,
                description,
                goal(goalName).name(),
                strategy,
                ScopeTerms.normalised(scope, nova),
                defaults == null || defaults.isNull() ? JsonNodeFactory.instance.objectNode() : defaults,
                clock.instant(),
                null));
        return stores.database().jdbi().inTransaction(handle -> {
            stores.templates().insert(handle, template);
            return stores.templates().get(handle, template.uuid().toString());
        });
    }

    private Goal goal(String nameOrUuid) {
        return catalog.findGoal(nameOrUuid)
                .orElseThrow(() -> ServiceRefusal.invalid("Goal %s is invalid".formatted(nameOrUuid)));
    }

    /** Checks the default parameters, and replaces the UUID of the strategy by its name. */
    private AuditTemplate checked(AuditTemplate template) {
        TextRule.TEMPLATE_NAME.check(template.name());
        TextRule.TEMPLATE_DESCRIPTION.check(template.description());
        TextRule.PARAMETERS.check(template.defaultParameters());
        if (!template.defaultParameters().isObject()) {
            throw ServiceRefusal.invalid("The default_parameters must be an object");
        }
        if (template.strategy() == null) {
            if (!template.defaultParameters().isEmpty()) {
                throw ServiceRefusal.invalid("The default_parameters need a strategy");
            }
            return template;
        }
        StrategyType strategy = catalog.findStrategy(template.strategy())
                .filter(found -> found.goal().equals(template.goal()))
                .orElseThrow(() -> ServiceRefusal.invalid(
                        "Strategy %s is invalid for goal %s".formatted(template.strategy(), template.goal())));
        ParameterSchema.checkSome(strategy, (ObjectNode) template.defaultParameters());
        return new AuditTemplate(
                template.id(),
                template.uuid(),
                template.name(),
                template.description(),
                template.goal(),
                strategy.name(),
                template.scope(),
                template.defaultParameters(),
                template.createdAt(),
                template.updatedAt());
    }

    /**
     * Stores a changed template.
     *
     * @param before  the template that the client's patch was applied to
     * @param changed the result of the patch, with goal and strategy by UUID or name
     * @throws ServiceRefusal if the change violates a rule
     */
    public AuditTemplate update(AuditTemplate before, AuditTemplate changed) {
        AuditTemplate updated = checked(new AuditTemplate(
                before.id(),
                before.uuid(),
                changed.name(),
                changed.description(),
                goal(changed.goal()).name(),
                changed.strategy(),
                ScopeTerms.normalised(changed.scope(), nova),
                changed.defaultParameters(),
                before.createdAt(),
                before.updatedAt()));
        boolean otherSchema = !updated.goal().equals(before.goal())
                || !java.util.Objects.equals(updated.strategy(), before.strategy());
        if (otherSchema
                && !before.defaultParameters().isEmpty()
                && updated.defaultParameters().equals(before.defaultParameters())) {
            throw ServiceRefusal.conflict(
                    "The default_parameters belong to the previous goal or strategy. Change them as well.");
        }
        return stores.database().jdbi().inTransaction(handle -> {
            stores.templates().update(handle, updated);
            return stores.templates().get(handle, before.uuid().toString());
        });
    }

    /**
     * Deletes a template. Audits that were created from it stay.
     *
     * @return its UUID
     * @throws ServiceRefusal if it does not exist
     */
    public UUID delete(String identity) {
        return stores.database().jdbi().inTransaction(handle -> {
            UUID uuid = stores.templates().get(handle, identity).uuid();
            stores.templates().delete(handle, uuid);
            return uuid;
        });
    }
}
