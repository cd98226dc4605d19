package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

/** The page for operators, in a browser. */
@ExtendWith(KeystoneServer.Shared.class)
class PageIT {

    private static final String COOL = """
            {"goal": "workload_balancing", "strategy": "hotspot_mitigation", "audit_type": "ONESHOT", "name": "%s",
             "parameters": {"samples": 1, "hot_samples": 1}}""";

    private static Browser browser;

    private final FakeCloud cloud = FakeCloud.hot();

    @BeforeAll
    static void start() {
        browser = new Browser();
    }

    @AfterAll
    static void stop() {
        browser.close();
    }

    private static String plan(TestClient client, String audit) {
        client.post("/v1/audits", COOL.formatted(audit));
        client.untilState("/v1/audits/" + audit, "SUCCEEDED");
        return client.get("/v1/action_plans?sort_key=created_at&sort_dir=desc&limit=1")
                .body()
                .path("action_plans")
                .path(0)
                .path("uuid")
                .asText();
    }

    @Test
    void aPlanIsShownAndStarted() {
        try (TestService service = new TestService(TestDatabase.memory().open(), cloud, "test")) {
            String first = plan(service, "first");
            browser.open(service.url("/").toString());
            browser.withText(".host", "h1");
            browser.withText(".host.hot h3", "h1");
            assertThat(browser.find("#sign-in").isDisplayed()).isFalse();
            browser.untilText("RECOMMENDED");
            browser.withText("#actions .bar.wide", "PRE-POST");
            browser.withText("#schedule .vm", "db");
            browser.withText("#schedule .note", "Predicted end after ");
            assertThat(browser.find("#schedule .predicted").isDisplayed()).isTrue();
            assertThat(browser.find("#actions").getText()).contains("db: h1 → h2", "TT ", "DT ");
            browser.picture("page-recommended");

            cloud.holding();
            browser.click("#plans button", "Start");
            browser.withText("#plans .state", "ONGOING");
            browser.picture("page-ongoing");
            cloud.release();
            service.untilState("/v1/action_plans/" + first, "SUCCEEDED");
            browser.withText("#plans .state", "SUCCEEDED");
            browser.until(page -> page.find("#schedule .real.SUCCEEDED").isDisplayed());
            browser.until(page -> page.withText(".host", "db").getText().startsWith("h2"));
            browser.picture("page-done");
        }
    }

    @Test
    void aPlanIsApprovedByKeyboardAlone() {
        try (TestService service = new TestService(TestDatabase.memory().open(), cloud, "test")) {
            String plan = plan(service, "first");
            browser.open(service.url("/").toString());
            browser.withText("#what-if-hosts td", "90 % → 50 %");
            browser.press(Keys.TAB);
            assertThat(browser.focused()).isEqualTo("Skip to content");
            browser.press(Keys.ENTER);
            browser.tabTo("Predict");
            browser.press(Keys.ENTER);
            browser.withText("#what-if-policy td", "TT ");
            browser.press(Keys.chord(Keys.SHIFT, Keys.TAB));
            assertThat(browser.focused()).startsWith("What if the policy were");
            browser.press(Keys.chord(Keys.SHIFT, Keys.TAB));
            browser.press(Keys.chord(Keys.SHIFT, Keys.TAB));
            assertThat(browser.focused()).isEqualTo("Start plan " + plan);
            service.post("/v1/audits", COOL.formatted("second"));
            service.untilState("/v1/audits/second", "SUCCEEDED");
            browser.withText("#plans tbody tr:nth-child(2)", "RECOMMENDED");
            assertThat(browser.focused()).as("after the tables were replaced").isEqualTo("Start plan " + plan);
            browser.press(Keys.ENTER);
            service.untilState("/v1/action_plans/" + plan, "SUCCEEDED");
        }
    }

    @Test
    void whatHasEndedIsShownOverTime() {
        FakeCloud ended = FakeCloud.hot().ended(ObserveTest.observed());
        try (TestService service = new TestService(TestDatabase.memory().open(), ended, "test")) {
            service.until(
                    "/godwit/v1/migrations", body -> !body.path("migrations").isEmpty());
            browser.open(service.url("/").toString());
            browser.withText("#history td", "20.0 / 21.0");
            browser.withText(
                    "#history-chart .note", "Measured TT as a multiple of the predicted: 1 of 1 within a quarter.");
            assertThat(browser.find("#history-chart circle.observed").isDisplayed())
                    .isTrue();
            browser.picture("page-history");
            browser.choose("#history-filter [name=metric]", "PERF");
            browser.withText("#history-chart .note", "No migration of this time has a predicted and a measured PERF.");
            browser.type("[name=technique]", "FAST\n");
            browser.withText("#history-fault", "There is no technique 'FAST'. Choose one of PRE,");
        }
    }

