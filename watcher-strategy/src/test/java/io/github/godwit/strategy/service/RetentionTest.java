package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.godwit.strategy.catalog.Catalog;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import io.github.godwit.strategy.objects.ActionPlanState;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.objects.Audit;
import io.github.godwit.strategy.objects.AuditState;
import io.github.godwit.strategy.objects.AuditTemplate;
import io.github.godwit.strategy.objects.AuditType;
import io.github.godwit.strategy.objects.TrailEvent;
import io.github.godwit.strategy.rest.NoAuth;
import io.github.godwit.strategy.store.Database;
import io.github.godwit.strategy.store.OutcomeStore;
import io.github.godwit.strategy.store.Retention;
import io.github.godwit.strategy.store.Stores;
import io.github.godwit.strategy.store.TrailStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What is removed from the database, and when. Days count from some day on. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RetentionTest {

    private static final Instant SOME_DAY = Instant.parse("2026-01-01T00:00:00Z");

    private TestDatabase place;
    private Database database;

    /** Returns the database of the test; {@code DatabasesIT} runs the tests on other databases too. */
    TestDatabase database() {
        return TestDatabase.memory();
    }

    @BeforeAll
    void open() {
        place = database();
        database = place.open();
    }

    @AfterEach
    void empty() {
        database.jdbi().useHandle(handle -> {
            for (String table :
                    List.of("actions", "action_plans", "audits", "audit_templates", "services", "outcomes", "trail")) {
                handle.execute("DELETE FROM " + table);
            }
        });
    }

    @AfterAll
    void close() {
        database.close();
    }

    private static Instant day(int day) {
        return SOME_DAY.plus(Duration.ofDays(day));
    }

    private void at(Instant time, BiConsumer<Stores, Handle> change) {
        Stores stores = Stores.of(database, Catalog.shipped(), Clock.fixed(time, ZoneOffset.UTC));
        database.jdbi().useTransaction(handle -> change.accept(stores, handle));
    }

    private UUID audit(Instant created, AuditType type, AuditState state) {
        UUID uuid = UUID.randomUUID();
        JsonNodeFactory json = JsonNodeFactory.instance;
        Audit audit = new Audit(
                0,
                uuid,
                uuid.toString(),
                type,
                state,
                "dummy",
                "dummy",
                json.objectNode(),
                null,
                json.arrayNode(),
                false,
                false,
                null,
                null,
                null,
                null,
                null,
                created,
                null);
        at(created, (stores, handle) -> stores.audits().insert(handle, audit));
        return uuid;
    }

    private UUID plan(Instant created, UUID audit, ActionPlanState state) {
        UUID uuid = UUID.randomUUID();
        JsonNodeFactory json = JsonNodeFactory.instance;
        ActionPlan plan = new ActionPlan(
                0,
                uuid,
                audit,
                "dummy",
                state,
                json.arrayNode(),
                json.arrayNode(),
                OnFailure.GO_ON,
                1,
                null,
                null,
                created,
                null);
        List<Action> actions = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            actions.add(Action.pending(uuid, "nop", List.of(), "", json.objectNode(), created));
        }
        at(created, (stores, handle) -> stores.plans().insert(handle, plan, actions));
        return uuid;
    }

    private int removeBefore(int day) {
        return database.jdbi()
                .inTransaction(handle ->
                        Retention.remove(handle, Keep.all(Duration.ofDays(1)).before(day(day + 1))));
    }

    private List<UUID> stored(String column, String table) {
        return database
                .jdbi()
                .withHandle(handle -> handle.createQuery("SELECT %s FROM %s ORDER BY id".formatted(column, table))
                        .mapTo(String.class)
                        .list())
                .stream()
                .map(UUID::fromString)
                .toList();
    }

    @Test
    void plansThatHaveEndedAreRemovedWithTheirActions() {
        UUID audit = audit(day(0), AuditType.CONTINUOUS, AuditState.ONGOING);
        List<UUID> kept = new ArrayList<>();
        for (ActionPlanState state : ActionPlanState.values()) {
            UUID plan = plan(day(1), audit, state);
            if (ActionPlanState.active().contains(state)
                    || state == ActionPlanState.RECOMMENDED
                    || state == ActionPlanState.DELETED) {
                kept.add(plan); // that of a deleted plan has no time here
            }
        }
        assertThat(removeBefore(2)).isEqualTo(4);
        assertThat(stored("uuid", "action_plans")).isEqualTo(kept);
        assertThat(stored("plan_uuid", "actions")).hasSize(2 * kept.size()).hasSameElementsAs(kept);
        assertThat(stored("uuid", "audits")).containsExactly(audit);
    }

    @Test
    void theirAgeCountsFromTheirEnd() {
        UUID plan = plan(day(1), UUID.randomUUID(), ActionPlanState.ONGOING);
        at(
                day(50),
                (stores, handle) -> stores.plans()
                        .changePlan(handle, plan, ActionPlanState.ONGOING, ActionPlanState.SUCCEEDED, null, null));
        assertThat(removeBefore(50)).isZero();
        assertThat(removeBefore(51)).isEqualTo(1);
    }

    @Test
    void whatWasDeletedIsRemovedAfterTheSameTime() {
        UUID audit = audit(day(1), AuditType.EVENT, AuditState.SUCCEEDED);
        UUID plan = plan(day(1), audit, ActionPlanState.RECOMMENDED);
        JsonNodeFactory json = JsonNodeFactory.instance;
        AuditTemplate template = new AuditTemplate(
                0,
                UUID.randomUUID(),
                "nightly",
                null,
                "dummy",
                "dummy",
                json.arrayNode(),
                json.objectNode(),
                day(1),
                null);
        at(day(1), (stores, handle) -> stores.templates().insert(handle, template));
        at(day(10), (stores, handle) -> {
            stores.plans().delete(handle, plan);
            stores.audits().delete(handle, audit);
            stores.templates().delete(handle, template.uuid());
        });
        assertThat(removeBefore(10)).isZero();
        assertThat(stored("uuid", "audit_templates")).hasSize(1);

        assertThat(removeBefore(11)).isEqualTo(2);
        assertThat(stored("uuid", "action_plans")).isEmpty();
        assertThat(stored("uuid", "actions")).isEmpty();
        assertThat(stored("uuid", "audits")).isEmpty();
        assertThat(stored("uuid", "audit_templates")).isEmpty();
    }

    @Test
    void whatIsKeptOfMigrationsIsStoredOnceAndRemoved() {
        OutcomeStore outcomes = new OutcomeStore();
        for (int day : new int[] {1, 1, 5}) {
            OutcomeStore.Row row =
                    new OutcomeStore.Row(new UUID(0, day).toString(), day(day), JsonNodeFactory.instance.objectNode());
            at(day(day), (stores, handle) -> outcomes.add(handle, row));
        }
        assertThat(stored("migration_id", "outcomes")).containsExactlyInAnyOrder(new UUID(0, 1), new UUID(0, 5));

        removeBefore(3);

        assertThat(stored("migration_id", "outcomes")).containsExactly(new UUID(0, 5));
        at(
                day(5),
                (stores, handle) -> assertThat(outcomes.since(handle, day(4), 10))
                        .extracting(OutcomeStore.Row::migrationId)
                        .containsExactly(new UUID(0, 5).toString()));
    }

    @Test
    void auditsThatHaveEndedAreRemovedOnceTheyHaveNoPlan() {
        UUID withPlan = audit(day(1), AuditType.ONESHOT, AuditState.SUCCEEDED);
        UUID plan = plan(day(1), withPlan, ActionPlanState.ONGOING);
        audit(day(1), AuditType.ONESHOT, AuditState.FAILED);
        audit(day(1), AuditType.CONTINUOUS, AuditState.CANCELLED);
        UUID young = audit(day(20), AuditType.ONESHOT, AuditState.SUCCEEDED);

        assertThat(removeBefore(10)).isEqualTo(2);
        assertThat(stored("uuid", "audits")).containsExactly(withPlan, young);

        at(
                day(2),
                (stores, handle) -> stores.plans()
                        .changePlan(handle, plan, ActionPlanState.ONGOING, ActionPlanState.FAILED, null, null));
        assertThat(removeBefore(10)).as("the plan and its audit").isEqualTo(2);
        assertThat(stored("uuid", "audits")).containsExactly(young);
    }

    @Test
    void auditsThatMayRunAgainStay() {
        List<UUID> kept = List.of(
                audit(day(1), AuditType.CONTINUOUS, AuditState.ONGOING),
                audit(day(1), AuditType.CONTINUOUS, AuditState.SUSPENDED),
                audit(day(1), AuditType.CONTINUOUS, AuditState.PENDING),
                audit(day(1), AuditType.EVENT, AuditState.PENDING),
                audit(day(1), AuditType.EVENT, AuditState.SUCCEEDED));
        assertThat(removeBefore(100)).isZero();
        assertThat(stored("uuid", "audits")).isEqualTo(kept);
    }

    @Test
    void aTransactionRemovesAHundredPlans() {
        UUID audit = audit(day(0), AuditType.CONTINUOUS, AuditState.ONGOING);
        List<UUID> plans = new ArrayList<>();
        for (int i = 0; i < 130; i++) {
            plans.add(plan(day(1).plusSeconds(i), audit, ActionPlanState.SUPERSEDED));
        }
        assertThat(removeBefore(2)).isEqualTo(100);
        assertThat(stored("uuid", "action_plans")).as("the oldest first").isEqualTo(plans.subList(100, 130));
        assertThat(removeBefore(2)).isEqualTo(30);
        assertThat(removeBefore(2)).isZero();
    }

    @Test
    void instancesThatWereNotSeenForAsLongAreForgotten() {
        at(day(1), (stores, handle) -> stores.services().seen(handle, "watcher-applier", "gone"));
        at(day(20), (stores, handle) -> stores.services().seen(handle, "watcher-applier", "here"));
        removeBefore(10);
        at(
                day(20),
                (stores, handle) ->
                        assertThat(stores.services().aliveSince(handle, day(0))).containsExactly("here"));
    }

    /** A plan that has ended, one of whose actions is a migration with an outcome. */
    private void measuredPlan(Instant created) {
        UUID plan = plan(created, UUID.randomUUID(), ActionPlanState.SUCCEEDED);
        UUID first = stored("uuid", "actions").get(0);
        database.jdbi()
                .useHandle(handle ->
                        handle.execute("UPDATE actions SET action_type = 'migrate' WHERE uuid = ?", first.toString()));
        at(
                created,
                (stores, handle) -> assertThat(stores.plans()
                                .changeAction(
                                        handle,
                                        first,
                                        ActionState.PENDING,
                                        ActionState.SUCCEEDED,
                                        null,
                                        JsonNodeFactory.instance.objectNode().put("measured", 1)))
                        .as("of plan %s", plan)
                        .isTrue());
    }

    private void remove(Integer plans, Integer outcomes) {
        Retention.Before before = new Retention.Before(
                null, plans == null ? null : day(plans), outcomes == null ? null : day(outcomes), null);
        database.jdbi().useTransaction(handle -> Retention.remove(handle, before));
    }

    private List<String> outcomes() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "SELECT COALESCE(result, 'removed') FROM actions WHERE action_type = 'migrate'")
                        .mapTo(String.class)
                        .list());
    }

    @Test
    void outcomesOutliveTheirPlanIfTheyAreKeptLonger() {
        measuredPlan(day(1));
        remove(2, 1);
        assertThat(stored("uuid", "action_plans")).isEmpty();
        assertThat(outcomes()).containsExactly("{\"measured\":1}");
        assertThat(stored("uuid", "actions")).hasSize(1);
        remove(2, 2);
        assertThat(outcomes()).isEmpty();
    }

    @Test
    void outcomesAreRemovedFromAPlanThatIsKeptLonger() {
        measuredPlan(day(1));
        remove(1, 2);
        assertThat(outcomes()).containsExactly("removed");
        assertThat(stored("uuid", "actions")).hasSize(2);
    }

    @Test
    void theTrailHasATimeOfItsOwn() {
        at(day(1), (stores, handle) -> new TrailStore().add(handle, line(day(1))));
        at(day(1), (stores, handle) -> new TrailStore().add(handle, line(day(5))));
        audit(day(1), AuditType.ONESHOT, AuditState.SUCCEEDED);
        database.jdbi()
                .useTransaction(handle -> Retention.remove(handle, new Retention.Before(null, null, null, day(3))));
        assertThat(stored("uuid", "trail")).hasSize(1);
        assertThat(stored("uuid", "audits")).hasSize(1);
    }

    private static TrailEvent line(Instant time) {
        return new TrailEvent(
                UUID.randomUUID(),
                time,
                "create",
                true,
                new TrailEvent.Target("audit", "a"),
                new TrailEvent.Initiator("1", "ann", null, List.of("admin"), "192.0.2.1"),
                TrailEvent.Cause.request("req-1", "/v1/audits", 201),
                "one");
    }

    @Test
    void theServiceRemovesWhatIsOlderThanItsRetention() {
        Instant now = Instant.now();
        UUID old = plan(now.minus(Duration.ofDays(31)), UUID.randomUUID(), ActionPlanState.SUCCEEDED);
        UUID young = plan(now.minus(Duration.ofDays(29)), UUID.randomUUID(), ActionPlanState.SUCCEEDED);
        Tasks.Pace pace =
                new Tasks.Pace(Duration.ofMillis(50), Duration.ofSeconds(2), Duration.ofHours(24), Duration.ofDays(30));
        FakeCloud cloud = new FakeCloud(DrawnCluster.draw("host h1"));
        try (TestService service = new TestService(place.open(), cloud, "one", NoAuth.LOOPBACK_ONLY, pace)) {
            service.until("/v1/action_plans", body -> body.path("action_plans").size() == 1);
            assertThat(service.get("/v1/action_plans/" + young).status()).isEqualTo(200);
            assertThat(service.get("/v1/action_plans/" + old).status()).isEqualTo(404);
        }
    }
}
