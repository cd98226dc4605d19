package io.github.godwit.strategy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.godwit.model.schedule.Interval;
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
import org.junit.jupiter.api.Test;

class MeasuredOverheadTest {

    private static final Interval USUAL = new Interval(1, 2, 3);
    private static final JsonNode TEN_SECONDS = Texts.tree("{\"outcome\":{\"measured\":{\"TT\":10000}}}");

    private final Clock clock = mock(Clock.class);

    /** A migration that waited for an hour, and whose transfer took 10 s. */
    private void migration(Stores stores, long seconds, JsonNode result) {
        migration(stores, seconds, result, false);
    }

    private void migration(Stores stores, long seconds, JsonNode result, boolean takenOver) {
        Action action = Action.pending(
                UUID.randomUUID(), "migrate", List.of(), "", JsonNodeFactory.instance.objectNode(), Instant.EPOCH);
        stores.database().jdbi().useTransaction(handle -> {
            stores.plans().add(handle, List.of(action));
            when(clock.instant()).thenReturn(Instant.ofEpochSecond(1000));
            stores.executions().waits(handle, action.uuid(), Instant.ofEpochSecond(1000 - 3600), true, "Waiting.");
            stores.executions().begin(handle, action.uuid(), "one");
            if (takenOver) {
                stores.executions()
                        .takeOver(handle, stores.executions().begun(handle).get(0), "two");
            }
            when(clock.instant()).thenReturn(Instant.ofEpochSecond(1000 + seconds));
            stores.plans()
                    .changeAction(handle, action.uuid(), ActionState.ONGOING, ActionState.SUCCEEDED, null, result);
        });
    }

    @Test
    void theLatestMigrationsSayHowLongTheyTakeBesidesTheirTransfer() {
        try (Database database = Database.inMemory()) {
            Stores stores = Stores.of(database, Catalog.shipped(), clock);
            MeasuredOverhead overhead = new MeasuredOverhead(stores, USUAL);
            for (int i = 0; i < 9; i++) {
                migration(stores, 12 + i, TEN_SECONDS);
                migration(stores, 99, null); // not measured
                migration(stores, 99, TEN_SECONDS, true); // its end was noticed late
            }
            assertThat(overhead.get()).as("too few").isEqualTo(USUAL);

            migration(stores, 21, TEN_SECONDS);
            migration(stores, 22, TEN_SECONDS);

            assertThat(overhead.get()).as("2 to 12 s").isEqualTo(new Interval(3, 7, 12));
        }
    }
}