    @Test
    void itFitsAPhone() {
        FakeCloud ended = FakeCloud.hot().ended(ObserveTest.observed());
        try (TestService service = new TestService(TestDatabase.memory().open(), ended, "test")) {
            plan(service, "first");
            service.until(
                    "/godwit/v1/migrations", body -> !body.path("migrations").isEmpty());
            browser.phone();
            try {
                browser.open(service.url("/").toString());
                browser.withText("#what-if-hosts td", "90 % → 50 %");
                browser.withText("#history td", "20.0 / 21.0");
                browser.withText("#trail td", "create");
                assertThat(browser.tooWide()).isEmpty();
                browser.picture("page-phone");
            } finally {
                browser.desktop();
            }
        }
    }

    @Test
    void policiesAndTheSwitchAreShownAndTheServiceIsSwitchedOn() {
        try (TestService service = new TestService(TestDatabase.memory().open(), cloud, "test")) {
            service.call("PUT", "/godwit/v1/technique_rules/aggregate/ssd", "{\"forbid\":[\"POST\"]}", "latest");
            service.call("PUT", "/godwit/v1/switch", "{\"enabled\":false,\"reason\":\"row 7\"}", "latest");
            browser.open(service.url("/").toString());
            browser.withText("#policies td", "ensure_performance");
            browser.withText("#policies td", "not POST");
            browser.withText("#switch", "row 7");
            browser.picture("page-off");

            browser.click("#switch button", "Switch on");

            browser.withText("#switch", "On.");
            assertThat(service.get("/godwit/v1/switch").body().path("enabled").asBoolean())
                    .isTrue();
        }
    }

    @Test
    void whatWasObservedIsReported() {
        FakeCloud observed = FakeCloud.hot().ended(ObserveTest.observed());
        try (TestService service = TestService.observing(TestDatabase.memory().open(), observed)) {
            service.until("/godwit/v1/report", body -> body.path("observed").asInt() == 1);
            browser.open(service.url("/").toString());
            browser.withText("#observes", "the service observes: plans are not started");
            browser.withText("#report-choices td", "POST-PREEMPT 1");
            browser.withText("#report-savings td", "too few migrations");
            browser.withText("#report-summary", "1 migrations observed, 1 of them compared.");
            browser.picture("page-report");
        }
    }

    @Test
    void theTrailIsShownAsText() {
        try (TestService service = new TestService(TestDatabase.memory().open(), cloud, "test")) {
            service.delete("/godwit/v1/policies/%3Cimg%20src=x%3E");
            browser.open(service.url("/").toString());
            browser.withText("#trail td", "<img src=x>");
            browser.withText("#trail td", "failure 404");
            assertThat(browser.find("#trail").getText()).contains("noauth", "127.0.0.1", "delete");
            browser.picture("page-trail");

            browser.type("#trail-filter [name=target]", "none-of-that-name\n");
            browser.withText("#trail .note", "None yet.");
        }
    }

    @Test
    void theTrailIsReadPageByPage() {
        try (TestService service = new TestService(TestDatabase.memory().open(), cloud, "test")) {
            for (int i = 1; i <= 25; i++) {
                service.delete("/godwit/v1/policies/p" + i);
            }
            browser.open(service.url("/").toString());
            browser.withText("#trail td", "p25");
            browser.click("#trail-older");
            browser.withText("#trail td", "p5");
            assertThat(browser.find("#trail").getText()).doesNotContain("p25");
            browser.click("#trail-newer");
            browser.withText("#trail td", "p25");
        }
    }

    @Test
    void aRunningMigrationIsCancelled() {
        cloud.holding();
        try (TestService service = new TestService(TestDatabase.memory().open(), cloud, "test")) {
            String plan = plan(service, "first");
            service.post("/v1/action_plans/%s/start".formatted(plan), "{}");
            service.untilState("/v1/action_plans/" + plan, "ONGOING");
            browser.open(service.url("/").toString());
            browser.withText("#plans .state", "ONGOING");
            browser.click("#plans button", "Cancel");
            service.untilState("/v1/action_plans/" + plan, "CANCELLED");
            browser.withText("#plans .state", "CANCELLED");
        }
    }

    @Test
    void usersWithoutATokenSignInFirst(KeystoneServer keystone) throws Exception {
        try (TestService service = new TestService(TestDatabase.memory().open(), cloud, "test", keystone.guard())) {
            plan(service.as(keystone.token("admin")), "first");
            browser.open(service.url("/").toString());
            browser.untilText("Sign in with Keystone");
            assertThat(browser.find("#main").isDisplayed()).isFalse();
            browser.type("[name=user]", "admin");
            browser.type("[name=password]", "guessed");
            browser.find("[name=project]").clear();
            browser.type("[name=project]", "service");
            browser.click("#sign-in button", "Sign in");
            browser.untilText("Keystone rejected user admin: the name, password, project or domain is wrong.");
            browser.picture("page-sign-in");
            browser.find("[name=password]").clear();
            browser.type("[name=password]", KeystoneServer.PASSWORD);
            browser.click("#sign-in button", "Sign in");
            browser.withText(".host", "h1");
            browser.click("#plans button", "Start");
            browser.withText("#plans .state", "SUCCEEDED");
            browser.picture("page-signed-in");
            browser.click("button", "Sign out");
            browser.untilText("Sign in with Keystone");
        }
    }
}
