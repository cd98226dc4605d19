package io.github.godwit.strategy.actionplan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.MigrationRequest.Observation;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.profile.PageContent;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.schedule.Interval;
import io.github.godwit.model.schedule.RunningMigration;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.Action.Execution;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.objects.ColdMigrateParameters;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A migration that its plan gave 500 Mbit/s from the 10th to the 30th second (28 to 32). */
class OtherMigrationsTest {

    private static final Instant STARTED = Instant.ofEpochSecond(1000);

    private static Action action(Instant started, String more) throws Exception {
        String json = """
                {"migration_type": "live", "resource_id": "a", "source_node": "h1", "destination_node": "h2",
                 "technique": "PRE", "time_limit": 60, %s}
                """.formatted(more);
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
                Execution.between(started, null));
    }

    private static final String SLOT = """
            "schedule": {"group": 1, "start": {"value": 10, "low": 10, "high": 10}, "end": {"value": 30, "low": 28, "high": 32},
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

    /** It was predicted to take 20 s (16 to 30), and takes half of its links of 1000 Mbit/s. */
    @Test
    void oneWithoutAScheduleEndsAsPredicted() throws Exception {
        ClusterModel cluster = DrawnCluster.draw("host h1\nhost h2");
        VmProfile vm = new VmProfile(
                "a",
                MemorySize.ofMebibytes(256),
                1,
                32768,
                DirtyCurve.idle(),
                0,
                PageContent.UNKNOWN,
                0.1,
                0,
                MemorySize.ofMebibytes(150),
                false,
                Traffic.NONE,
                VmProfile.DirtySource.PAGE_SAMPLING,
                Accelerator.KVM,
                VmProfile.FRESH);
        Observation observed = new Observation(
                vm, cluster.host("h1").profile(), cluster.host("h2").profile());
        String more = "\"predicted\": %s, \"observed\": %s"
                .formatted(
                        Texts.json(Map.of(Metric.TOTAL_TIME, new Estimate(20_000, 16_000, 30_000))),
                        Texts.json(observed));

        assertThat(OtherMigrations.of(action(STARTED, more), STARTED.plusSeconds(5)))
                .contains(new RunningMigration("a", "h1", "h2", Bandwidth.ofMegabits(500), new Interval(11, 15, 25)));
        assertThat(OtherMigrations.of(action(STARTED, more + ", \"reservation\": 300000000"), STARTED))
                .contains(new RunningMigration("a", "h1", "h2", Bandwidth.ofMegabits(300), new Interval(16, 20, 30)));
    }

    @Test
    void oneOfWhichNothingIsKnownIsLeftOut() throws Exception {
        assertThat(OtherMigrations.of(action(STARTED, "\"schedule\": null"), STARTED))
                .isEmpty();
        assertThat(OtherMigrations.of(action(null, SLOT), STARTED)).isEmpty();
    }

    @Test
    void aColdMigrationIsLeftOut() throws Exception {
        Action live = action(STARTED, "\"reservation\": 1");
        Action cold = live.replanned(List.of(), "", new ColdMigrateParameters("a", "h1", null).input("a"));
        assertThat(OtherMigrations.of(cold, STARTED)).isEmpty();
    }
}
