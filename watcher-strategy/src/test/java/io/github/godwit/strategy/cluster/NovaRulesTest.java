package io.github.godwit.strategy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.nova.Nova.ComputeService;
import io.github.godwit.nova.Nova.Flavor;
import io.github.godwit.nova.Nova.Server;
import io.github.godwit.nova.Nova.ServerGroup;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NovaRulesTest {

    private static final Flavor FLAVOR = new Flavor("small", 1, 256, 0, 0, 0, Map.of());

    private static Server server(String id, String status, boolean locked) {
        return server(id, status, null, locked, FLAVOR, new Zone("nova", null, true));
    }

    private static Server server(String id, String status, String task, boolean locked, Flavor flavor, Zone zone) {
        return new Server(
                id, "my-" + id, "instance-" + id, "h1", "p", status, task, locked, Map.of(), flavor, zone, false);
    }

    private static ClusterRules rules(List<Server> servers, ServerGroup... groups) {
        return NovaRules.of(List.of(), servers, List.of(groups));
    }

    @Test
    void hostsThatAreDisabledOrDoNotReportAreClosed() {
        List<ComputeService> services = List.of(
                new ComputeService("1", "h1", "nova", true, true, null),
                new ComputeService("2", "h2", "nova", false, true, "repair"),
                new ComputeService("3", "h3", "nova", true, false, null));
        assertThat(NovaRules.of(services, List.of(), List.of()).closed()).containsExactlyInAnyOrder("h2", "h3");
    }

    @Test
    void serversThatNovaWouldNotMigrateArePinned() {
        ClusterRules rules = rules(
                List.of(server("a", "ACTIVE", false), server("b", "ACTIVE", true), server("c", "MIGRATING", false)));
        assertThat(rules.pinned()).containsExactlyInAnyOrder("b", "c");
    }

    @Test
    void deletedMembersOfGroupsAreIgnored() {
        List<Server> servers =
                List.of(server("a", "ACTIVE", false), server("b", "ACTIVE", false), server("c", "ACTIVE", false));
        ClusterRules rules = rules(
                servers,
                new ServerGroup("1", "anti-affinity", List.of("a", "b", "gone")),
                new ServerGroup("2", "anti-affinity", List.of("c", "gone")),
                new ServerGroup("3", "soft-anti-affinity", List.of("a", "c")));
        assertThat(rules.apart()).containsExactly(Set.of("a", "b"));
        assertThat(rules.pinned()).isEmpty();
        assertThat(rules(servers, new ServerGroup("4", "affinity", List.of("a", "c")))
                        .pinned())
                .containsExactlyInAnyOrder("a", "c");
    }
}
