package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.DrawnCluster;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The schedule of an action plan, over REST: made, kept to, shown, and made again. */
class ScheduleTest {

    private static final ClusterModel FOUR = DrawnCluster.draw("""
            host h1 cores=8 memory=16384
              vm a memory=2048
              vm b memory=1024
              vm c memory=1024
              vm d memory=512
            host h2 cores=8 memory=16384
            host h3 cores=8 memory=16384
            """);

    private static String emptied(TestService service, String more) {
        return emptied(service, "h1", more);
    }

    private static String emptied(TestService service, String host, String more) {
        String audit = service.post("/v1/audits", """
                        {"goal":"cluster_maintaining","strategy":"maintenance","audit_type":"ONESHOT",\
                        "parameters":{"maintenance_node":"%s"%s}}""".formatted(host, more)).text("uuid");
        return service.until(
                        "/v1/action_plans?audit_uuid=" + audit,
                        body -> body.path("action_plans").size() == 1)
                .path("action_plans")
                .get(0)
                .path("uuid")
                .asText();
    }

    private static JsonNode schedule(TestService service, String plan) {
        return service.get("/godwit/v1/action_plans/%s/schedule".formatted(plan))
                .body();
    }

    private static void started(TestService service, String plan) {
        service.post("/v1/action_plans/%s/start".formatted(plan), "{}");
    }

    @Test
    void parentsSayWhatWaitsForWhat() {
        try (TestService service =
                new TestService(TestDatabase.memory().open(), new FakeCloud(FOUR).concurrent(1), "test")) {
            String plan = emptied(service, "");
            JsonNode actions = service.get("/v1/actions/detail?action_plan_uuid=" + plan)
                    .body()
                    .path("actions");
            assertThat(actions).hasSize(4);
            Set<String> before = new HashSet<>();
            for (JsonNode action : actions) {
                List<String> parents = new ArrayList<>();
                action.path("parents").forEach(parent -> parents.add(parent.asText()));
                assertThat(parents).hasSize(before.isEmpty() ? 0 : 1);
                assertThat(before).containsAll(parents);
                before.add(action.path("uuid").asText());
            }
            assertThat(service.get("/v1/action_plans/" + plan).text("status_message"))
                    .startsWith("All 4 VMs leave h1. The plan takes about ")
                    .endsWith("with at most 1 migration at a time.");
        }
    }

