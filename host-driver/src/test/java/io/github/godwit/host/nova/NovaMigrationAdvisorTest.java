package io.github.godwit.host.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.godwit.host.libvirt.JobEvent;
import io.github.godwit.host.libvirt.LibvirtFaults;
import io.github.godwit.host.migrate.FakeHost;
import io.github.godwit.host.net.TrafficControl.Share;
import io.github.godwit.host.nova.NovaMessage.Kind;
import io.github.godwit.hostapi.MigrationDecision;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationRequest.Observation;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.PostcopyRecovery;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The advice to nova-compute and what is left afterwards; libvirt, the other host and the profiler are fakes. */
@Timeout(60)
class NovaMigrationAdvisorTest {

    private static final Duration SHORT = Duration.ofMillis(50);

    private FakeHost host;
    private NovaMigrationAdvisor advisor;

    @BeforeEach
    void start() throws Exception {
        host = new FakeHost();
        advisor = host.advisor();
    }

    @AfterEach
    void stop() {
        advisor.close();
        host.close();
    }

    private static NovaMessage message(Kind kind, String technique) {
        return new NovaMessage(kind, FakeHost.VM, "there", null, 0, technique, null, "words");
    }

    private MigrationAdvice ask(String technique) {
        return advisor.apply(message(Kind.ASK, technique));
    }

    private MigrationStatus ended() throws InterruptedException {
        return host.await(() -> {
            MigrationStatus last = advisor.migrations().all().stream()
                    .reduce((one, two) -> two)
                    .orElse(null);
            return last != null && last.phase().isFinal() ? last : null;
        });
    }

    private void useAShortPatience() {
        advisor.close();
        advisor = host.advisor(SHORT);
    }

    @Test
    void anUnplannedMigrationIsDecidedAndFollowedToItsEnd() throws Exception {
        advisor.apply(message(Kind.NOTICE, null));
        MigrationAdvice advice = ask("!POST-PREEMPT,!PRE-POST");
        assertThat(advice.technique()).isNotNull();
        assertThat(advice.clear()).contains("VIR_MIGRATE_POSTCOPY", "VIR_MIGRATE_AUTO_CONVERGE");
        assertThat(advice.downtimeLimitMillis()).isEqualTo(300);
        host.publish(new JobEvent.Completed(FakeHost.stats(2_000, 40)));
        MigrationStatus ended = ended();
        assertThat(ended.phase()).isEqualTo(Phase.COMPLETED);
        assertThat(ended.outcome().measured())
                .containsEntry(Metric.TOTAL_TIME, 2_000.0)
                .containsEntry(Metric.DOWNTIME, 40.0);
        assertThat(host.reserved()).isEmpty();
    }

