package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.godwit.strategy.audit.RecentMoves;
import io.github.godwit.strategy.catalog.Catalog;
import io.github.godwit.strategy.cluster.Cloud.ServerMove;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import io.github.godwit.strategy.objects.ActionPlanState;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.settle.MoveHistory;
import io.github.godwit.strategy.settle.PastMove;
import io.github.godwit.strategy.settle.PastMove.End;
import io.github.godwit.strategy.settle.PastMove.Purpose;
import io.github.godwit.strategy.store.Database;
import io.github.godwit.strategy.store.Stores;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the database remembers of moves. */
class RecentMovesTest {

    private static final Instant NOW = Instant.ofEpochSecond(1_000_000);
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private final Database database = database().open();
    private final Stores stores = Stores.of(database, Catalog.shipped(), CLOCK);

    /** Returns the database of the test; {@code DatabasesIT} runs the tests on other databases too. */
    TestDatabase database() {
        return TestDatabase.memory();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private List<Action> plan(String strategy, ActionPlanState state, String... vms) {
        UUID uuid = UUID.randomUUID();
        ActionPlan plan = new ActionPlan(
                0,
                uuid,
                UUID.randomUUID(),
                strategy,
                state,
                JsonNodeFactory.instance.arrayNode(),
                JsonNodeFactory.instance.arrayNode(),
                OnFailure.GO_ON,
                1,
                null,
                null,
                NOW,
                null);
        List<Action> actions = new ArrayList<>();
        for (String vm : vms) {
            actions.add(Action.pending(
                    uuid,
                    "migrate",
                    List.of(),
                    "",
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("resource_id", vm)
                            .put("source_node", "h1")
                            .put("destination_node", "h2"),
                    NOW));
        }
        database.jdbi().useTransaction(handle -> stores.plans().insert(handle, plan, actions));
        return actions;
    }

    private void ended(Action action, ActionState state, String message) {
        database.jdbi()
                .useTransaction(handle ->
                        stores.plans().changeAction(handle, action.uuid(), ActionState.PENDING, state, message, null));
    }

    private MoveHistory after(Duration time) {
        return new RecentMoves(stores, since -> List.of(), Clock.offset(CLOCK, time)).since(Duration.ofDays(1));
    }

    @Test
    void movesByHandAreRememberedBesideThoseOfPlans() {
        ended(plan("consolidation", ActionPlanState.SUCCEEDED, "a").get(0), ActionState.SUCCEEDED, null);
        Instant before = NOW.minusSeconds(60);
        List<Instant> asked = new ArrayList<>();
        RecentMoves moves = new RecentMoves(
                stores,
                since -> {
                    asked.add(since);
                    return List.of(
                            new ServerMove("b", "h3", "h1", false, before),
                            new ServerMove("c", "h3", "h2", true, before));
                },
                CLOCK);
        assertThat(moves.since(Duration.ofDays(1)).moves())
                .containsExactlyInAnyOrder(
                        new PastMove("a", "h1", "h2", Purpose.PACKING, End.MOVED, NOW, null),
                        new PastMove("b", "h3", "h1", Purpose.OTHER, End.MOVED, before, null),
                        new PastMove("c", "h3", "h2", Purpose.OTHER, End.RUNS, NOW, null));
        assertThat(asked).containsExactly(NOW.minus(Duration.ofDays(1)));
    }

    @Test
    void movesThatEndedAreRememberedWithTheirPurposeAndReason() {
        List<Action> packing = plan("consolidation", ActionPlanState.ONGOING, "a", "b", "c", "d", "e");
        ended(packing.get(0), ActionState.SUCCEEDED, null);
        ended(packing.get(1), ActionState.FAILED, "Connection reset by peer");
        ended(packing.get(2), ActionState.SKIPPED, "VM c no longer exists.");
        ended(packing.get(3), ActionState.CANCELLED, null);
        ended(plan("hotspot_mitigation", ActionPlanState.FAILED, "f").get(0), ActionState.SUCCEEDED, null);
        assertThat(after(Duration.ofHours(1)).moves())
                .containsExactlyInAnyOrder(
                        new PastMove("a", "h1", "h2", Purpose.PACKING, End.MOVED, NOW, null),
                        new PastMove("b", "h1", "h2", Purpose.PACKING, End.FAILED, NOW, "Connection reset by peer"),
                        new PastMove("e", "h1", "h2", Purpose.PACKING, End.RUNS, NOW.plus(Duration.ofHours(1)), null),
                        new PastMove("f", "h1", "h2", Purpose.RELIEF, End.MOVED, NOW, null));
    }

    @Test
    void whatRunsIsRememberedHoweverLongItTakes() {
        Action running = plan("actuator", ActionPlanState.ONGOING, "a").get(0);
        database.jdbi().useTransaction(handle -> stores.executions().begin(handle, running.uuid(), "one"));
        ended(plan("maintenance", ActionPlanState.SUCCEEDED, "b").get(0), ActionState.SUCCEEDED, null);
        assertThat(after(Duration.ofHours(25)).moves())
                .extracting(PastMove::vm, PastMove::end, PastMove::purpose)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("a", End.RUNS, Purpose.OTHER));
    }

    @Test
    void whatWasOnlyRecommendedIsNoMove() {
        plan("consolidation", ActionPlanState.RECOMMENDED, "a");
        plan("consolidation", ActionPlanState.CANCELLED, "b");
        assertThat(after(Duration.ZERO)).isEqualTo(MoveHistory.NONE);
    }
}