    @Test
    void predictedAndRealTimesAreShown() {
        FakeCloud cloud = new FakeCloud(FOUR).holding();
        try (TestService service = new TestService(TestDatabase.memory().open(), cloud, "test")) {
            String plan = emptied(service, "");
            JsonNode planned = schedule(service, plan);
            assertThat(planned.path("started_at").isNull()).isTrue();
            assertThat(planned.path("method").asText()).isNotEmpty();
            assertThat(planned.path("migrations").findValuesAsText("resource_id"))
                    .containsExactlyInAnyOrder("a", "b", "c", "d");
            double last = 0;
            for (JsonNode migration : planned.path("migrations")) {
                double begin = migration.path("start").path("value").asDouble();
                double end = migration.path("end").path("value").asDouble();
                assertThat(begin).isGreaterThanOrEqualTo(0).isLessThan(end);
                assertThat(migration.path("end").path("low").asDouble()).isLessThanOrEqualTo(end);
                assertThat(migration
                                .path("bandwidth")
                                .get(0)
                                .path("bits_per_second")
                                .asLong())
                        .isBetween(1L, 1_000_000_000L);
                assertThat(migration.has("real")).isFalse();
                last = Math.max(last, end);
            }
            assertThat(planned.path("end").path("value").asDouble())
                    .isCloseTo(last, org.assertj.core.api.Assertions.within(0.01));

            started(service, plan);
            service.until(
                    "/godwit/v1/action_plans/%s/schedule".formatted(plan),
                    body -> body.path("migrations").findValues("real").size() > 0);
            cloud.release();
            service.untilState("/v1/action_plans/" + plan, "SUCCEEDED");
            JsonNode ran = schedule(service, plan);
            assertThat(ran.path("started_at").asText()).isNotEmpty();
            for (JsonNode migration : ran.path("migrations")) {
                JsonNode real = migration.path("real");
                assertThat(real.path("end").asDouble())
                        .isGreaterThanOrEqualTo(real.path("start").asDouble());
            }
            assertThat(service.get("/godwit/v1/action_plans/%s/schedule".formatted(new java.util.UUID(0, 0)))
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    void theAuditSaysWhetherADeadlineCanBeMetAndWhichVmIsInTheWay() {
        try (TestService service =
                new TestService(TestDatabase.memory().open(), new FakeCloud(FOUR).concurrent(1), "test")) {
            String easy = emptied(service, ",\"deadline\":\"PT10H\"");
            JsonNode met = schedule(service, easy).path("deadline");
            assertThat(met.path("met").asBoolean()).isTrue();
            assertThat(met.path("probability").asDouble()).isGreaterThan(0.99);
            assertThat(service.get("/v1/action_plans/" + easy).text("status_message"))
                    .contains(" can be met: the probability is 100 %");

            String hard = emptied(service, ",\"deadline\":\"PT1S\"");
            JsonNode missed = schedule(service, hard).path("deadline");
            assertThat(missed.path("met").asBoolean()).isFalse();
            assertThat(missed.path("probability").asDouble()).isLessThan(0.01);
            assertThat(missed.path("in_the_way").asText())
                    .isEqualTo("a"); // the largest of four VMs that follow one another
            assertThat(service.get("/v1/action_plans/" + hard).text("status_message"))
                    .endsWith(" cannot be met: the probability is 0 %; a is in the way.");
        }
    }

    @Test
    void aVmThatStaysIsInTheWayOfEveryDeadline() {
        try (TestService service =
                new TestService(TestDatabase.memory().open(), new FakeCloud(FOUR).immovable("c"), "test")) {
            JsonNode deadline = schedule(service, emptied(service, ",\"deadline\":\"PT10H\""))
                    .path("deadline");
            assertThat(deadline.path("met").asBoolean()).isFalse();
            assertThat(deadline.path("in_the_way").asText()).isEqualTo("c");
        }
    }

    /** Nothing can be scheduled, and nothing is in the way for certain. */
    @Test
    void theAuditSaysWhyItCannotTellWhetherADeadlineCanBeMet() {
        try (TestService service =
                new TestService(TestDatabase.memory().open(), new FakeCloud(FOUR).limitsUnknown(), "test")) {
            String plan = emptied(service, ",\"deadline\":\"2126-03-01T14:00:00Z\"");

            JsonNode shown = schedule(service, plan);
            assertThat(shown.path("deadline")).hasToString("""
                            {"at":"2126-03-01T14:00:00Z","met":null,"probability":null,"in_the_way":null,\
                            "unknown":"Nobody knows the limits of h1.","concerned":["a","b","c","d"]}""");
            assertThat(shown.path("end").isNull()).isTrue();
            assertThat(service.get("/v1/action_plans/" + plan).text("status_message"))
                    .isEqualTo(
                            "All 4 VMs leave h1. It cannot be told whether the deadline 2126-03-01T14:00:00Z can be met,"
                                    + " because there is no schedule for the moves of a, b, c, d. Nobody knows the limits of h1.");
            JsonNode solution = service.post(
                            "/godwit/v1/strategies/maintenance/solutions",
                            "{\"parameters\":{\"maintenance_node\":\"h1\",\"deadline\":\"PT1H\"}}")
                    .body();
            assertThat(solution.path("schedule")
                            .path("deadline")
                            .path("unknown")
                            .asText())
                    .isEqualTo("Nobody knows the limits of h1.");
            assertThat(solution.path("parallel").asInt()).isEqualTo(2);
        }
    }

    @Test
    void aPlanWithADeadlineAndWithoutAScheduleRuns() {
        FakeCloud cloud = new FakeCloud(FOUR).limitsUnknown();
        try (TestService service = new TestService(TestDatabase.memory().open(), cloud, "test")) {
            String plan = emptied(service, ",\"deadline\":\"PT10H\"");
            cloud.concurrent(1);
            started(service, plan);
            service.untilState("/v1/action_plans/" + plan, "SUCCEEDED");
            assertThat(cloud.started()).hasSize(4);
        }
    }

    /** No VM can leave: there is nothing to schedule, but the answer is known. */
    @Test
    void aDeadlineIsMissedWhereNoVmCanLeave() {
        FakeCloud cloud = new FakeCloud(DrawnCluster.draw("""
                host h1
                  vm a
                host h2
                """)).immovable("a");
        try (TestService service = new TestService(TestDatabase.memory().open(), cloud, "test")) {
            JsonNode deadline = schedule(service, emptied(service, ",\"deadline\":\"PT10H\""))
                    .path("deadline");
            assertThat(deadline.path("met").isBoolean()).isTrue();
            assertThat(deadline.path("met").asBoolean()).isFalse();
            assertThat(deadline.path("in_the_way").asText()).isEqualTo("a");
        }
    }

    @Test
    void aDeadlineIsMetWhereTheHostIsEmpty() {
        try (TestService service = new TestService(TestDatabase.memory().open(), new FakeCloud(FOUR), "test")) {
            String plan = emptied(service, "h2", ",\"deadline\":\"PT10H\"");
            assertThat(schedule(service, plan)
                            .path("deadline")
                            .path("probability")
                            .asDouble())
                    .isEqualTo(1);
            assertThat(service.get("/v1/action_plans/" + plan).text("status_message"))
                    .contains(" can be met: the probability is 100 %.");
        }
    }

    @Test
    void aWrongDeadlineFailsTheAudit() {
        try (TestService service = new TestService(TestDatabase.memory().open(), new FakeCloud(FOUR), "test")) {
            String audit = service.post("/v1/audits", """
                            {"goal":"cluster_maintaining","strategy":"maintenance","audit_type":"ONESHOT",\
                            "parameters":{"maintenance_node":"h1","deadline":"14:00"}}""").text("uuid");
            assertThat(service.untilState("/v1/audits/" + audit, "FAILED")
                            .path("status_message")
                            .asText())
                    .contains("The deadline '14:00' is neither a time");
        }
    }

    @Test
    void aVmWithPriorityLeavesFirst() {
        try (TestService service =
                new TestService(TestDatabase.memory().open(), new FakeCloud(FOUR).concurrent(1), "test")) {
            for (String vm : List.of("b", "c")) {
                String plan = emptied(service, ",\"priorities\":{\"%s\":10}".formatted(vm));
                assertThat(schedule(service, plan)
                                .path("migrations")
                                .get(0)
                                .path("resource_id")
                                .asText())
                        .isEqualTo(vm);
            }
        }
    }

    @Test
    void whatIsLeftIsScheduledAgainAfterAFailure() {
        FakeCloud cloud = new FakeCloud(FOUR).concurrent(1).failing("a");
        try (TestService service = new TestService(TestDatabase.memory().open(), cloud, "test")) {
            String plan = emptied(service, ",\"priorities\":{\"a\":10}");
            started(service, plan);
            service.untilState("/v1/action_plans/" + plan, "FAILED");

            JsonNode ran = schedule(service, plan);
            assertThat(ran.path("revisions").get(0).path("reason").asText())
                    .isEqualTo("The migration of a did not succeed.");
            assertThat(cloud.started()).hasSize(4);
            assertThat(ran.path("migrations").findValuesAsText("state"))
                    .containsExactlyInAnyOrder("FAILED", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED");
        }
    }

    @Test
    void anEarlyEndMovesTheRest() {
        FakeCloud cloud =
                new FakeCloud(FOUR).concurrent(1).holding("b").holding("c").holding("d");
        try (TestService service = new TestService(TestDatabase.memory().open(), cloud, "test")) {
            String plan = emptied(service, ",\"priorities\":{\"a\":10}");
            JsonNode before = schedule(service, plan);
            started(service, plan);

            JsonNode after = service.until(
                    "/godwit/v1/action_plans/%s/schedule".formatted(plan),
                    body -> body.path("revisions").size() == 1);

            assertThat(after.path("revisions").get(0).path("reason").asText())
                    .startsWith("The migration of a ended after ");
            assertThat(end(after, "d")).isLessThan(end(before, "d"));
            assertThat(service.get("/v1/action_plans/" + plan).text("status_message"))
                    .contains(" Rescheduled once. The latest reason: The migration of a ended after ");
            cloud.release();
            service.untilState("/v1/action_plans/" + plan, "SUCCEEDED");
        }
    }

    private static double end(JsonNode schedule, String vm) {
        for (JsonNode migration : schedule.path("migrations")) {
            if (vm.equals(migration.path("resource_id").asText())) {
                return migration.path("end").path("value").asDouble();
            }
        }
        throw new AssertionError(vm);
    }

    @Test
    void otherPlannersGetTheParentsAndTheSchedule() {
        try (TestService service =
                new TestService(TestDatabase.memory().open(), new FakeCloud(FOUR).concurrent(2), "test")) {
            JsonNode solution = service.post(
                            "/godwit/v1/strategies/maintenance/solutions",
                            "{\"parameters\":{\"maintenance_node\":\"h1\",\"deadline\":\"PT1H\"}}")
                    .body();
            assertThat(solution.path("schedule").path("deadline").path("met").asBoolean())
                    .isTrue();
            int waiting = 0;
            for (JsonNode action : solution.path("actions")) {
                waiting += action.path("parents").isEmpty() ? 0 : 1;
                assertThat(action.path("input_parameters")
                                .path("schedule")
                                .path("group")
                                .asInt())
                        .isGreaterThanOrEqualTo(1);
            }
            assertThat(waiting).isEqualTo(2);
        }
    }
}
