package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Debian's Horizon with its Watcher panels against the service, in a browser. */
@ExtendWith(KeystoneServer.Shared.class)
class HorizonIT {

    private static TestService service;
    private static TestClient admin;
    private static Horizon horizon;
    private static Browser browser;

    @BeforeAll
    static void start(KeystoneServer keystone, @TempDir Path directory) throws Exception {
        FakeCloud cloud = FakeCloud.hot();
        service = new TestService(TestDatabase.memory().open(), cloud, "test", keystone.guard());
        keystone.announce(service.url(""));
        admin = service.as(keystone.token("admin"));
        horizon = new Horizon(directory, keystone.url());
        browser = new Browser();
        browser.open(horizon.url("/auth/login/"));
        browser.type("#id_username", "admin");
        browser.type("#id_password", KeystoneServer.PASSWORD);
        browser.click("#loginBtn");
        browser.untilText("Goals");
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (horizon != null) {
            horizon.close();
        }
        service.close();
    }

    private static void open(String panel, String picture, String... shown) {
        browser.open(horizon.url("/admin/%s/".formatted(panel)));
        for (String text : shown) {
            browser.untilText(text);
        }
        browser.picture(picture);
    }

    @Test
    void fromTheCatalogToAnExecutedPlan() {
        open("goals", "horizon-goals", "Workload Balancing", "Server Consolidation", "Cluster Maintaining");
        open("strategies", "horizon-strategies", "Hotspot mitigation", "Consolidation", "Maintenance");

        open("audit_templates/create", "horizon-template-form", "Strategy");
        browser.type("#id_name", "cool hosts");
        browser.choose("#id_goal", "Workload Balancing");
        browser.choose("#id_strategy", "Hotspot mitigation");
        browser.click("form .btn-primary[type=submit]");
        open("audit_templates", "horizon-templates", "cool hosts", "workload_balancing");
        // The form has no field for parameters, and by default the load is sampled for minutes.
        String template = admin.get("/v1/audit_templates/cool%20hosts").text("uuid");
        assertThat(admin.patch("/v1/audit_templates/" + template, """
                        [{"op": "replace", "path": "/default_parameters", "value": {"samples": 1, "hot_samples": 1}}]""").status()).isEqualTo(200);

        open("audits/create", "horizon-audit-form", "Audit Template");
        browser.choose("#id_audit_template", "cool hosts");
        browser.type("#id_audit_name", "by hand");
        browser.choose("#id_audit_type", "ONESHOT");
        browser.click("form .btn-primary[type=submit]");
        browser.untilText("by hand");
        String audit = admin.untilState("/v1/audits/by%20hand", "SUCCEEDED")
                .path("uuid")
                .asText();
        open("audits", "horizon-audits", "by hand", "SUCCEEDED", "hotspot_mitigation");

        open("action_plans", "horizon-plans", "RECOMMENDED");
        String plan = admin.get("/v1/action_plans?audit_uuid=" + audit)
                .body()
                .path("action_plans")
                .path(0)
                .path("uuid")
                .asText();
        String row = "tr[data-object-id='%s'] ".formatted(plan);
        browser.click(row + "[name=action][value*=start_action_plan], " + row + "[id*=start_action_plan]");
        admin.untilState("/v1/action_plans/" + plan, "SUCCEEDED");
        open("action_plans", "horizon-plan-done", "SUCCEEDED");
        browser.open(horizon.url("/admin/action_plans/%s/detail".formatted(plan)));
        browser.untilText("Related Actions");
        browser.untilText("Migrate");
        browser.picture("horizon-plan");
        open("actions", "horizon-actions", "Migrate", "SUCCEEDED");
        String action = admin.get("/v1/actions?action_plan_uuid=" + plan)
                .body()
                .path("actions")
                .path(0)
                .path("uuid")
                .asText();
        browser.open(horizon.url("/admin/actions/%s/detail".formatted(action)));
        browser.untilText(action);
        browser.picture("horizon-action");
    }
}
