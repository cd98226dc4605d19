package io.github.godwit.strategy.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.github.godwit.nova.FakeOpenStack;
import io.github.godwit.nova.Nova;
import io.github.godwit.nova.OpenStackSession;
import io.github.godwit.nova.OpenStackUser;
import io.github.godwit.nova.Placement;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.ClusterRules.IdleServer;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.cluster.MoveObstacle.Kind;
import io.github.godwit.strategy.cluster.NovaFacts;
import io.github.godwit.strategy.cluster.Omission;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the service makes of Nova's and Placement's answers, by the real clients over HTTP. Each test begins with two hosts on each of which
 * nova-compute, hypervisor and resource provider have the host driver's name.
 */
@Timeout(60)
class NovaPictureTest {

    private static final String A = "5f0a1c5e-5df0-4f4e-9b4f-0a4b54a0f00a";
    private static final String B = "5f0a1c5e-5df0-4f4e-9b4f-0a4b54a0f00b";
    private static final String SERVICES = "GET /os-services?binary=nova-compute";
    private static final String HYPERVISORS = "GET /os-hypervisors/detail?limit=500";
    private static final String SERVERS = "GET /servers/detail?all_tenants=true&limit=500";
    private static final String PROVIDERS = "GET /placement/resource_providers";
    private static final String CPU = """
            {"arch": "x86_64", "vendor": "Intel", "model": "Haswell", "features": ["vmx"]}""";

    private final FakeOpenStack openStack = new FakeOpenStack();
    private final Cloud drivers = mock();
    private final NovaCloud cloud;

    NovaPictureTest() throws InterruptedException {
        OpenStackSession session = new OpenStackSession(
                openStack.keystone(),
                new OpenStackUser("godwit", "secret", "Default", "service", "Default"),
                Duration.ofSeconds(5));
        cloud = new NovaCloud(drivers, new Nova(session), new Placement(session), InstantSource.system());
        drivers("host h1\nvm %s\nhost h2".formatted(A));
        services(service("s1", "h1", "up"), service("s2", "h2", "up"));
        hypervisors(hypervisor("u1", "h1", "h1", CPU), hypervisor("u2", "h2", "h2", CPU));
        servers(server(A, "h1"));
        providers(provider("u1", "h1", "u1"), provider("u2", "h2", "u2"));
        openStack.with("GET /os-server-groups?all_projects=true&limit=500&offset=0", 200, "{\"server_groups\": []}");
        openStack.with("GET /os-aggregates", 200, "{\"aggregates\": []}");
        inventory("u1", "{}", "{}");
        inventory("u2", "{}", "{}");
    }

    @AfterEach
    void close() {
        openStack.close();
    }

    private void drivers(String drawing) throws InterruptedException {
        when(drivers.read()).thenReturn(DrawnCluster.draw(drawing));
    }

    private void list(String request, String member, String... items) {
        openStack.with(request, 200, "{\"%s\": [%s]}".formatted(member, String.join(", ", items)));
    }

    private void services(String... services) {
        list(SERVICES, "services", services);
    }

    private void hypervisors(String... hypervisors) {
        list(HYPERVISORS, "hypervisors", hypervisors);
    }

    private void servers(String... servers) {
        list(SERVERS, "servers", servers);
    }

    private void providers(String... providers) {
        list(PROVIDERS, "resource_providers", providers);
    }

    private void inventory(String provider, String inventories, String allocations) {
        String path = "GET /placement/resource_providers/" + provider;
        openStack.with(path + "/inventories", 200, "{\"inventories\": %s}".formatted(inventories));
        openStack.with(path + "/allocations", 200, "{\"allocations\": %s}".formatted(allocations));
    }

    private static String service(String id, String host, String state) {
        return """
                {"id": "%s", "binary": "nova-compute", "host": "%s", "zone": "az", "status": "enabled", "state": "%s"}""".formatted(id, host, state);
    }

    private static String unknown(String host) {
        return """
                {"binary": "nova-compute", "host": "%s", "status": "UNKNOWN"}""".formatted(host);
    }

    private static String hypervisor(String id, String name, String host, String cpu) {
        return """
                {"id": "%s", "hypervisor_hostname": "%s", "service": {"host": "%s"}, "hypervisor_type": "QEMU",
                 "hypervisor_version": 7002000, "cpu_info": %s}""".formatted(id, name, host, cpu);
    }

