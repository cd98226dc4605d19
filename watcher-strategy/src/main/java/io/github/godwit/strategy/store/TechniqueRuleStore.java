package io.github.godwit.strategy.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.model.select.TechniqueRule;
import io.github.godwit.model.select.TechniqueRule.Scope;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.strategy.common.Texts;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** The rules on techniques for projects and aggregates, without the hosts of the aggregates, which Nova knows. */
public final class TechniqueRuleStore {

    private static final Table<TechniqueRule> RULES = new Table<>(
            "technique_rules",
            "scope, name, allow, forbid",
            (row, context) -> new TechniqueRule(
                    Rows.constant(row, "scope", Scope.class),
                    row.getString("name"),
                    Set.of(),
                    techniques(Rows.json(row, "allow")),
                    techniques(Rows.json(row, "forbid"))));

    private final Clock clock;

    /** Takes the times of changes from this clock. */
    public TechniqueRuleStore(Clock clock) {
        this.clock = clock;
    }

    private static Set<Technique> techniques(JsonNode ids) {
        Set<Technique> techniques = EnumSet.noneOf(Technique.class);
        ids.forEach(id -> techniques.add(Technique.parse(id.asText())));
        return techniques;
    }

    /** All rules, by scope and name. */
    public List<TechniqueRule> all(Handle handle) {
        return RULES.select(handle, "ORDER BY scope, name", Map.of()).list();
    }

    /** Stores a rule in place of the one for the same project or aggregate. */
    public void put(Handle handle, TechniqueRule rule) {
        delete(handle, rule.scope(), rule.name());
        RULES.insert(
                handle,
                new Values()
                        .set("scope", rule.scope())
                        .set("name", rule.name())
                        .set("allow", Texts.json(rule.allow()))
                        .set("forbid", Texts.json(rule.forbid()))
                        .set("created_at", clock.instant()));
    }

    /** Deletes a rule; returns whether there was one. */
    public boolean delete(Handle handle, Scope scope, String name) {
        return handle.createUpdate("DELETE FROM technique_rules WHERE scope = :scope AND name = :name")
                        .bind("scope", scope.name())
                        .bind("name", name)
                        .execute()
                > 0;
    }
}