    @Test
    void aMessageThatIsRefusedLeavesNothingThatTheNextOneWouldWaitFor() {
        for (String[] faulty : new String[][] {{"there", "no-id"}, {"no host", null}}) {
            NovaMessage message = new NovaMessage(Kind.ASK, FakeHost.VM, faulty[0], faulty[1], 0, null, null, "words");
            assertThatThrownBy(() -> advisor.apply(message)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(ask(null).technique()).isNotNull();
    }

    @Test
    void theTechniqueConstraintOfAServerIsApplied() throws Exception {
        assertThat(ask("DCZstd").technique()).isEqualTo(Technique.ZSTD);
        host.publish(new JobEvent.Completed(FakeHost.stats(1_000, 10)));
        ended();
        MigrationAdvice postCopy = ask("POST-PREEMPT");
        assertThat(postCopy.flags()).containsExactly("VIR_MIGRATE_POSTCOPY");
        // With more, QEMU might end it in pre-copy.
        assertThat(postCopy.downtimeLimitMillis()).isEqualTo(1);
        advisor.apply(message(Kind.ABORTED, null));
        assertThat(ended().phase()).isEqualTo(Phase.CANCELLED);
        assertThat(ask("!POST,!PRE-POST,!THR,!DCdlt,!DCZstd,!DCZlib,!MULTIFD,!POST-PREEMPT")
                        .technique())
                .isEqualTo(Technique.PRE_COPY);
        advisor.apply(message(Kind.ABORTED, null));
        ended();
        assertThat(ask("nova").technique()).isNull();
        assertThat(ask("WARP").technique()).isNotNull();
    }

    @Test
    void bandwidthIsReservedOnBothHostsAndReleasedHoweverTheMigrationEnds() throws Exception {
        host.loadLink();
        for (Kind end : new Kind[] {Kind.COMPLETED, Kind.ABORTED, Kind.FAILED}) {
            assertThat(ask(null).technique()).isNotNull();
            assertThat(host.reserved()).as("before %s", end).containsExactlyInAnyOrder("here", "there");
            advisor.apply(message(end, null));
            ended();
            host.await(() -> host.reserved().isEmpty() ? true : null);
        }
    }

    @Test
    void ifProfilingTakesTooLongNovaUsesItsOwnFlags() throws Exception {
        useAShortPatience();
        host.blockProfiling();
        MigrationAdvice advice = ask(null);
        assertThat(advice.reason()).contains("no answer within 50 ms");
        assertThat(advice.technique()).isNull();
        assertThat(ended().phase()).isIn(Phase.CANCELLED, Phase.FAILED);
        assertThat(host.reserved()).isEmpty();
    }

    /**
     * Pre-copy, which is what Nova's own flags result in here, takes 0.5 to 40 s, and post-copy with preemption {@code bestMillis} to
     * 3 s. All other techniques take longer, and the other costs are equal.
     */
    private static Predictor postCopyTakesAtBest(double bestMillis) {
        return (migrationCase, technique) -> predicted(
                switch (technique) {
                    case PRE_COPY -> new Estimate(20_000, 500, 40_000);
                    case POST_COPY_PREEMPT -> new Estimate(2_000, bestMillis, 3_000);
                    default -> new Estimate(50_000, 50_000, 50_000);
                });
    }

    private static Prediction predicted(Estimate totalTime) {
        Map<Metric, Estimate> estimates = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            estimates.put(metric, new Estimate(1, 1, 1));
        }
        estimates.put(Metric.TOTAL_TIME, totalTime);
        return new Prediction(estimates, true);
    }

    @Test
    void withAnIncompleteProfileNovaUsesItsOwnFlagsUnlessTheChoiceIsCertainlyBetter() throws Exception {
        host.hideWrites();
        host.predictWith(postCopyTakesAtBest(1_000));

        MigrationAdvice advice = ask(null);

        assertThat(advice.technique()).isNull();
        assertThat(advice.reason())
                .isEqualTo("Nova's own flags: it is not certain that POST-PREEMPT is better than PRE."
                        + " It could not be measured how much it writes.");
        assertThat(ended().phase()).isEqualTo(Phase.CANCELLED);
        assertThat(host.reserved()).isEmpty();
    }

    @Test
    void withAnIncompleteProfileTheChoiceIsUsedIfItIsCertainlyBetter() {
        host.hideWrites();
        host.predictWith(postCopyTakesAtBest(300));

        MigrationAdvice advice = ask(null);

        assertThat(advice.technique()).isEqualTo(Technique.POST_COPY_PREEMPT);
        assertThat(advice.reason()).endsWith("It could not be measured how much it writes.");
    }

    @Test
    void withACompleteProfileTheChoiceNeedNotBeCertainlyBetter() {
        host.predictWith(postCopyTakesAtBest(1_000));

        assertThat(ask(null).technique()).isEqualTo(Technique.POST_COPY_PREEMPT);
    }

    @Test
    void aMigrationOfAnActionPlanUsesTheChoiceEvenWithAnIncompleteProfile() throws Exception {
        host.hideWrites();
        host.predictWith(postCopyTakesAtBest(1_000));
        String id = UUID.randomUUID().toString();
        advisor.migrations()
                .start(MigrationRequest.of(FakeHost.VM, host.peer())
                        .policy("ensure_performance")
                        .id(UUID.fromString(id))
                        .build());
        host.await(() -> advisor.migrations().get(id).phase() == Phase.PREPARING ? true : null);

        MigrationAdvice advice = ask(null);

        assertThat(advice.migration()).isEqualTo(id);
        assertThat(advice.technique()).isEqualTo(Technique.POST_COPY_PREEMPT);
        host.publish(new JobEvent.Completed(FakeHost.stats(2_000, 2_000)));
        assertThat(ended().phase()).isEqualTo(Phase.COMPLETED);
    }

    @Test
    void aPinnedTechniqueIsUsedEvenWithAnIncompleteProfile() {
        host.hideWrites();
        host.predictWith(postCopyTakesAtBest(1_000));

        MigrationAdvice advice = ask("POST-PREEMPT");

        assertThat(advice.technique()).isEqualTo(Technique.POST_COPY_PREEMPT);
        assertThat(advice.reason()).isEqualTo("It was requested. It could not be measured how much it writes.");
    }

    @Test
    void aPinnedTechniqueIsUsedEvenWithoutAProfile() throws Exception {
        useAShortPatience();
        host.blockProfiling();

        MigrationAdvice advice = ask("POST-PREEMPT");

        assertThat(advice.technique()).isEqualTo(Technique.POST_COPY_PREEMPT);
        assertThat(advice.reason()).contains("It could not be measured how much it writes.");
    }

    @Test
    void withoutTheOtherHostDriverNovaUsesItsOwnFlags() {
        host.stopPeer();
        assertThat(ask(null).reason()).contains("No host driver answers at");
        assertThat(advisor.migrations().all()).isEmpty();
    }

    @Test
    void aPlannedMigrationWaitsForNova() throws Exception {
        UUID id = UUID.randomUUID();
        advisor.migrations()
                .start(MigrationRequest.of(FakeHost.VM, host.peer())
                        .technique(Technique.POST_COPY_PREEMPT)
                        .policy("ensure_performance")
                        .reservation(Bandwidth.parse("300mbit"))
                        .id(id)
                        .build());
        host.await(() -> advisor.migrations().get(id.toString()).phase() == Phase.PREPARING ? true : null);
        assertThat(host.reserved()).isEmpty();
        MigrationAdvice advice = ask(null);
        assertThat(advice.migration()).isEqualTo(id.toString());
        assertThat(advice.technique()).isEqualTo(Technique.POST_COPY_PREEMPT);
        assertThat(host.reserved()).containsExactlyInAnyOrder("here", "there");
        host.publish(new JobEvent.Postcopy());
        host.await(() -> advisor.migrations().get(id.toString()).phase() == Phase.POSTCOPY ? true : null);
        host.publish(new JobEvent.Completed(FakeHost.stats(3_000, 3_000)));
        assertThat(ended().phase()).isEqualTo(Phase.COMPLETED);
        assertThat(host.reserved()).isEmpty();
    }

    private MigrationStatus startPlanned(Instant plannedAt) throws InterruptedException {
        UUID id = UUID.randomUUID();
        MigrationDecision decision = new MigrationDecision(
                Technique.ZSTD,
                predicted(new Estimate(1_000, 900, 1_100)),
                "h1 is hot. DCZstd keeps all SLOs.",
                List.of(),
                plannedAt);
        advisor.migrations()
                .start(MigrationRequest.of(FakeHost.VM, host.peer())
                        .technique(Technique.ZSTD)
                        .policy("a policy that this host driver does not know")
                        .observed(host.observation())
                        .decision(decision)
                        .id(id)
                        .build());
        return host.await(() -> {
            MigrationStatus now = advisor.migrations().get(id.toString());
            return now.phase() == Phase.PREPARING ? now : null;
        });
    }

    @Test
    void aPlannedVmIsNotProfiledAgainAndNovaComputeGetsThePlansReason() throws Exception {
        MigrationStatus waiting = startPlanned(Instant.now());

        MigrationAdvice advice = ask(null);

        assertThat(host.profilings()).isZero();
        assertThat(waiting.decision().reason()).isEqualTo("h1 is hot. DCZstd keeps all SLOs.");
        assertThat(advice.reason()).isEqualTo("h1 is hot. DCZstd keeps all SLOs.");
        assertThat(advice.technique()).isEqualTo(Technique.ZSTD);
        host.publish(new JobEvent.Completed(FakeHost.stats(1_000, 10)));
        MigrationStatus ended = ended();
        assertThat(ended.outcome().prediction().value(Metric.TOTAL_TIME)).isEqualTo(1_000);
        assertThat(ended.outcome().reason()).isEqualTo("h1 is hot. DCZstd keeps all SLOs.");
        assertThat(ended.outcome().notes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"there.example.org", "THERE"})
    void aPlanHoldsAlsoIfNovaWritesTheNameOfItsDestinationInFull(String destination) throws Exception {
        startPlanned(Instant.now());

        MigrationAdvice advice =
                advisor.apply(new NovaMessage(Kind.ASK, FakeHost.VM, destination, null, 0, null, null, "words"));

        assertThat(advice.technique()).isEqualTo(Technique.ZSTD);
        assertThat(advice.reason()).isEqualTo("h1 is hot. DCZstd keeps all SLOs.");
    }

    @Test
    void aPlanThatWaitedTooLongKeepsItsTechniqueAndIsPredictedAgain() throws Exception {
        host.predictWith(postCopyTakesAtBest(1_000));
        MigrationStatus waiting = startPlanned(Instant.now().minus(Duration.ofHours(2)));

        assertThat(host.profilings()).isEqualTo(1);
        assertThat(waiting.technique()).isEqualTo(Technique.ZSTD);
        assertThat(waiting.decision().reason())
                .startsWith("h1 is hot. DCZstd keeps all SLOs. The plan is of ")
                .endsWith(": the VM was profiled and the cost predicted anew.");
        assertThat(waiting.decision().prediction().value(Metric.TOTAL_TIME)).isEqualTo(50_000);
    }

    @Test
    void changesSinceThePlanAreReported() throws Exception {
        Observation before = host.observation();
        host.loadLink();
        advisor.migrations()
                .start(MigrationRequest.of(FakeHost.VM, host.peer())
                        .technique(Technique.ZSTD)
                        .policy("ensure_performance")
                        .observed(before)
                        .decision(new MigrationDecision(
                                Technique.ZSTD,
                                predicted(new Estimate(1_000, 900, 1_100)),
                                "planned",
                                List.of(),
                                Instant.now()))
                        .build());
        assertThat(ask(null).technique()).isEqualTo(Technique.ZSTD);
        host.publish(new JobEvent.Completed(FakeHost.stats(1_000, 10)));
        assertThat(ended().outcome().notes())
                .containsExactly(
                        "Since the plan, the free bandwidth between here and there has changed from 1000 to 400 Mbit/s.");
    }

    @Test
    void aPlannedMigrationWaitsLongerForItsProfileThanNovaWould() throws Exception {
        useAShortPatience();
        host.blockProfiling();
        String id = UUID.randomUUID().toString();
        advisor.migrations()
                .start(MigrationRequest.of(FakeHost.VM, host.peer())
                        .policy("ensure_performance")
                        .id(UUID.fromString(id))
                        .build());
        CountDownLatch decided = new CountDownLatch(1);
        advisor.migrations().follow(id, event -> {
            if (event.phase() != Phase.PROFILING) {
                decided.countDown();
            }
        });
        assertThat(decided.await(4 * SHORT.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
        host.releaseProfiling();
        assertThat(decided.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(advisor.migrations().get(id).phase()).isEqualTo(Phase.PREPARING);
        assertThat(ask(null).technique()).isNotNull();
        host.publish(new JobEvent.Completed(FakeHost.stats(1_000, 10)));
        assertThat(ended().phase()).isEqualTo(Phase.COMPLETED);
    }

    @Test
    void aPlannedMigrationIsCancelledByNovasRollbackOrByACaller() throws Exception {
        for (boolean byNova : new boolean[] {true, false}) {
            UUID id = UUID.randomUUID();
            advisor.migrations()
                    .start(MigrationRequest.of(FakeHost.VM, host.peer())
                            .technique(Technique.PRE_COPY)
                            .id(id)
                            .build());
            host.await(() -> advisor.migrations().get(id.toString()).phase() == Phase.PREPARING ? true : null);
            if (byNova) {
                advisor.apply(message(Kind.ABORTED, null));
            } else {
                advisor.migrations().cancel(id.toString());
            }
            assertThat(ended().phase()).isEqualTo(Phase.CANCELLED);
        }
        assertThat(ask(null).technique()).isNotNull();
    }

    @Test
    void aRunningMigrationIsCancelledThroughLibvirt() throws Exception {
        ask(null);
        String id = advisor.migrations().all().get(0).id();
        host.await(() -> advisor.migrations().get(id).phase() == Phase.MIGRATING ? true : null);
        advisor.migrations().cancel(id);
        verify(host.jobs(), timeout(10_000)).abort(FakeHost.VM);
        advisor.apply(message(Kind.ABORTED, null));
        assertThat(ended().phase()).isEqualTo(Phase.CANCELLED);
    }

    @Test
    void ifTheSourceCannotReserveNeitherHostDoesAndTheMigrationContinues() throws Exception {
        host.loadLink();
        doThrow(new IOException("tc: Cannot allocate memory"))
                .when(host.trafficControl())
                .reserve(any(), any(Share.class));

        assertThat(ask(null).technique()).isNotNull();

        host.await(() -> host.reserved().isEmpty() ? true : null);
        host.publish(new JobEvent.Completed(FakeHost.stats(1_000, 10)));
        assertThat(ended().outcome().notes())
                .contains("Nothing is reserved, because the source cannot: tc: Cannot allocate memory");
    }

    @Test
    void aMigrationWhoseStatisticsLibvirtDoesNotReturnIsFollowedToItsEnd() throws Exception {
        when(host.jobs().stats(any())).thenThrow(LibvirtFaults.domainGone());

        ask(null);
        verify(host.jobs(), timeout(10_000).atLeastOnce()).stats(FakeHost.VM);

        host.publish(new JobEvent.Completed(FakeHost.stats(2_000, 40)));
        assertThat(ended().phase()).isEqualTo(Phase.COMPLETED);
    }

    @Test
    void aMigrationThatLibvirtDoesNotAbortIsFollowedToItsEnd() throws Exception {
        doThrow(LibvirtFaults.abortRefused()).when(host.jobs()).abort(any());
        ask(null);
        String id = advisor.migrations().all().get(0).id();
        host.await(() -> advisor.migrations().get(id).phase() == Phase.MIGRATING ? true : null);

        advisor.migrations().cancel(id);
        verify(host.jobs(), timeout(10_000)).abort(FakeHost.VM);

        host.publish(new JobEvent.Completed(FakeHost.stats(2_000, 40)));
        assertThat(ended().phase()).isEqualTo(Phase.COMPLETED);
    }

    @Test
    void whatNovaOrderedOfLibvirtIsKeptSoThatPostCopyCanBeRecovered() {
        NovaMessage.Order order = new NovaMessage.Order("qemu+tcp://there/system", 0x801b, Map.of("bandwidth", 0));

        advisor.apply(started("there", order));
        advisor.apply(started("there", null));
        advisor.apply(started("no host", order));

        assertThat(host.followed()).containsExactly(Map.entry(order, host.peer()));
    }

    private static NovaMessage started(String destination, NovaMessage.Order order) {
        return new NovaMessage(
                Kind.STARTED,
                FakeHost.VM,
                destination,
                null,
                0,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                order);
    }

    @Test
    void aMigrationThatWasRecoveredSaysSoAndIsNotComparedWithItsPrediction() throws Exception {
        ask("POST-PREEMPT");
        host.breaks(new PostcopyRecovery(1, 1, 2, 4_000, "reset"));
        host.publish(new JobEvent.Completed(FakeHost.stats(9_000, 5)));

        MigrationStatus ended = ended();
        assertThat(ended.phase()).isEqualTo(Phase.COMPLETED);
        assertThat(ended.recovery().recovered()).isEqualTo(1);
        assertThat(ended.outcome().incomparable()).contains("its connection broke once in post-copy");
    }
}
