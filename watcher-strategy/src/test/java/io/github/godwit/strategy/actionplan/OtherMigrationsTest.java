package io.github.godwit.strategy.actionplan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.model.schedule.Interval;
import io.github.godwit.model.schedule.RunningMigration;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A migration that its plan gave 500 Mbit/s from the 10th to the 30th second (28 to 32). */
class OtherMigrationsTest {

    private static final Instant STARTED = Instant.ofEpochSecond(1000);

    private static Action action(Instant started, String schedule) throws Exception {
        String json = """
                {"migration_type": "live", "resource_id": "a", "source_node": "h1", "destination_node": "h2",
                 "technique": "PRE", "time_limit": 60, "schedule": %s}
                """.formatted(schedule);
        ObjectNode parameters = (ObjectNode) Texts.mapper().readTree(json);
        return new Action(
                1,
                UUID.randomUUID(),
                UUID.randomUUID(),
                "migrate",
                ActionState.ONGOING,
                List.of(),
                "",
                parameters,
                null,
                null,
                STARTED,
                null,
                started,
                null);
    }

    private static final String SLOT = """
            {"group": 1, "start": {"value": 10, "low": 10, "high": 10}, "end": {"value": 30, "low": 28, "high": 32},
             "bandwidth": [{"from": 10, "bits_per_second": 500000000}], "after": [], "priority": 0}
            """;

    @Test
    void itsRateAndItsEndAreThoseOfItsScheduleFromItsRealStartOn() throws Exception {
        assertThat(OtherMigrations.of(action(STARTED, SLOT), STARTED.plusSeconds(5)))
                .contains(new RunningMigration("a", "h1", "h2", Bandwidth.ofMegabits(500), new Interval(13, 15, 17)));
    }

    /** A tenth of its 20 s is assumed to be left. */
    @Test
    void oneThatIsOverdueEndsSoon() throws Exception {
        assertThat(OtherMigrations.of(action(STARTED, SLOT), STARTED.plusSeconds(40)))
                .hasValueSatisfying(
                        running -> assertThat(running.remaining().value()).isEqualTo(2));
    }

    @Test
    void oneWithoutAScheduleOrStartIsLeftOut() throws Exception {
        assertThat(OtherMigrations.of(action(STARTED, "null"), STARTED)).isEmpty();
        assertThat(OtherMigrations.of(action(null, SLOT), STARTED)).isEmpty();
    }
}
