package io.github.godwit.model.select;

import static io.github.godwit.model.technique.Technique.POST_COPY;
import static io.github.godwit.model.technique.Technique.PRE_COPY;
import static io.github.godwit.model.technique.Technique.ZLIB;
import static io.github.godwit.model.technique.Technique.ZSTD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.select.TechniqueRule.Scope;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.technique.TechniqueConstraint;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicySetTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private static PolicySet with(TechniqueRule... rules) {
        return new PolicySet(1, NOON, PolicySet.shipped().policies(), List.of(rules));
    }

    private static TechniqueRule aggregate(String name, Set<String> hosts, Set<Technique> allow, Technique... forbid) {
        return new TechniqueRule(Scope.AGGREGATE, name, hosts, allow, Set.of(forbid));
    }

    private static TechniqueRule project(String name, Set<Technique> allow, Technique... forbid) {
        return new TechniqueRule(Scope.PROJECT, name, Set.of(), allow, Set.of(forbid));
    }

    private static Map<Technique, String> ruledOut(PolicySet set, Set<String> hosts, String project) {
        return set.constraint(hosts, Optional.ofNullable(project)).prohibitions();
    }

    @Test
    void the_rules_of_both_hosts_aggregates_hold() {
        PolicySet set = with(
                aggregate("left", Set.of("h1"), Set.of(), ZSTD),
                aggregate("right", Set.of("h2"), Set.of(), ZLIB),
                aggregate("far", Set.of("h3"), Set.of(), PRE_COPY));

        assertThat(ruledOut(set, Set.of("h1", "h2"), null))
                .containsOnly(
                        Map.entry(ZSTD, "is forbidden by the operator for aggregate left"),
                        Map.entry(ZLIB, "is forbidden by the operator for aggregate right"));
    }

    @Test
    void a_project_narrows_what_the_aggregates_leave_and_widens_nothing() {
        PolicySet set =
                with(project("p", Set.of(PRE_COPY, ZSTD)), aggregate("left", Set.of("h1"), Set.of(PRE_COPY, ZLIB)));

        TechniqueAvailability left =
                set.constraint(Set.of("h1", "h2"), Optional.of("p")).of(TechniqueAvailability.all());

        assertThat(left.available()).containsExactly(PRE_COPY);
        assertThat(left.unavailable())
                .containsEntry(ZSTD, "is not among the techniques that the operator for aggregate left allows")
                .containsEntry(ZLIB, "is not among the techniques that the operator for project p allows");
        assertThat(ruledOut(set, Set.of("h9"), "other")).isEmpty();
        assertThat(ruledOut(set, Set.of("h9"), null)).isEmpty();
    }

    @Test
    void a_constraint_never_widens_what_the_hosts_permit() {
        TechniqueAvailability host = new TechniqueAvailability(Map.of(POST_COPY, "is not permitted by nova.conf"));

        TechniqueAvailability left = TechniqueConstraint.by("policy x", Set.of(POST_COPY, PRE_COPY), Set.of())
                .of(host);

        assertThat(left.available()).containsExactly(PRE_COPY);
        assertThat(left.unavailable()).containsEntry(POST_COPY, "is not permitted by nova.conf");
    }

    @Test
    void the_set_that_was_changed_last_is_the_newer_one() {
        PolicySet set = with();
        assertThat(set.isNewerThan(9, NOON.minusMillis(1))).isTrue();
        assertThat(set.isNewerThan(0, NOON)).isTrue();
        assertThat(set.isNewerThan(1, NOON)).isFalse();
        assertThat(set.isNewerThan(0, NOON.plusMillis(1))).isFalse();
    }

    @Test
    void names_occur_once_and_rules_say_something() {
        List<SloPolicy> shipped = PolicySet.shipped().policies();
        assertThatThrownBy(() -> PolicySet.of(1, NOON, List.of(shipped.get(0), shipped.get(0))))
                .hasMessageContaining("two policies 'ensure_performance'");
        assertThatThrownBy(() -> with(project("p", Set.of(), ZSTD), project("p", Set.of(), ZLIB)))
                .hasMessageContaining("two rules for project p");
        assertThatThrownBy(() -> project("p", Set.of())).hasMessageContaining("neither allows nor forbids");
        assertThatThrownBy(() -> PolicySet.of(1, NOON, List.of())).hasMessageContaining("has no policy");
    }
}
