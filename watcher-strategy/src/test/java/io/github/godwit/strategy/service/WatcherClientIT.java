package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.common.Texts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every {@code openstack optimize} command of Debian's client, and the plugin's, with the service in the catalog of Debian's Keystone. */
@ExtendWith(KeystoneServer.Shared.class)
class WatcherClientIT {

    /** Directory of another release of python-watcherclient to test instead of Debian's; {@code -Dgodwit.watcherclient=DIR}. */
    private static final String OTHER_RELEASE = System.getProperty("godwit.watcherclient");

    private static KeystoneServer keystone;
    private static TestService service;
    private static TestClient admin;

    @BeforeAll
    static void start(KeystoneServer shared) throws Exception {
        keystone = shared;
        FakeCloud cloud = FakeCloud.hot();
        service = new TestService(TestDatabase.memory().open(), cloud, "test", keystone.guard());
        keystone.announce(service.url(""));
        admin = service.as(keystone.token("admin"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static JsonNode optimize(String... arguments) throws IOException, InterruptedException {
        return openstack("optimize", OTHER_RELEASE, arguments);
    }

    private static JsonNode openstack(String group, String path, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openstack", group));
        command.addAll(List.of(arguments));
        boolean silent = "delete".equals(arguments[1]);
        if (!silent) {
            command.addAll(List.of("-f", "json"));
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(keystone.environment("admin"));
        if (path != null) {
            builder.environment().put("PYTHONPATH", path);
        }
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as("%s: %s", command, output).isZero();
        return silent ? null : Texts.tree(output);
    }

    @Test
    void godwitsOwnCommandsFindTheServiceInTheCatalog() throws Exception {
        String plugin = Path.of("target/debian/godwit-watcher/usr/lib/python3/dist-packages")
                .toAbsolutePath()
                .toString();
        assertThat(openstack("godwit", plugin, "policy", "list").findValuesAsText("Name"))
                .contains("ensure_performance");
        JsonNode prediction = openstack("godwit", plugin, "prediction", "show", "db", "--destination", "h2");
        assertThat(prediction.path("source").asText()).isEqualTo("h1");
        assertThat(prediction.path("predicted").path("TT").path("high").asDouble())
                .isPositive();
    }

    private static String field(JsonNode answer, String name) {
        return answer.path(name).asText();
    }

    @Test
    void theCatalogIsListedAndShown() throws Exception {
        assertThat(optimize("goal", "list").findValuesAsText("Name")).contains("workload_balancing", "dummy");
        assertThat(field(optimize("goal", "show", "server_consolidation"), "Display name"))
                .isEqualTo("Server Consolidation");
        assertThat(optimize("strategy", "list", "--goal", "dummy").findValuesAsText("Name"))
                .containsExactly("dummy");
        assertThat(field(optimize("strategy", "show", "maintenance"), "Parameters spec"))
                .contains("maintenance_node");
        assertThat(optimize("strategy", "state", "consolidation").findValuesAsText("Type"))
                .contains("Datasource");
        assertThat(optimize("scoringengine", "list").findValuesAsText("Name")).containsExactly("dummy_scorer");
        assertThat(field(optimize("scoringengine", "show", "dummy_scorer"), "Name"))
                .isEqualTo("dummy_scorer");
        assertThat(optimize("service", "list").findValuesAsText("Status")).containsExactly("ACTIVE", "ACTIVE");
        assertThat(field(optimize("service", "show", "1"), "Host")).isEqualTo("test");
        assertThat(optimize("datamodel", "list").toString()).contains("db", "web");
    }

    @Test
    void anAuditFromATemplateLeadsToAnExecutedPlan() throws Exception {
        optimize(
                "audittemplate",
                "create",
                "cool",
                "workload_balancing",
                "--strategy",
                "hotspot_mitigation",
                "--description",
                "Cools hot hosts");
        assertThat(field(optimize("audittemplate", "update", "cool", "replace", "description=often"), "Description"))
                .isEqualTo("often");
        assertThat(optimize("audittemplate", "list").findValuesAsText("Name")).contains("cool");
        String audit = field(
                optimize(
                        "audit",
                        "create",
                        "-a",
                        "cool",
                        "-t",
                        "ONESHOT",
                        "-p",
                        "samples=1",
                        "-p",
                        "hot_samples=1",
                        "--name",
                        "first"),
                "UUID");
        admin.untilState("/v1/audits/" + audit, "SUCCEEDED");
        assertThat(field(optimize("audit", "show", "first"), "State")).isEqualTo("SUCCEEDED");
        assertThat(optimize("audit", "list", "--goal", "workload_balancing").findValuesAsText("Name"))
                .containsExactly("first");

        String plan = field(optimize("actionplan", "list", "--audit", audit).get(0), "UUID");
        assertThat(field(optimize("actionplan", "show", plan), "State")).isEqualTo("RECOMMENDED");
        assertThat(field(optimize("actionplan", "start", plan), "State")).isEqualTo("PENDING");
        admin.untilState("/v1/action_plans/" + plan, "SUCCEEDED");
        String action = field(optimize("action", "list", "--action-plan", plan).get(0), "UUID");
        assertThat(field(optimize("action", "show", action), "Description")).contains("Live-migrate");

        optimize("actionplan", "delete", plan);
        optimize("audit", "delete", audit);
        optimize("audittemplate", "delete", "cool");
        assertThat(optimize("audittemplate", "list")).isEmpty();
    }

    @Test
    void plansAndAuditsAreCancelled() throws Exception {
        String audit = field(
                optimize(
                        "audit",
                        "create",
                        "-g",
                        "dummy",
                        "-s",
                        "dummy",
                        "-t",
                        "CONTINUOUS",
                        "-i",
                        "3600",
                        "-p",
                        "para1=4"),
                "UUID");
        JsonNode plans = admin.until(
                "/v1/action_plans?audit_uuid=" + audit,
                body -> body.path("action_plans").size() == 1);
        String plan = plans.path("action_plans").get(0).path("uuid").asText();
        assertThat(field(optimize("actionplan", "cancel", plan), "State")).isEqualTo("CANCELLED");
        assertThat(field(optimize("audit", "update", audit, "replace", "state=CANCELLED"), "State"))
                .isEqualTo("CANCELLED");
    }
}
