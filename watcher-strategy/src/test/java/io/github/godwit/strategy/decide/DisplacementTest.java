package io.github.godwit.strategy.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.strategy.cluster.ClusterHistory;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.ClusterRules;
import io.github.godwit.strategy.cluster.ClusterRules.IdleServer;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.cluster.NovaFacts;
import io.github.godwit.strategy.cluster.NovaFacts.Details;
import io.github.godwit.strategy.decide.Displacement.Displaced;
import io.github.godwit.strategy.decide.Displacement.Terms;
import io.github.godwit.strategy.decide.Displacement.Way;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DisplacementTest {

    /** On h1 run a and b, and s is stopped; on h2 t is stopped. */
    private static final ClusterModel CLUSTER = DrawnCluster.draw("""
            host h1
              vm a
              vm b
            host h2
            """)
            .withRules(ClusterRules.NONE.withIdle(List.of(
                    new IdleServer("s", "my-s", "h1", "SHUTOFF"), new IdleServer("t", "my-t", "h2", "SHUTOFF"))));

    private final Map<String, NovaFacts.Server> servers = new HashMap<>(Map.of(
            "a", server("a", "ACTIVE", null, false),
            "b", server("b", "ACTIVE", null, false),
            "s", server("s", "SHUTOFF", null, false),
            "t", server("t", "SHUTOFF", null, false)));

    private static NovaFacts.Server server(String id, String status, String task, boolean locked) {
        return new NovaFacts.Server(
                id, "p", Map.of(), Map.of(), new Details("my-" + id, status, task, locked, null, 1, 512, 1));
    }

    private Displacement of(boolean live, boolean cold) {
        return Displacement.of(CLUSTER, List.of("h1"), servers, new Terms(live, cold, id -> !"outside".equals(id)));
    }

    @Test
    void stoppedServersAreMigratedColdWhileRunningOnesMayBeMigratedLive() {
        Displacement displaced = of(true, true);
        assertThat(displaced.servers()).containsExactly(new Displaced(Way.COLD, "s", "my-s", "h1", "SHUTOFF"));
        assertThat(displaced.verdict()).isEqualTo("Server my-s (s) is SHUTOFF and is migrated cold.");
    }

    @Test
    void withoutLiveMigrationRunningServersAreMigratedColdToo() {
        assertThat(of(false, true).by(Way.COLD)).containsExactlyInAnyOrder("a", "b", "s");
    }

    @Test
    void withoutBothRunningServersAreStoppedAndStoppedOnesStay() {
        Displacement displaced = of(false, false);
        assertThat(displaced.by(Way.STOP)).containsExactlyInAnyOrder("a", "b");
        assertThat(displaced.by(Way.COLD)).isEmpty();
        assertThat(displaced.verdict())
                .isEqualTo(
                        "Server my-a (a) is stopped. Server my-b (b) is stopped. Server my-s (s) stays: it is SHUTOFF.");
    }

    @Test
    void withoutColdMigrationStoppedServersStay() {
        Displacement displaced = of(true, false);
        assertThat(displaced.servers()).isEmpty();
        assertThat(displaced.stays()).containsExactly("Server my-s (s) stays: it is SHUTOFF.");
    }

    @Test
    void lockedChangingSuspendedAndUnknownServersStay() {
        servers.put("a", server("a", "ACTIVE", null, true));
        servers.put("b", server("b", "ACTIVE", "rebooting", false));
        servers.put("s", server("s", "SUSPENDED", null, false));
        assertThat(of(false, false).servers()).isEmpty();
        assertThat(of(false, true).stays())
                .containsExactly(
                        "Server my-a (a) stays: it is locked.",
                        "Server my-b (b) stays: it is being changed by Nova (task_state rebooting).",
                        "Server my-s (s) stays: it is SUSPENDED.");
        servers.remove("a");
        assertThat(of(false, true).stays()).contains("a stays: Nova has no such server.");
    }

    @Test
    void aRunningServerThatItsHostDriverDoesNotReportIsNotMigratedColdInsteadOfLive() {
        servers.put("s", server("s", "ACTIVE", null, false));
        assertThat(of(true, true).servers()).isEmpty();
        assertThat(of(true, true).stays())
                .containsExactly("Server my-s (s) stays: it is ACTIVE, but its host driver does not report it.");
    }

    @Test
    void serversOutsideTheScopeStay() {
        Displacement displaced =
                Displacement.of(CLUSTER, List.of("h1"), servers, new Terms(false, true, id -> !"a".equals(id)));
        assertThat(displaced.by(Way.COLD)).containsExactlyInAnyOrder("b", "s");
        assertThat(displaced.stays()).containsExactly("Server my-a (a) stays: it is outside the audit's scope.");
    }

    @Test
    void onlyTheIdleServersOfTheEmptiedHostsAreTakenFromTheStrategy() {
        ClusterHistory without = Displacement.withoutIdle(new ClusterHistory(List.of(CLUSTER)), List.of("h1"));
        assertThat(without.latest().rules().idle()).extracting(IdleServer::id).containsExactly("t");
    }
}
