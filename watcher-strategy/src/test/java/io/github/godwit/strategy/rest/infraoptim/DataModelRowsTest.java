package io.github.godwit.strategy.rest.infraoptim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.ClusterRules;
import io.github.godwit.strategy.cluster.ClusterRules.IdleServer;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.cluster.NovaFacts;
import io.github.godwit.strategy.cluster.NovaFacts.Details;
import io.github.godwit.strategy.cluster.NovaFacts.Inventory;
import io.github.godwit.strategy.rest.ApiVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DataModelRowsTest {

    private static final ClusterModel CLUSTER = DrawnCluster.draw("""
            host h1 cores=4 memory=8192
              vm a memory=2048
            host h2 cores=8 memory=16384
            """);

    private static final ClusterModel WITH_IDLE = CLUSTER.withRules(ClusterRules.NONE
            .withPinned(Set.of("b"), "SHUTOFF in Nova")
            .withIdle(List.of(new IdleServer("b", "batch", "h1", "SHUTOFF"))));

    private static final NovaFacts FACTS = new NovaFacts(
            Map.of(),
            List.of(),
            Map.of(
                    "a",
                    new NovaFacts.Server(
                            "a",
                            "red",
                            Map.of("role", "db"),
                            Map.of("hw:cpu_policy", "dedicated"),
                            new Details("db1", "ACTIVE", null, true, "az1", 1, 2048, 20)),
                    "b",
                    new NovaFacts.Server(
                            "b",
                            "blue",
                            Map.of(),
                            Map.of(),
                            new Details("batch", "SHUTOFF", null, false, null, 2, 512, 5))));

    private static final Map<String, NovaFacts.Host> HOSTS = Map.of(
            "h1",
            new NovaFacts.Host(
                    "5f0a1c5e-5df0-4f4e-9b4f-0a4b54a0f001",
                    false,
                    "bad DIMM",
                    true,
                    Map.of(
                            "VCPU", new Inventory(4, 1, 16),
                            "MEMORY_MB", new Inventory(8000, 512, 1.5),
                            "DISK_GB", new Inventory(100, 10, 1))),
            "h2",
            new NovaFacts.Host("h2-uuid", true, null, false, Map.of()));

    private static JsonNode rows(ApiVersion version) {
        return new DataModelRows(WITH_IDLE, Optional.of(FACTS), HOSTS, version).rows();
    }

    @Test
    void whatNovaAndPlacementKnowIsTakenFromThem() {
        JsonNode rows = rows(ApiVersion.GREATEST);
        assertThat(rows).hasSize(3);
        JsonNode db = rows.get(0);
        assertThat(db.path("server_uuid").asText()).isEqualTo("a");
        assertThat(db.path("server_name").asText()).isEqualTo("db1");
        assertThat(db.path("server_state").asText()).isEqualTo("active");
        assertThat(db.path("server_project_id").asText()).isEqualTo("red");
        assertThat(db.path("server_locked").asBoolean()).isTrue();
        assertThat(db.path("server_disk").asText()).isEqualTo("20");
        assertThat(db.path("server_metadata").path("role").asText()).isEqualTo("db");
        assertThat(db.path("server_pinned_az").asText()).isEqualTo("az1");
        assertThat(db.path("server_flavor_extra_specs").path("hw:cpu_policy").asText())
                .isEqualTo("dedicated");
        assertThat(db.path("node_uuid").asText()).isEqualTo("5f0a1c5e-5df0-4f4e-9b4f-0a4b54a0f001");
        assertThat(db.path("node_hostname").asText()).isEqualTo("h1");
        assertThat(db.path("node_status").asText()).isEqualTo("disabled");
        assertThat(db.path("node_disabled_reason").asText()).isEqualTo("bad DIMM");
        assertThat(db.path("node_memory").asText()).isEqualTo("8000");
        assertThat(db.path("node_memory_mb_reserved").asText()).isEqualTo("512");
        assertThat(db.path("node_memory_ratio").asText()).isEqualTo("1.5");
        assertThat(db.path("node_vcpu_ratio").asText()).isEqualTo("16.0");
        assertThat(db.path("node_disk").asText()).isEqualTo("100");
    }

    @Test
    void aServerThatDoesNotRunHasARowToo() {
        JsonNode batch = rows(ApiVersion.GREATEST).get(1);
        assertThat(batch.path("server_name").asText()).isEqualTo("batch");
        assertThat(batch.path("server_state").asText()).isEqualTo("stopped");
        assertThat(batch.path("server_vcpus").asText()).isEqualTo("2");
        assertThat(batch.path("server_memory").asText()).isEqualTo("512");
        assertThat(batch.path("server_watcher_exclude").asBoolean()).isTrue();
        assertThat(batch.path("node_hostname").asText()).isEqualTo("h1");
    }

    @Test
    void aHostThatIsDownAndUnknownToPlacementHasWhatItsHostDriverReports() {
        JsonNode empty = rows(ApiVersion.GREATEST).get(2);
        assertThat(empty.has("server_uuid")).isFalse();
        assertThat(empty.path("node_state").asText()).isEqualTo("down");
        assertThat(empty.path("node_memory").asText()).isEqualTo("16384");
        assertThat(empty.path("node_vcpus").asText()).isEqualTo("8");
    }

    @Test
    void fieldsOfVersion6AreLeftOutBefore() {
        JsonNode old = rows(new ApiVersion(ApiVersion.EXTENDED_DATA_MODEL - 1)).get(0);
        assertThat(old.has("server_pinned_az") || old.has("server_flavor_extra_specs"))
                .isFalse();
    }

    @Test
    void withoutNovaAServerIsItsVm() {
        JsonNode rows = new DataModelRows(CLUSTER, Optional.empty(), Map.of(), ApiVersion.GREATEST).rows();
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).path("server_name").asText()).isEqualTo("a");
        assertThat(rows.get(0).path("server_state").asText()).isEqualTo("active");
        assertThat(rows.get(0).path("server_project_id").isNull()).isTrue();
        assertThat(rows.get(0).path("node_uuid").asText()).isEqualTo("h1");
        assertThat(rows.get(0).path("node_vcpu_ratio").asText()).isEqualTo("1.0");
    }
}
