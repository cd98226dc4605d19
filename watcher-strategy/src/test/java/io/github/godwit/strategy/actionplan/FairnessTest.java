package io.github.godwit.strategy.actionplan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.actionplan.Readiness.Others;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.Action.Execution;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import io.github.godwit.strategy.objects.ActionPlanState;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.plan.Racks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Plans that compete for links of 1000 Mbit/s. Every plan has one migration. */
class FairnessTest {

    private static final long LINK = 1_000_000_000;
    private static final Instant NOW = Instant.ofEpochSecond(1000);
    private static final Instant LONG_AGO = NOW.minus(Readiness.PATIENCE);
    private static final ActionPlan ANY = new ActionPlan(
            1,
            new UUID(0, 1),
            new UUID(0, 2),
            "actuator",
            ActionPlanState.ONGOING,
            JsonNodeFactory.instance.arrayNode(),
            JsonNodeFactory.instance.arrayNode(),
            OnFailure.GO_ON,
            1,
            null,
            null,
            Instant.EPOCH,
            null);

    private final Readiness readiness = new Readiness(() -> new MigrationBudget(host -> 0, Racks.NONE, List.of()));
    private int made;

    /** A migration of another VM that is planned with this rate in Mbit/s; 0 for one without a schedule, such as one of a rollback. */
    private Action migration(String from, String to, int megabits, Instant queuedSince) {
        made++;
        ObjectNode parameters = JsonNodeFactory.instance
                .objectNode()
                .put("resource_id", "vm" + made)
                .put("source_node", from)
                .put("destination_node", to);
        if (megabits > 0) {
            for (String host : List.of("source", "destination")) {
                parameters.withObject("/observed/%s/link".formatted(host)).put("bitsPerSecond", LINK);
            }
            parameters
                    .withObject("/schedule")
                    .putArray("bandwidth")
                    .addObject()
                    .put("from", 0)
                    .put("bits_per_second", megabits * 1_000_000L);
        }
        return new Action(
                made,
                new UUID(1, made),
                new UUID(2, made),
                "migrate",
                ActionState.PENDING,
                List.of(),
                "",
                parameters,
                null,
                null,
                Instant.EPOCH,
                null,
                new Execution(queuedSince, queuedSince != null, null, null, null, false, null));
    }

    private boolean begins(Action action, List<Action> running, List<Action> queued, Instant now) {
        return readiness
                .next(ANY, List.of(action), new Others(running, () -> queued), Set.of(), now)
                .begin()
                .contains(action);
    }

    @Test
    void aMigrationMayBeOvertakenForAMinute() {
        Action running = migration("h1", "h3", 600, null);
        Action later = migration("h4", "h3", 400, null);
        Action young = migration("h2", "h3", 0, LONG_AGO.plusMillis(1));
        Action old = migration("h2", "h3", 0, LONG_AGO);

        assertThat(begins(later, List.of(running), List.of(young), NOW)).isTrue();
        assertThat(begins(later, List.of(running), List.of(old), NOW))
                .as("it keeps h3 free for the older one")
                .isFalse();
        assertThat(begins(migration("h4", "h5", 1000, null), List.of(running), List.of(old), NOW))
                .as("it needs nothing that the older one needs")
                .isTrue();
    }

    @Test
    void amongThoseThatHaveWaitedTooLongTheOldestGoesFirst() {
        Action first = migration("h1", "h3", 1000, LONG_AGO.minusSeconds(9));
        Action second = migration("h2", "h3", 1000, LONG_AGO);

        assertThat(begins(second, List.of(), List.of(first, second), NOW)).isFalse();
        assertThat(begins(first, List.of(), List.of(first, second), NOW)).isTrue();
        assertThat(readiness.served(new Others(List.of(), () -> List.of(second, first)), NOW))
                .containsExactly(first);
    }

    /** The second one waits only for the first one. It does not keep h4 free, so that a queue at h3 does not stop what goes to h4. */
    @Test
    void whoWaitsForAnOlderOneInTheQueueHoldsNothing() {
        Action running = migration("h1", "h9", 1000, null);
        Action first = migration("h1", "h3", 1000, LONG_AGO.minusSeconds(9));
        Action second = migration("h4", "h3", 1000, LONG_AGO);

        assertThat(begins(migration("h4", "h5", 1000, null), List.of(running), List.of(first, second), NOW))
                .isTrue();
        assertThat(begins(migration("h6", "h3", 1000, null), List.of(running), List.of(first, second), NOW))
                .as("h3 is kept free for the first one")
                .isFalse();
    }

    /**
     * h3 is never idle: every 10 s one of two migrations into it ends, of 600 and of 400 Mbit/s, and a new one of that rate asks. The
     * rollback needs half of the link and never fits. After a minute nobody overtakes it any more, and it begins when those that run have
     * ended: 20 s later at most.
     */
    @Test
    void aRollbackBeginsHoweverManyPlansCompeteWithIt() {
        List<Action> running =
                new ArrayList<>(List.of(migration("h1", "h3", 600, null), migration("h2", "h3", 400, null)));
        Action rollback = migration("h5", "h3", 0, NOW);
        int waited = 0;
        while (!begins(rollback, running, List.of(rollback), NOW.plusSeconds(waited))) {
            waited += 10;
            assertThat(waited).as("seconds for which the rollback waits").isLessThanOrEqualTo(80);
            if (!running.isEmpty()) {
                running.remove(0);
            }
            int rate = waited % 20 == 10 ? 600 : 400;
            Action competitor = migration("h" + (10 + waited), "h3", rate, null);
            if (begins(competitor, running, List.of(rollback), NOW.plusSeconds(waited))) {
                running.add(competitor);
            }
        }
        assertThat(waited).isGreaterThanOrEqualTo(60);
    }
}
