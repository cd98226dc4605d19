package io.github.godwit.strategy.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.github.godwit.model.predict.forest.ShippedModel;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.profile.PageContent;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.schedule.DurationErrors;
import io.github.godwit.model.schedule.Interval;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterHost.PeerNic;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.decide.Move;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How sure a plan is of its end, with the model and the policy that ship: hosts of six to eight VMs are drained to two others. */
class EndOfADrainTest {

    private static final ClusterModel CLUSTER = DrawnCluster.draw("""
            host h1 cores=8 memory=65536 cpu=0.4 used=0.3
              vm v0 memory=2048
              vm v1 memory=1024
              vm v2 memory=512
              vm v3 memory=2048
              vm v4 memory=1024
              vm v5 memory=512
              vm v6 memory=2048
              vm v7 memory=1024
            host h2 cores=8 memory=65536
            host h3 cores=8 memory=65536
            """);

    private static Interval end(int vms, int megabits, int concurrent, ScheduleTerms terms)
            throws InterruptedException {
        Cloud cloud = mock(Cloud.class);
        when(cloud.techniques(anyString(), anyString(), anyString())).thenReturn(TechniqueAvailability.all());
        when(cloud.profile(anyString(), anyString(), any())).thenAnswer(call -> profile(call.getArgument(0)));
        when(cloud.concurrentMigrations(any())).thenReturn(OptionalInt.of(concurrent));
        when(cloud.nicTowards(any(), any()))
                .thenReturn(Optional.of(new PeerNic("eth0", Bandwidth.ofMegabits(megabits), Traffic.NONE)));
        List<Move> moves = IntStream.range(0, vms)
                .mapToObj(i -> new Move("v" + i, "h1", i % 2 == 0 ? "h2" : "h3", "h1 is emptied."))
                .toList();
        MigrationPlan plan = new MovePlanner(
                        cloud,
                        new MoveDecision(
                                ShippedModel.predictor(),
                                SloPolicies.shipped().get("ensure_performance"),
                                ReservationTerms.DEFAULT,
                                Duration.ofMinutes(10)),
                        new MovePlanner.Listener() {},
                        terms)
                .plan(CLUSTER, moves);
        return plan.schedule().orElseThrow().end().interval();
    }

    /** Half of its memory has content, and it writes some of it. */
    private static VmProfile profile(String vm) {
        MemorySize memory = CLUSTER.vm(vm).definition().memory();
        return new VmProfile(
                vm,
                memory,
                1,
                memory.pages() / 2,
                new DirtyCurve(
                        List.of(
                                new DirtyCurve.Point(0.1, 100),
                                new DirtyCurve.Point(0.5, 350),
                                new DirtyCurve.Point(1, 600)),
                        memory.pages() / 2),
                0.5,
                PageContent.UNKNOWN,
                0.3,
                0,
                memory,
                false,
                CLUSTER.vm(vm).traffic(),
                VmProfile.DirtySource.DIRTY_BITMAP,
                Accelerator.KVM,
                VmProfile.FRESH);
    }

    /**
     * Before any plan was measured: where the link decides when a plan ends, the interval is about half as wide as the prediction; where
     * one fast migration follows the other, it has the errors that the model's intervals have in common.
     */
    @ParameterizedTest
    @CsvSource({
        "6, 1000, 1, 0.75",
        "6, 1000, 4, 0.5",
        "8, 1000, 1, 0.75",
        "8, 1000, 8, 0.5",
        "7, 200, 2, 0.5",
        "8, 200, 8, 0.6",
        "6, 200, 1, 0.5"
    })
    void theIntervalOfAPlanIsNarrowerThanThePrediction(int vms, int megabits, int concurrent, double most)
            throws InterruptedException {
        Interval end = end(vms, megabits, concurrent, ScheduleTerms.DEFAULT);
        assertThat(end.relativeWidth()).as("end %s", end).isBetween(0.15, most);
    }

    /** Nova adds a time of its own that is only known after some migrations; measured, it is known about as well as this. */
    @Test
    void withNovaItIsSoOnceItsTimeWasMeasured() throws InterruptedException {
        ScheduleTerms measured = terms(new Interval(4.5, 6, 7.5), DurationErrors.ASSUMED);
        assertThat(end(6, 1000, 1, measured).relativeWidth()).isLessThanOrEqualTo(0.5);
        assertThat(end(6, 1000, 4, measured).relativeWidth()).isLessThanOrEqualTo(0.5);
    }

    /** What plans have shown narrows or widens the interval, and does not move the prediction. */
    @Test
    void measuredErrorsNarrowAndWiden() throws InterruptedException {
        Interval assumed = end(8, 1000, 2, ScheduleTerms.DEFAULT);
        Interval narrow = end(8, 1000, 2, terms(ScheduleTerms.WITHOUT_NOVA, new DurationErrors(0.5, 0.5)));
        Interval alike = end(8, 1000, 2, terms(ScheduleTerms.WITHOUT_NOVA, new DurationErrors(1, 1)));
        assertThat(narrow.relativeWidth()).isLessThan(0.6 * assumed.relativeWidth());
        assertThat(alike.relativeWidth()).isGreaterThan(1.15 * assumed.relativeWidth());
        assertThat(narrow.value()).isEqualTo(assumed.value());
    }

    private static ScheduleTerms terms(Interval overhead, DurationErrors errors) {
        return ScheduleTerms.DEFAULT.under(new ScheduleSources(Racks.NONE, () -> overhead, () -> errors, List::of));
    }
}