    private static String server(String id, String host) {
        return server(id, host, "{}");
    }

    private static String server(String id, String host, String extraSpecs) {
        return """
                {"id": "%s", "name": "web", "status": "ACTIVE", "OS-EXT-SRV-ATTR:host": "%s",
                 "OS-EXT-SRV-ATTR:hypervisor_hostname": "%s", "pinned_availability_zone": null,
                 "flavor": {"vcpus": 1, "extra_specs": %s}}""".formatted(id, host, host, extraSpecs);
    }

    private static String provider(String id, String name, String root) {
        return """
                {"uuid": "%s", "name": "%s", "root_provider_uuid": "%s"}""".formatted(id, name, root);
    }

    private static List<String> hosts(ClusterModel cluster) {
        return cluster.hosts().stream().map(ClusterHost::name).toList();
    }

    private static List<String> omitted(ClusterModel cluster) {
        return cluster.omissions().stream().map(Omission::what).toList();
    }

    private static String reason(ClusterModel cluster, String what) {
        return cluster.omissions().stream()
                .filter(each -> each.what().equals(what))
                .map(Omission::reason)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whereAllIsWellNothingIsLeftOut() throws Exception {
        ClusterModel cluster = cloud.read();
        assertThat(cluster.omissions()).isEmpty();
        assertThat(hosts(cluster)).containsExactly("h1", "h2");
        assertThat(cluster.movable(cluster.vm(A))).isTrue();
        assertThat(cluster.rules().closed()).isEmpty();
    }

    @Test
    void hostsMayHaveOtherNamesInNova() throws Exception {
        drivers("host h1.example.org\nvm %s\nhost H2\nhost node3.example.org".formatted(A));
        services(service("s1", "h1", "up"), service("s2", "h2", "down"), service("s3", "uuid-3", "up"));
        hypervisors(
                hypervisor("u1", "h1.example.org", "h1", CPU),
                hypervisor("u2", "h2.example.org", "h2", CPU),
                hypervisor("u3", "node3.example.org", "uuid-3", CPU));
        servers(server(A, "h1"), server(B, "uuid-3"));
        providers(provider("u1", "h1", "u1"), provider("u2", "h2", "u2"), provider("u3", "node3", "u3"));
        inventory("u1", "{}", "{\"%s\": {\"resources\": {\"VCPU\": 2}}}".formatted(A));
        inventory("u3", "{\"VCPU\": {\"total\": 1, \"max_unit\": 1, \"allocation_ratio\": 1.0}}", "{}");
        list("GET /os-aggregates", "aggregates", "{\"id\": 1, \"name\": \"ssd\", \"hosts\": [\"h1\", \"uuid-3\"]}");

        ClusterModel cluster = cloud.read();

        assertThat(cluster.omissions()).isEmpty();
        assertThat(cluster.rules().closed()).containsExactly("H2");
        assertThat(cluster.rules().idle()).containsExactly(new IdleServer(B, "web", "node3.example.org", "ACTIVE"));
        assertThat(cluster.rules().room().obstacle(A, "node3.example.org"))
                .contains("Placement has too little capacity left on node3.example.org: 1 VCPU, but the VM needs 2");
        assertThat(cloud.aggregates()).isEqualTo(Map.of("ssd", Set.of("h1.example.org", "node3.example.org")));
        NovaFacts facts = cloud.facts().orElseThrow();
        assertThat(facts.zones().keySet()).containsExactlyInAnyOrder("h1.example.org", "H2", "node3.example.org");
        assertThat(cloud.novaHosts().get("node3.example.org").uuid()).isEqualTo("u3");
        assertThat(cloud.hostService("node3.example.org").enabled()).isTrue();
    }

    @Test
    void aMoveIsRequestedByNovasNameAndCheckedByTheClustersName() throws Exception {
        drivers("host h1.example.org\nvm %s\nhost h2.example.org".formatted(A));
        String shown = "GET /servers/" + A;
        openStack.with(shown, 200, "{\"server\": %s}".formatted(server(A, "h1")));
        String records = "{\"migrations\": []}";
        for (String host : List.of("h1", "h2")) {
            openStack.with(
                    "GET /os-migrations?host=%s&limit=100&migration_type=live-migration".formatted(host), 200, records);
        }
        assertThat(cloud.obstacle(A, "h1.example.org", "h2.example.org")).isEmpty();
        assertThat(cloud.server(A).orElseThrow().host()).isEqualTo("h1.example.org");

        openStack.with("POST /servers/%s/action".formatted(A), 202, "");
        cloud.coldMigrate(A, "h2.example.org");
        assertThat(openStack.requests()).last().asString().endsWith("{\"migrate\":{\"host\":\"h2\"}}");

        openStack.with(shown, 200, "{\"server\": %s}".formatted(server(A, "h2")));
        assertThat(cloud.obstacle(A, "h1.example.org", "h2.example.org")
                        .orElseThrow()
                        .kind())
                .isEqualTo(Kind.ARRIVED);
    }

    @Test
    void hostsThatNovaDoesNotKnowOrMayMeanAreLeftOut() throws Exception {
        drivers("host h1.a\nvm %s\nhost h1.b\nhost h2\nhost stranger".formatted(A));
        services(service("s1", "h1", "up"), service("s2", "h2", "up"), service("s4", "h4", "up"));

        ClusterModel cluster = cloud.read();

        assertThat(hosts(cluster)).containsExactly("h2");
        assertThat(cluster.vms()).isEmpty();
        assertThat(omitted(cluster))
                .containsExactly("host 'h1.a'", "host 'h1.b'", "host 'stranger'", "2 hosts of Nova: h1, h4");
        assertThat(reason(cluster, "host 'h1.a'")).startsWith("In Nova it may be h1, and which one is not sure.");
        assertThat(reason(cluster, "host 'stranger'")).contains("no nova-compute", "--name");
    }

    @Test
    void aServiceOrAHypervisorThatComesTwiceCountsOnce() throws Exception {
        services(service("old", "h1", "down"), service("s1", "h1", "up"), service("s2", "h2", "up"), unknown("h2"));
        list("GET /servers?all_tenants=true", "servers");
        hypervisors(
                hypervisor("u9", "h1.old", "h1", CPU),
                hypervisor("u1", "h1", "h1", CPU),
                hypervisor("u2", "h2", "h2", CPU));

        ClusterModel cluster = cloud.read();

        assertThat(cluster.rules().closed()).isEmpty();
        assertThat(omitted(cluster))
                .containsExactly(
                        "nova-compute old on host 'h1'",
                        "nova-compute in a cell that does not answer on host 'h2'",
                        "hypervisor 'h1.old' (u9) of host 'h1'");
        assertThat(cloud.facts()).isPresent();
        assertThat(cloud.novaHosts().get("h1").uuid()).isEqualTo("u1");
        openStack.with("PUT /os-services/s1", 200, "{}");
        cloud.setEnabled("h1", false, "repair");
        assertThat(openStack.requests()).last().asString().startsWith("PUT /os-services/s1 ");
    }

    @Test
    void serversOnShortPagesAndOnTwoPagesAreAllThereOnce() throws Exception {
        drivers("host h1\nvm %s\nvm %s\nhost h2".formatted(A, B));
        servers(server(A, "h1"));
        list(SERVERS + "&marker=" + A, "servers", server(A, "h1"), server(B, "h1"));

        ClusterModel cluster = cloud.read();

        assertThat(cluster.omissions()).isEmpty();
        assertThat(cluster.vms()).allMatch(cluster::movable).hasSize(2);
        assertThat(cloud.facts().orElseThrow().servers().keySet()).containsExactlyInAnyOrder(A, B);
    }

    @Test
    void hostsAndServersOfACellThatDoesNotAnswerAreLeftOutByName() throws Exception {
        drivers("host h1\nvm %s\nhost h2\nvm %s".formatted(A, B));
        services(unknown("h1"), service("s2", "h2", "up"));
        hypervisors(hypervisor("u2", "h2", "h2", CPU));
        servers(server(B, "h2"));
        list(
                "GET /servers?all_tenants=true",
                "servers",
                "{\"id\": \"%s\", \"status\": \"UNKNOWN\"}".formatted(A),
                "{\"id\": \"%s\"}".formatted(B));
        list(
                "GET /os-server-groups?all_projects=true&limit=500&offset=0",
                "server_groups",
                "{\"id\": \"g\", \"policy\": \"affinity\", \"members\": [\"%s\", \"%s\"]}".formatted(A, B));

        ClusterModel cluster = cloud.read();

        assertThat(hosts(cluster)).containsExactly("h2");
        assertThat(omitted(cluster)).containsExactly("host 'h1'", "server '%s'".formatted(A));
        assertThat(cluster.rules().pinnedBecause(B))
                .as("a member may be in that cell")
                .contains("in an affinity group with other servers");
        assertThat(cluster.rules().pinnedBecause(A)).contains("in a cell of Nova that does not answer");
        assertThat(cloud.facts().orElseThrow().zones()).containsOnlyKeys("h2");
        assertThatThrownBy(() -> cloud.setEnabled("h1", false, "repair"))
                .isInstanceOf(ServiceRefusal.class)
                .hasMessage("The cell of host 'h1' in Nova does not answer.");
    }

    @Test
    void aServerWhoseCellDoesNotAnswerIsWaitedForAndNotElsewhere() {
        openStack.with(
                "GET /servers/" + A, 200, "{\"server\": {\"id\": \"%s\", \"status\": \"UNKNOWN\"}}".formatted(A));
        assertThat(cloud.obstacle(A, "h1", "h2").orElseThrow().kind()).isEqualTo(Kind.BUSY);
        assertThatThrownBy(() -> cloud.server(A)).isInstanceOf(ServiceRefusal.class);
    }

    @Test
    void whatNovaReportsOnlyInPartOrNotAtAllIsNotMigrated() throws Exception {
        drivers("host h1\nvm %s\nvm %s\nvm libvirt-only\nhost h2".formatted(A, B));
        servers("{\"id\": \"%s\", \"status\": \"ACTIVE\", \"flavor\": {\"vcpus\": 1}}".formatted(A));

        ClusterModel cluster = cloud.read();

        assertThat(omitted(cluster)).containsExactly("server '%s'".formatted(A), "VM '%s'".formatted(B));
        assertThat(reason(cluster, "server '%s'".formatted(A)))
                .startsWith("Nova does not report its OS-EXT-SRV-ATTR:host, flavor.extra_specs.");
        assertThat(cluster.rules().pinnedBecause(A)).get().asString().startsWith("known to Nova only in part");
        assertThat(cluster.rules().pinnedBecause(B)).contains("a VM that Nova does not list as a server");
        assertThat(cluster.movable(cluster.vm("libvirt-only"))).isTrue();
    }

    @Test
    void manyOfAKindAreNamedTogether() throws Exception {
        List<String> vms = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            vms.add("5f0a1c5e-5df0-4f4e-9b4f-0a4b54a0f1%02d".formatted(i));
        }
        servers();
        drivers("host h1\nvm " + String.join("\nvm ", vms) + "\nhost h2");
        assertThat(omitted(cloud.read()))
                .singleElement()
                .asString()
                .startsWith("25 of kind VM: " + vms.get(0))
                .endsWith(" and 15 more");
    }

