package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.godwit.strategy.catalog.Catalog;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.store.Database;
import io.github.godwit.strategy.store.Stores;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Two instances that share a database run a plan each, from the same host, whose operator permits two migrations at a time. */
class SharedBudgetTest {

    private static final String WITHOUT = """
            {"name":"without %1$s","goal":"cluster_maintaining","strategy":"maintenance",\
            "scope":[{"compute":[{"exclude":[{"instances":[%2$s]}]}]}]}""";

    private static final String AUDIT = """
            {"audit_template_uuid":"%s","audit_type":"ONESHOT","force":true,"parameters":{"maintenance_node":"h1"}}""";

    /** Returns the database of the test; {@code DatabasesIT} runs the tests on other databases too. */
    TestDatabase database() {
        return TestDatabase.memory();
    }

    private static String recommended(TestService service, String... without) {
        List<String> excluded =
                Stream.of(without).map("{\"uuid\":\"%s\"}"::formatted).toList();
        String template = service.post("/v1/audit_templates", WITHOUT.formatted(without[0], String.join(",", excluded)))
                .text("uuid");
        String audit = service.post("/v1/audits", AUDIT.formatted(template)).text("uuid");
        return service.until(
                        "/v1/action_plans?audit_uuid=" + audit,
                        body -> body.path("action_plans").size() == 1)
                .path("action_plans")
                .get(0)
                .path("uuid")
                .asText();
    }

    private static long ongoing(TestService service) {
        JsonNode actions = service.get("/v1/actions?limit=100").body().path("actions");
        return actions.findValuesAsText("state").stream()
                .filter("ONGOING"::equals)
                .count();
    }

    private static boolean oneWaits(JsonNode body) {
        return body.path("actions").findValuesAsText("status_message").stream()
                .anyMatch(message -> message.startsWith("Waiting. The running migrations leave no room"));
    }

    @Test
    void bothTogetherBeginNoMoreThanTheHostPermits() {
        FakeCloud cloud = new FakeCloud(DrawnCluster.draw("""
                        host h1 cores=8 memory=16384
                          vm a
                          vm b
                          vm c
                          vm d
                          vm e
                          vm f
                        host h2 cores=8 memory=16384
                        host h3 cores=8 memory=16384
                        """)).concurrent(2).holding();
        TestDatabase database = database();
        try (TestService first = new TestService(database.open(), cloud, "first");
                TestService second = new TestService(database.open(), cloud, "second")) {
            String one = recommended(first, "d", "e", "f");
            String other = recommended(second, "a", "b", "c");
            first.post("/v1/action_plans/%s/start".formatted(one), "{}");
            second.post("/v1/action_plans/%s/start".formatted(other), "{}");
            first.untilState("/v1/action_plans/" + one, "ONGOING");
            first.untilState("/v1/action_plans/" + other, "ONGOING");
            first.until("/v1/actions?limit=100", body -> ongoing(first) == 2);

            first.until("/v1/actions/detail?limit=100", SharedBudgetTest::oneWaits); // a plan has tried to begin more
            assertThat(ongoing(first)).isEqualTo(2);

            cloud.release();
            first.untilState("/v1/action_plans/" + one, "SUCCEEDED");
            first.untilState("/v1/action_plans/" + other, "SUCCEEDED");
        }
        assertThat(cloud.started()).hasSize(6);
        assertThat(cloud.mostAtOnce()).isEqualTo(2);
    }

    @Test
    void whoLocksTheBudgetSecondSeesWhatTheFirstHasBegun() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(2);
        TestDatabase database = database();
        try (Database one = database.open();
                Database other = database.open()) {
            Stores first = Stores.of(one, Catalog.shipped(), Clock.systemUTC());
            Stores second = Stores.of(other, Catalog.shipped(), Clock.systemUTC());
            Action action = Action.pending(
                    UUID.randomUUID(), "migrate", List.of(), "", JsonNodeFactory.instance.objectNode(), Instant.EPOCH);
            one.jdbi().useTransaction(handle -> first.plans().add(handle, List.of(action)));
            CountDownLatch locked = new CountDownLatch(1);
            CountDownLatch read = new CountDownLatch(1);

            Future<Boolean> begins = callers.submit(() -> one.jdbi().inTransaction(handle -> {
                first.plans().lockBudget(handle);
                locked.countDown();
                assertThat(read.await(500, TimeUnit.MILLISECONDS))
                        .as("the other one waits")
                        .isFalse();
                return first.executions().begin(handle, action.uuid(), "first");
            }));
            assertThat(locked.await(30, TimeUnit.SECONDS)).isTrue();
            List<Action> seen = other.jdbi().inTransaction(handle -> {
                second.plans().lockBudget(handle);
                List<Action> running = second.executions().runningMigrations(handle);
                read.countDown();
                return running;
            });

            assertThat(begins.get(30, TimeUnit.SECONDS)).isTrue();
            assertThat(seen).extracting(Action::uuid).containsExactly(action.uuid());
        } finally {
            callers.shutdownNow();
        }
    }
}
