package io.github.godwit.strategy.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.decide.DestinationPolicy.Fallback;
import io.github.godwit.strategy.decide.DestinationPolicy.LeastLoaded;
import io.github.godwit.strategy.decide.DestinationPolicy.RoundRobin;
import io.github.godwit.strategy.decide.DestinationPolicy.SeededRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationPolicyTest {

    private final List<ClusterHost> hosts = DrawnCluster.draw("""
            host h3 cpu=0.1 used=0.1
            host h1 cpu=0.5
            host h2 cpu=0.1 used=0.2
            """).hosts();

    @Test
    void theLeastLoadedIsTheOneWithTheSmallestVolume() {
        // 1/(0.9·0.9) = 1.23, 1/(0.9·0.8) = 1.39, 1/0.5 = 2
        assertThat(names(new LeastLoaded(), 0)).containsExactly("h3", "h2", "h1");
    }

    @Test
    void roundRobinTakesOneAfterAnother() {
        assertThat(names(new RoundRobin(), 0)).containsExactly("h1", "h2", "h3");
        assertThat(names(new RoundRobin(), 1)).containsExactly("h2", "h3", "h1");
        assertThat(names(new RoundRobin(), 3)).containsExactly("h1", "h2", "h3");
    }

    @Test
    void randomIsTheSameForTheSameSeedAndReachesEveryHost() {
        assertThat(names(new SeededRandom(1), 4)).isEqualTo(names(new SeededRandom(1), 4));
        Set<String> first = new HashSet<>();
        for (int move = 0; move < 50; move++) {
            first.add(names(new SeededRandom(1), move).get(0));
        }
        assertThat(first).containsExactlyInAnyOrder("h1", "h2", "h3");
    }

    @Test
    void fallbackTakesOnlyItsHostsInItsOrder() {
        assertThat(names(new Fallback(List.of("h2", "h9", "h3")), 5)).containsExactly("h2", "h3");
    }

    @Test
    void everyFormIsParsed() {
        assertThat(DestinationPolicy.parse("least-loaded")).isEqualTo(new LeastLoaded());
        assertThat(DestinationPolicy.parse("round-robin")).isEqualTo(new RoundRobin());
        assertThat(DestinationPolicy.parse("random")).isEqualTo(new SeededRandom(0));
        assertThat(DestinationPolicy.parse("random:42")).isEqualTo(new SeededRandom(42));
        assertThat(DestinationPolicy.parse("fallback:h3, h4")).isEqualTo(new Fallback(List.of("h3", "h4")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "coldest", "random:", "random:x", "round-robin:3", "fallback", "fallback:", "fallback:a,,b"})
    void otherTextIsRefused(String text) {
        assertThatThrownBy(() -> DestinationPolicy.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("policy");
    }

    private List<String> names(DestinationPolicy policy, int moveNumber) {
        return policy.preference(hosts, moveNumber).stream()
                .map(ClusterHost::name)
                .toList();
    }
}
