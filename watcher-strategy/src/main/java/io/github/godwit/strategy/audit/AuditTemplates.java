package io.github.godwit.strategy.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.catalog.Catalog;
import io.github.godwit.strategy.catalog.Goal;
import io.github.godwit.strategy.catalog.ParameterSchema;
import io.github.godwit.strategy.catalog.StrategyType;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.objects.AuditTemplate;
import io.github.godwit.strategy.store.Stores;
import java.time.Clock;
import java.util.UUID;

/** Makes and changes audit templates by Watcher's rules. */
public final class AuditTemplates {

    private final Stores stores;
    private final Catalog catalog;
    private final Clock clock;
    private final boolean nova;

    /**
     * @param stores  what is stored
     * @param catalog what there is
     * @param clock   tells the time
     */
    public AuditTemplates(Stores stores, Catalog catalog, Clock clock, boolean nova) {
        this.stores = stores;
        this.catalog = catalog;
        this.clock = clock;
        this.nova = nova;
    }

    /**
     * Makes a template.
     *
     * @param name        its name
     * @param description for people, or null
     * @param goalName    goal, by UUID or name
     * @param strategy    strategy, by UUID or name, or null
     * @param scope       scope, or null
     * @param defaults    default parameters, or null
     * @throws ServiceRefusal when a rule is broken
     */
    public AuditTemplate create(
            String name, String description, String goalName, String strategy, JsonNode scope, JsonNode defaults) {
        if (name == null || name.isBlank() || goalName == null) {
            throw ServiceRefusal.invalid("An audit template needs a name and a goal");
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

    /** The template with its strategy by name and its default parameters checked. */
    private AuditTemplate checked(AuditTemplate template) {
        if (!template.defaultParameters().isObject()) {
            throw ServiceRefusal.invalid("The default_parameters must be an object");
        }
        if (template.strategy() == null) {
            if (!template.defaultParameters().isEmpty()) {
                throw ServiceRefusal.invalid("default_parameters need a strategy");
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
     * @param changed with goal and strategy by UUID or name
     * @throws ServiceRefusal when a rule is broken
     */
    public AuditTemplate update(AuditTemplate before, AuditTemplate changed) {
        AuditTemplate wanted = checked(new AuditTemplate(
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
        boolean otherSchema =
                !wanted.goal().equals(before.goal()) || !java.util.Objects.equals(wanted.strategy(), before.strategy());
        if (otherSchema
                && !before.defaultParameters().isEmpty()
                && wanted.defaultParameters().equals(before.defaultParameters())) {
            throw ServiceRefusal.conflict(
                    "The default_parameters were given for another goal or strategy. Give new ones too.");
        }
        return stores.database().jdbi().inTransaction(handle -> {
            stores.templates().update(handle, wanted);
            return stores.templates().get(handle, before.uuid().toString());
        });
    }

    /**
     * Deletes a template; audits that were made from it stay.
     *
     * @throws ServiceRefusal when there is none
     */
    public void delete(String identity) {
        stores.database()
                .jdbi()
                .useTransaction(handle -> stores.templates()
                        .delete(handle, stores.templates().get(handle, identity).uuid()));
    }
}