    @Test
    void aHostWithoutHypervisorOrResourceProviderReceivesNothing() throws Exception {
        drivers("host h1\nvm %s\nhost h2\nhost h3".formatted(A));
        services(service("s1", "h1", "up"), service("s2", "h2", "up"), service("s3", "h3", "up"));
        providers(provider("u1", "h1", "u1"), provider("u7", "h2", "u7"));

        ClusterModel cluster = cloud.read();

        assertThat(cluster.rules().closed()).containsExactlyInAnyOrder("h2", "h3");
        assertThat(omitted(cluster)).containsExactly("hypervisor 'h2' of host 'h2'", "hypervisor of host 'h3'");
        assertThat(reason(cluster, "hypervisor 'h2' of host 'h2'"))
                .isEqualTo("Placement has no resource provider with its UUID u2, but its name has u7."
                        + " Nova migrates nothing to this host.");
    }

    @Test
    void whatBelongsToPartsOfAHostInPlacementLimitsMoves() throws Exception {
        String bandwidth =
                "{\"NET_BW_EGR_KILOBIT_PER_SEC\": {\"total\": %d, \"max_unit\": 10000, \"allocation_ratio\": 1.0}}";
        providers(
                provider("u1", "h1", "u1"),
                provider("nic1", "h1:eth0", "u1"),
                provider("u2", "h2", "u2"),
                provider("nic2", "h2:eth0", "u2"));
        inventory(
                "nic1",
                bandwidth.formatted(1000),
                "{\"%s\": {\"resources\": {\"NET_BW_EGR_KILOBIT_PER_SEC\": 800}}}".formatted(A));
        inventory("nic2", bandwidth.formatted(500), "{}");

        assertThat(cloud.read().rules().room().obstacle(A, "h2"))
                .contains(
                        "Placement has too little capacity left on h2: 500 NET_BW_EGR_KILOBIT_PER_SEC, but the VM needs 800");
    }

