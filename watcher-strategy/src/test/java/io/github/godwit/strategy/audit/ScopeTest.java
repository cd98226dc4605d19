package io.github.godwit.strategy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.cluster.NovaFacts;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.Texts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScopeTest {

    private static final ClusterModel CLUSTER = DrawnCluster.draw("""
            host h1
              vm a
              vm b
            host h2
              vm c
            host h3
            """);

    private static final NovaFacts FACTS = new NovaFacts(
            Map.of("h1", "east", "h2", "east", "h3", "west"),
            List.of(
                    new NovaFacts.Aggregate(7, "fast", Set.of("h1", "h3")),
                    new NovaFacts.Aggregate(8, "slow", Set.of("h2"))),
            Map.of(
                    "a", new NovaFacts.Server("uuid-a", "red", Map.of("pinned", "true")),
                    "b", new NovaFacts.Server("uuid-b", "blue", Map.of()),
                    "c", new NovaFacts.Server("uuid-c", "red", Map.of("pinned", "no"))));

    private static ClusterModel seen(String compute, Optional<NovaFacts> facts) {
        String scope = "[{\"compute\": [%s]}]".formatted(compute.replace('\'', '"'));
        return Scope.of(ScopeTerms.normalised(Texts.tree(scope), facts.isPresent()), facts)
                .of(CLUSTER);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'exclude': []}                                                       | h1 h2 h3",
                "{'exclude': [{'compute_nodes': [{'name': 'h2'}]}]}                    | h1 h3",
                "{'availability_zones': [{'name': 'east'}]}                            | h1 h2",
                "{'availability_zones': [{'name': '*'}]}                               | h1 h2 h3",
                "{'host_aggregates': [{'id': 7}]}                                      | h1 h3",
                "{'host_aggregates': [{'name': 'slow'}]}                               | h2",
                "{'host_aggregates': [{'name': 'slow'}, {'id': 7}]}                    | h1 h2 h3",
                "{'availability_zones': [{'name': 'west'}]}, {'host_aggregates': [{'id': 8}]} | h2 h3",
                "{'exclude': [{'host_aggregates': [{'name': 'fast'}]}]}                | h2",
                "{'availability_zones': [{'name': 'east'}]}, {'exclude': [{'compute_nodes': [{'name': 'h1'}]}]} | h2"
            })
    void hostsOutsideTheScopeAreIgnored(String compute, String hosts) {
        assertThat(seen(compute, Optional.of(FACTS)).hosts())
                .extracting(ClusterHost::name)
                .containsExactly(hosts.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'exclude': [{'instances': [{'uuid': 'uuid-b'}]}]}               | b",
                "{'exclude': [{'instances': [{'uuid': 'b'}]}]}                    | b",
                "{'exclude': [{'projects': [{'uuid': 'red'}]}]}                   | a c",
                "{'exclude': [{'instance_metadata': [{'pinned': 'true'}]}]}       | a"
            })
    void vmsOutsideTheScopeArePinned(String compute, String vms) {
        assertThat(seen(compute, Optional.of(FACTS)).rules().pinned()).containsExactlyInAnyOrder(vms.split(" "));
    }

    @Test
    void withoutNovaAScopeCanOnlyNameHostsAndVms() {
        assertThat(seen("{'exclude': [{'instances': [{'uuid': 'a'}]}]}", Optional.empty())
                        .rules()
                        .pinned())
                .containsExactly("a");
        for (String compute : List.of(
                "{'availability_zones': [{'name': 'east'}]}",
                "{'host_aggregates': [{'id': 1}]}",
                "{'exclude': [{'projects': [{'uuid': 'red'}]}]}")) {
            assertThatThrownBy(() -> seen(compute, Optional.empty()))
                    .isInstanceOf(ServiceRefusal.class)
                    .hasMessageContaining("need Nova");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'regions': []}                                   | not regions",
                "{'exclude': [{'hosts': []}]}                      | not hosts",
                "{'exclude': [{'compute_nodes': [{'id': 'h'}]}]}   | compute_nodes must have: name",
                "{'host_aggregates': [{}]}                         | host_aggregates must have: id or name",
                "{'exclude': [{'instance_metadata': ['x']}]}       | instance_metadata must have: a key and a value"
            })
    void invalidScopesAreRefused(String compute, String message) {
        assertThatThrownBy(() -> seen(compute, Optional.of(FACTS)))
                .isInstanceOf(ServiceRefusal.class)
                .hasMessageContaining(message);
    }
}
