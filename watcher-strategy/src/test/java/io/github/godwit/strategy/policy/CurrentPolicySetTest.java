package io.github.godwit.strategy.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.model.select.PolicySet;
import io.github.godwit.model.select.TechniqueRule;
import io.github.godwit.model.select.TechniqueRule.Scope;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.store.Database;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CurrentPolicySetTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final Database database = Database.inMemory();
    private Map<String, Set<String>> aggregates = Map.of();

    @AfterEach
    void close() {
        database.close();
    }

    private Policies policies() {
        return new Policies(database, Clock.systemUTC());
    }

    private TechniqueRules rules() {
        return new TechniqueRules(database, Clock.systemUTC());
    }

    private WorkloadTypes classes() {
        return new WorkloadTypes(database, Clock.systemUTC());
    }

    /** The set as an instance with this clock sees it. */
    private PolicySet at(Instant time) {
        return new CurrentPolicySet(
                        database,
                        policies(),
                        rules(),
                        classes(),
                        () -> {
                            if (aggregates == null) {
                                throw ServiceRefusal.unavailable("Nova does not answer.");
                            }
                            return aggregates;
                        },
                        Clock.fixed(time, ZoneOffset.UTC))
                .get();
    }

    private void put(String name) {
        JsonNode body = Texts.yaml("{name: %s, scenario: s, slos: [], optimize: {TT: 1}}".formatted(name));
        policies().put(name, body);
    }

    @Test
    void anUnchangedServiceHasWhatShips() {
        assertThat(at(NOON)).isEqualTo(PolicySet.shipped());
        assertThat(at(NOON).wasChanged()).isFalse();
    }

    @Test
    void eachChangeIsANewerSetForAllInstancesWhateverTheirClocks() {
        put("mine");
        PolicySet first = at(NOON);
        assertThat(first.version()).isEqualTo(1);
        assertThat(first.changedAt()).isEqualTo(NOON);
        assertThat(first.policy("mine").version()).isEqualTo(1);
        assertThat(at(NOON.minusSeconds(60))).as("another instance").isEqualTo(first);

        put("ensure_performance");
        PolicySet second = at(NOON.minusSeconds(60));

        assertThat(second.version()).isEqualTo(2);
        assertThat(second.changedAt()).isEqualTo(NOON.plusMillis(1));
        assertThat(second.policy("ensure_performance").title()).isEqualTo("policy ensure_performance (version 1)");

        policies().delete("mine");
        policies().delete("ensure_performance");
        assertThat(at(NOON.plusSeconds(1)).policies())
                .isEqualTo(PolicySet.shipped().policies());
        assertThat(at(NOON).wasChanged()).as("host drivers have to learn of it").isTrue();
    }

    @Test
    void aRuleFollowsTheHostsOfItsAggregateAndKeepsThemWhileNovaIsSilent() {
        rules().put(new TechniqueRule(Scope.AGGREGATE, "ssd", Set.of(), Set.of(), Set.of(Technique.POST_COPY)));
        aggregates = Map.of("ssd", Set.of("h1", "h2"), "other", Set.of("h9"));
        assertThat(at(NOON).rules())
                .singleElement()
                .satisfies(rule -> assertThat(rule.hosts()).containsExactlyInAnyOrder("h1", "h2"));

        aggregates = null;
        assertThat(at(NOON).version()).isEqualTo(1);

        aggregates = Map.of("ssd", Set.of("h1"));
        assertThat(at(NOON).version()).isEqualTo(2);
        assertThat(at(NOON).rules().get(0).hosts()).containsExactly("h1");
    }

    @Test
    void aChangedTrafficClassIsANewerSetAndOneThatIsResetToo() {
        JsonNode body = Texts.yaml("{bounds: {low: {sla_lower: 200mbit, sla_upper: 300mbit}}}");
        classes().put("batch", "p-1", body);
        assertThat(at(NOON).version()).isEqualTo(1);
        assertThat(at(NOON).trafficClasses().projects())
                .singleElement()
                .satisfies(bounds -> assertThat(bounds.project()).isEqualTo("p-1"));

        classes().delete("batch", "p-1");

        PolicySet reset = at(NOON);
        assertThat(reset.version()).isEqualTo(2);
        assertThat(reset.trafficClasses().isAsShipped()).isTrue();
    }
}