    @Test
    void aFlavorsTraitsChooseTheHost() throws Exception {
        servers(server(
                A, "h1", "{\"trait:HW_CPU_X86_AVX512F\": \"required\", \"trait_GPU:CUSTOM_LOUD\": \"forbidden\"}"));
        list(PROVIDERS + "?required=HW_CPU_X86_AVX512F", "resource_providers", provider("u1", "h1", "u1"));
        list(PROVIDERS + "?required=CUSTOM_LOUD", "resource_providers");
        assertThat(cloud.read().rules().room().obstacle(A, "h2"))
                .contains("h2 lacks the trait HW_CPU_X86_AVX512F, which the flavor requires");
    }

    @Test
    void aServerThatIsAllocatedOnTwoHostsIsNamed() throws Exception {
        String allocation = "{\"%s\": {\"resources\": {\"VCPU\": 1}}}".formatted(A);
        String inventory = "{\"VCPU\": {\"total\": 4, \"max_unit\": 4, \"allocation_ratio\": 1.0}}";
        inventory("u1", inventory, allocation);
        inventory("u2", inventory, allocation);
        ClusterModel cluster = cloud.read();
        assertThat(reason(cluster, "allocation of server '%s'".formatted(A)))
                .startsWith("Placement has it on h1 and h2.");
        assertThat(cluster.movable(cluster.vm(A))).isTrue();
    }

