package io.github.godwit.strategy.nova;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.nova.Nova.Flavor;
import io.github.godwit.nova.Nova.Server;
import io.github.godwit.nova.Nova.ServerGroup;
import io.github.godwit.nova.Nova.Zone;
import io.github.godwit.nova.NovaHosts.ComputeService;
import io.github.godwit.nova.Placement;
import io.github.godwit.nova.Placement.ResourceProvider;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.ClusterRules;
import io.github.godwit.strategy.cluster.ClusterRules.IdleServer;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.cluster.NovaFacts;
import io.github.godwit.strategy.cluster.PlacementRoom.HostTraits;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        return rules(List.of(), servers, groups);
    }

    private static ClusterRules rules(List<ComputeService> services, List<Server> servers, ServerGroup... groups) {
        return NovaRules.of(NovaState.of(services, servers, Set.of(), List.of(groups)));
    }

    @Test
    void hostsThatAreDisabledOrDoNotReportAreClosed() {
        List<ComputeService> services = List.of(
                new ComputeService("1", "h1", "nova", true, true, null),
                new ComputeService("2", "h2", "nova", false, true, "repair"),
                new ComputeService("3", "h3", "nova", true, false, null));
        assertThat(rules(services, List.of()).closed()).containsExactlyInAnyOrder("h2", "h3");
    }

    @Test
    void serversThatNovaWouldNotMigrateArePinned() {
        ClusterRules rules = rules(
                List.of(server("a", "ACTIVE", false), server("b", "ACTIVE", true), server("c", "MIGRATING", false)));
        assertThat(rules.pinned()).containsExactlyInAnyOrder("b", "c");
    }

    @Test
    void theReasonsArePartOfTheRules() {
        Zone zone = new Zone("nova", null, true);
        ClusterRules rules = rules(List.of(
                server("a", "SHUTOFF", false),
                server("b", "ACTIVE", true),
                server("c", "ACTIVE", "resize_prep", false, FLAVOR, zone)));
        assertThat(rules.pinnedBecause("a")).contains("SHUTOFF in Nova");
        assertThat(rules.pinnedBecause("b")).contains("locked");
        assertThat(rules.pinnedBecause("c")).contains("being changed by Nova (task_state resize_prep)");
        assertThat(rules.withPinned(Set.of("b", "d"), "outside the audit's scope")
                        .pinnedBecause("b"))
                .contains("locked");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pci_passthrough:alias  | a1:1     | true",
                "accel:device_profile   | fpga     | true",
                "resources:VGPU         | 1        | true",
                "resources1:VGPU        | 1        | true",
                "resources_GPU:VGPU     | 2        | true",
                "resources:VGPU         | 0        | false",
                "trait1:CUSTOM_VGPU_V   | required | true",
                "hw:mem_encryption      | True     | true",
                "hw:mem_encryption      | false    | false",
                "hw:tpm_version         | 2.0      | true",
                "hw:tpm_model           | tpm-crb  | true",
                "hw:cpu_policy          | dedicated | false",
                "resources:VCPU         | 2        | false"
            })
    void flavorsThatRuleOutLiveMigrationPinTheirServers(String key, String value, boolean pinned) {
        Flavor flavor = new Flavor("special", 1, 256, 0, 0, 0, Map.of(key, value));
        ClusterRules rules = rules(List.of(server("a", "ACTIVE", null, false, flavor, new Zone("nova", null, true))));
        assertThat(rules.pinnedBecause("a"))
                .isEqualTo(
                        pinned
                                ? Optional.of(
                                        "pinned by its flavor (%s=%s rules out live migration)".formatted(key, value))
                                : Optional.empty());
    }

    @Test
    void aTpmWhoseSecretOtherHostsCanReadIsNoObstacle() {
        assertThat(FlavorLimits.obstacle(Map.of("hw:tpm_version", "2.0", "hw:tpm_secret_security", "deployment")))
                .isEmpty();
        assertThat(FlavorLimits.obstacle(Map.of("hw:tpm_version", "2.0", "hw:tpm_secret_security", "user")))
                .contains("hw:tpm_version=2.0");
    }

    @Test
    void serversStayInTheZoneThatTheyArePinnedTo() {
        List<ComputeService> services = List.of(
                new ComputeService("1", "h1", "az1", true, true, null),
                new ComputeService("2", "h2", "az2", true, true, null));
        ClusterRules rules = rules(
                services,
                List.of(
                        server("free", "ACTIVE", null, false, FLAVOR, new Zone("az1", null, true)),
                        server("pinned", "ACTIVE", null, false, FLAVOR, new Zone("az1", "az1", true))));
        assertThat(rules.zoneObstacle("free", "h2")).isEmpty();
        assertThat(rules.zoneObstacle("pinned", "h1")).isEmpty();
        assertThat(rules.zoneObstacle("pinned", "h2"))
                .contains("h2 is in availability zone az2, but the VM is pinned to az1");

        ClusterRules old =
                rules(services, List.of(server("a", "ACTIVE", null, false, FLAVOR, new Zone("az1", null, false))));
        assertThat(old.zoneObstacle("a", "h2")).get().asString().contains("az2", "does not report", "az1");
    }

    @Test
    void serversWithoutARunningVmAreOnTheirHost() {
        ClusterModel cluster = DrawnCluster.draw("host h1\nvm a");
        assertThat(NovaRules.idle(List.of(server("a", "ACTIVE", false), server("b", "SHUTOFF", false)), cluster))
                .containsExactly(new IdleServer("b", "my-b", "h1", "SHUTOFF"));
    }

    @Test
    void aHostIsWhatNovaAndPlacementKnowOfIt() {
        ResourceProvider provider =
                new ResourceProvider(Map.of("VCPU", new Placement.Inventory(4, 1, 4, 16)), Map.of());
        ProviderTrees trees = new ProviderTrees(
                Map.of("uuid-1", new ProviderTrees.Tree(List.of(provider), new HostTraits(Set.of(), Set.of()))),
                Map.of());
        Map<String, NovaFacts.Host> hosts = NovaRules.hosts(
                List.of(
                        new ComputeService("1", "h1", "nova", false, true, "repair"),
                        new ComputeService("2", "h2", "nova", true, false, null)),
                Map.of("h1", "uuid-1"),
                trees);
        assertThat(hosts)
                .containsOnly(
                        Map.entry(
                                "h1",
                                new NovaFacts.Host(
                                        "uuid-1",
                                        false,
                                        "repair",
                                        true,
                                        Map.of("VCPU", new NovaFacts.Inventory(4, 1, 16)))),
                        Map.entry("h2", new NovaFacts.Host("h2", true, null, false, Map.of())));
    }

    @Test
    void theDetailsOfAServerIncludeItsDisksRoundedUp() {
        Flavor flavor = new Flavor("big", 2, 512, 10, 5, 100, Map.of());
        Server stopped = server("a", "SHUTOFF", null, true, flavor, new Zone("az1", "az1", true));
        assertThat(NovaRules.facts(List.of(), List.of(stopped), List.of())
                        .servers()
                        .get("a")
                        .details())
                .isEqualTo(new NovaFacts.Details("my-a", "SHUTOFF", null, true, "az1", 2, 512, 16));
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
