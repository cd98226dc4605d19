package io.github.godwit.strategy.policy;

import io.github.godwit.model.select.TechniqueRule;
import io.github.godwit.model.select.TechniqueRule.Scope;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.store.Database;
import io.github.godwit.strategy.store.TechniqueRuleStore;
import java.time.Clock;
import java.util.List;

/** The operator's rules on techniques for projects and aggregates. */
public final class TechniqueRules {

    private final Database database;
    private final TechniqueRuleStore store;

    /** Reads and writes this database; takes the times of changes from the clock. */
    public TechniqueRules(Database database, Clock clock) {
        this.database = database;
        this.store = new TechniqueRuleStore(clock);
    }

    /** All rules, by scope and name, without hosts. */
    public List<TechniqueRule> all() {
        return database.jdbi().withHandle(store::all);
    }

    /**
     * The rule for a project or an aggregate.
     *
     * @throws ServiceRefusal if there is none
     */
    public TechniqueRule get(Scope scope, String name) {
        return all().stream()
                .filter(rule -> rule.scope() == scope && rule.name().equals(name))
                .findFirst()
                .orElseThrow(() -> none(scope, name));
    }

    /** Stores a rule in place of the one for the same project or aggregate. */
    public void put(TechniqueRule rule) {
        database.jdbi().useTransaction(handle -> store.put(handle, rule));
    }

    /**
     * Deletes a rule.
     *
     * @throws ServiceRefusal if there is none
     */
    public void delete(Scope scope, String name) {
        if (!database.jdbi().inTransaction(handle -> store.delete(handle, scope, name))) {
            throw none(scope, name);
        }
    }

    private static ServiceRefusal none(Scope scope, String name) {
        return ServiceRefusal.notFound("There is no technique rule for %s '%s'.".formatted(scope, name));
    }
}