    @Test
    void hostsOfAnotherKindAreNoDestinations() throws Exception {
        hypervisors(
                hypervisor("u1", "h1", "h1", CPU),
                hypervisor("u2", "h2", "h2", CPU.replace("Intel", "AMD").replace("Haswell", "EPYC")));
        assertThat(cloud.read().rules().platformObstacle("h1", "h2"))
                .contains("the CPU of h2 is AMD EPYC (x86_64), but that of h1 is Intel Haswell (x86_64)");
        hypervisors(
                hypervisor("u1", "h1", "h1", CPU).replace("7002000", "10000002"), hypervisor("u2", "h2", "h2", CPU));
        assertThat(cloud.read().rules().platformObstacle("h1", "h2"))
                .contains(
                        "h2 has QEMU 7.2.0, which is older than 10.0.2 on h1, and Nova does not migrate to an older one");
        assertThat(cloud.read().rules().platformObstacle("h2", "h1")).isEmpty();
        hypervisors(
                hypervisor("u1", "h1", "h1", CPU),
                hypervisor("u2", "h2", "h2", CPU).replace("QEMU", "powervm"));
        assertThat(cloud.read().rules().platformObstacle("h1", "h2"))
                .contains("h2 is a host of type powervm, but h1 of type QEMU");
    }

    @Test
    void cpusThatDifferOrAreNotKnownAreNamed() throws Exception {
        hypervisors(
                hypervisor("u1", "h1", "h1", CPU),
                hypervisor("u2", "h2", "h2", CPU.replace("\"vmx\"", "\"vmx\", \"hle\"")));
        assertThat(omitted(cloud.read()))
                .containsExactly("CPU models: Haswell on h1; Haswell with other features on h2");
        hypervisors(hypervisor("u1", "h1", "h1", CPU), hypervisor("u2", "h2", "h2", "null"));
        ClusterModel cluster = cloud.read();
        assertThat(omitted(cluster)).containsExactly("CPU of host 'h2'");
        assertThat(cluster.rules().platformObstacle("h1", "h2")).isEmpty();
    }
}
