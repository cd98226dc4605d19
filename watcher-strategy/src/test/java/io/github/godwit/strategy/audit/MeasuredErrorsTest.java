package io.github.godwit.strategy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.model.schedule.DurationErrors;
import io.github.godwit.strategy.catalog.Catalog;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.store.Database;
import io.github.godwit.strategy.store.Stores;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Migrations that were predicted to take 100 s, with an interval from 84 to 116 s: 10 s are about one standard deviation. */
class MeasuredErrorsTest {

    private static final double ONE = 10 * 1.6449 / 16;

    private final Clock clock = mock(Clock.class);
    private final Database database = Database.inMemory();
    private final Stores stores = Stores.of(database, Catalog.shipped(), clock);

    @AfterEach
    void close() {
        database.close();
    }

    private static ObjectNode parameters(boolean predicted) {
        ObjectNode parameters = (ObjectNode) Texts.tree("""
                {"migration_type":"live","resource_id":"a","source_node":"h1","destination_node":"h2","technique":"PRE",\
                "schedule":{"group":1,"start":{"value":0,"low":0,"high":0},"end":{"value":100,"low":90,"high":110},\
                "bandwidth":[],"after":[],"priority":0}}""");
        if (predicted) {
            parameters
                    .withObject("/schedule/duration")
                    .put("value", 100)
                    .put("low", 84)
                    .put("high", 116);
        }
        return parameters;
    }

    private void migration(UUID plan, long seconds, ObjectNode parameters) {
        Action action = Action.pending(plan, "migrate", List.of(), "", parameters, Instant.EPOCH);
        stores.database().jdbi().useTransaction(handle -> {
            when(clock.instant()).thenReturn(Instant.ofEpochSecond(1000));
            stores.plans().add(handle, List.of(action));
            stores.executions().begin(handle, action.uuid(), "one");
            when(clock.instant()).thenReturn(Instant.ofEpochSecond(1000 + seconds));
            stores.plans().changeAction(handle, action.uuid(), ActionState.ONGOING, ActionState.SUCCEEDED, null, null);
        });
    }

    private DurationErrors measured() {
        return new MeasuredErrors(stores).get();
    }

    @Test
    void withoutScheduledMigrationsTheAssumptionHolds() {
        assertThat(measured()).isEqualTo(DurationErrors.ASSUMED);
        migration(UUID.randomUUID(), 200, parameters(false)); // of an older release
        ObjectNode unscheduled = parameters(true);
        unscheduled.remove("schedule");
        migration(UUID.randomUUID(), 200, unscheduled);
        assertThat(measured()).isEqualTo(DurationErrors.ASSUMED);
    }

    /** Ten plans whose two migrations are late or early alike by one standard deviation. */
    @Test
    void plansSayHowAlikeTheirMigrationsAre() {
        for (int i = 0; i < 10; i++) {
            UUID plan = UUID.randomUUID();
            long seconds = i % 2 == 0 ? 110 : 90;
            migration(plan, seconds, parameters(true));
            migration(plan, seconds, parameters(true));
        }
        assertThat(measured().common()).isCloseTo(12.0 / 14, within(1e-6));
        assertThat(measured().scale()).isCloseTo(1, within(0.05));
        assertThat(measured())
                .isEqualTo(DurationErrors.of(IntStream.range(0, 10)
                        .mapToObj(i -> i % 2 == 0 ? List.of(-ONE, -ONE) : List.of(ONE, ONE))
                        .toList()));
    }

    @Test
    void goodPredictionsNarrow() {
        for (int i = 0; i < 10; i++) {
            migration(UUID.randomUUID(), 101, parameters(true));
        }
        assertThat(measured().scale()).isLessThan(0.6);
    }
}
