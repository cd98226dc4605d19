package io.github.godwit.host.nova;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.libvirt.JobEvent;
import io.github.godwit.host.migrate.PlayedHost;
import io.github.godwit.host.nova.NovaMessage.Kind;
import io.github.godwit.hostapi.MigrationDecision;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationRequest.Observation;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
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

/** What nova-compute is answered, and what is left afterwards: libvirt, the other host and the profiler are played. */
@Timeout(60)
class NovaMigrationAdvisorTest {

    private static final Duration HURRY = Duration.ofMillis(50);

    private PlayedHost host;
    private NovaMigrationAdvisor desk;

    @BeforeEach
    void start() throws Exception {
        host = new PlayedHost();
        desk = host.desk();
    }

    @AfterEach
    void stop() {
        desk.close();
        host.close();
    }

    private static NovaMessage message(Kind kind, String technique) {
        return new NovaMessage(kind, PlayedHost.VM, "there", null, 0, technique, null, "words");
    }

    private MigrationAdvice ask(String technique) {
        return desk.apply(message(Kind.ASK, technique));
    }

    private MigrationStatus ended() throws InterruptedException {
        return host.await(() -> {
            MigrationStatus last =
                    desk.migrations().all().stream().reduce((one, two) -> two).orElse(null);
            return last != null && last.phase().isFinal() ? last : null;
        });
    }

    private void inAHurry() {
        desk.close();
        desk = host.desk(HURRY);
    }

    @Test
    void anUnplannedMigrationIsDecidedAndFollowedToItsEnd() throws Exception {
        desk.apply(message(Kind.NOTICE, null));
        MigrationAdvice answer = ask("!POST-PREEMPT,!PRE-POST");
        assertThat(answer.technique()).isNotNull();
        assertThat(answer.clear()).contains("VIR_MIGRATE_POSTCOPY", "VIR_MIGRATE_AUTO_CONVERGE");
        assertThat(answer.downtimeLimitMillis()).isEqualTo(300);
        host.tell(new JobEvent.Completed(PlayedHost.stats(2_000, 40)));
        MigrationStatus ended = ended();
        assertThat(ended.phase()).isEqualTo(Phase.COMPLETED);
        assertThat(ended.outcome().measured())
                .containsEntry(Metric.TOTAL_TIME, 2_000.0)
                .containsEntry(Metric.DOWNTIME, 40.0);
        assertThat(host.open()).isEmpty();
    }

    @Test
    void aServerPinsExcludesOrRefusesTechniques() throws Exception {
        assertThat(ask("DCZstd").technique()).isEqualTo(Technique.ZSTD);
        host.tell(new JobEvent.Completed(PlayedHost.stats(1_000, 10)));
        ended();
        MigrationAdvice postCopy = ask("POST-PREEMPT");
        assertThat(postCopy.flags()).containsExactly("VIR_MIGRATE_POSTCOPY");
        // With more, QEMU might end it in pre-copy.
        assertThat(postCopy.downtimeLimitMillis()).isEqualTo(1);
        desk.apply(message(Kind.ABORTED, null));
        assertThat(ended().phase()).isEqualTo(Phase.CANCELLED);
        assertThat(ask("!POST,!PRE-POST,!THR,!DCdlt,!DCZstd,!DCZlib,!MULTIFD,!POST-PREEMPT")
                        .technique())
                .isEqualTo(Technique.PRE_COPY);
        desk.apply(message(Kind.ABORTED, null));
        ended();
        assertThat(ask("nova").technique()).isNull();
        assertThat(ask("WARP").technique()).isNotNull();
    }

    @Test
    void bandwidthIsKeptOnBothHostsAndGivenBackHoweverItEnds() throws Exception {
        host.busyLink();
        for (Kind end : new Kind[] {Kind.COMPLETED, Kind.ABORTED, Kind.FAILED, Kind.REFUSED}) {
            assertThat(ask(null).technique()).isNotNull();
            assertThat(host.open()).as("before %s", end).containsExactlyInAnyOrder("here", "there");
            desk.apply(message(end, null));
            ended();
            host.await(() -> host.open().isEmpty() ? true : null);
        }
    }

    @Test
    void aProfileThatTakesTooLongLeavesNovaItsOwnFlags() throws Exception {
        inAHurry();
        host.holdLooks();
        MigrationAdvice answer = ask(null);
        assertThat(answer.reason()).contains("no answer within 50 ms");
        assertThat(answer.technique()).isNull();
        assertThat(ended().phase()).isIn(Phase.CANCELLED, Phase.FAILED);
        assertThat(host.open()).isEmpty();
    }

    /**
     * Pre-copy, which Nova's own flags amount to here, takes from half a second to 40 s, and post-copy with preemption from
     * so much to 3 s. No other technique comes near, and all else is the same.
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
    void aVmThatIsKnownInPartIsLeftToNovaWhereTheChoiceIsNotCertainlyBetterThanItsFlags() throws Exception {
        host.loseWrites();
        host.predictBy(postCopyTakesAtBest(1_000));

        MigrationAdvice answer = ask(null);

        assertThat(answer.technique()).isNull();
        assertThat(answer.reason())
                .isEqualTo("Nova's own flags: it is not certain that POST-PREEMPT is better than PRE."
                        + " It could not be measured how much it writes.");
        assertThat(ended().phase()).isEqualTo(Phase.CANCELLED);
        assertThat(host.open()).isEmpty();
    }

    @Test
    void aVmThatIsKnownInPartIsMigratedAsChosenWhereThatIsBetterHoweverItTurnsOut() {
        host.loseWrites();
        host.predictBy(postCopyTakesAtBest(300));

        MigrationAdvice answer = ask(null);

        assertThat(answer.technique()).isEqualTo(Technique.POST_COPY_PREEMPT);
        assertThat(answer.reason()).endsWith("It could not be measured how much it writes.");
    }

    @Test
    void ofAVmThatIsWhollyKnownTheChoiceNeedNotBeCertain() {
        host.predictBy(postCopyTakesAtBest(1_000));

        assertThat(ask(null).technique()).isEqualTo(Technique.POST_COPY_PREEMPT);
    }

    @Test
    void whatAnActionPlanMovesIsMigratedAsChosenHoweverLittleIsKnown() throws Exception {
        host.loseWrites();
        host.predictBy(postCopyTakesAtBest(1_000));
        String id = UUID.randomUUID().toString();
        desk.migrations()
                .start(new MigrationRequest(
                        PlayedHost.VM,
                        host.peer(),
                        null,
                        "ensure_performance",
                        null,
                        null,
                        null,
                        null,
                        null,
                        UUID.fromString(id)));
        host.await(() -> desk.migrations().get(id).phase() == Phase.PREPARING ? true : null);

        MigrationAdvice answer = ask(null);

        assertThat(answer.migration()).isEqualTo(id);
        assertThat(answer.technique()).isEqualTo(Technique.POST_COPY_PREEMPT);
        host.tell(new JobEvent.Completed(PlayedHost.stats(2_000, 2_000)));
        assertThat(ended().phase()).isEqualTo(Phase.COMPLETED);
    }

    @Test
    void aTechniqueThatTheServerPinsIsTakenHoweverLittleIsKnown() {
        host.loseWrites();
        host.predictBy(postCopyTakesAtBest(1_000));

        MigrationAdvice answer = ask("POST-PREEMPT");

        assertThat(answer.technique()).isEqualTo(Technique.POST_COPY_PREEMPT);
        assertThat(answer.reason()).isEqualTo("It was requested. It could not be measured how much it writes.");
    }

    @Test
    void aTechniqueThatTheServerPinsIsTakenAlsoWhereNothingCanBeMeasuredInTime() throws Exception {
        inAHurry();
        host.holdLooks();

        MigrationAdvice answer = ask("POST-PREEMPT");

        assertThat(answer.technique()).isEqualTo(Technique.POST_COPY_PREEMPT);
        assertThat(answer.reason()).contains("It could not be measured how much it writes.");
    }

    @Test
    void withoutTheOtherHostDriverNovaUsesItsOwnFlags() {
        host.noPeer();
        assertThat(ask(null).reason()).contains("No host driver answers at");
        assertThat(desk.migrations().all()).isEmpty();
    }

    @Test
    void whatWasPlannedWaitsForNova() throws Exception {
        UUID id = UUID.randomUUID();
        desk.migrations()
                .start(new MigrationRequest(
                        PlayedHost.VM,
                        host.peer(),
                        Technique.POST_COPY_PREEMPT,
                        "ensure_performance",
                        Bandwidth.parse("300mbit"),
                        null,
                        null,
                        null,
                        null,
                        id));
        host.await(() -> desk.migrations().get(id.toString()).phase() == Phase.PREPARING ? true : null);
        assertThat(host.open()).isEmpty();
        MigrationAdvice answer = ask(null);
        assertThat(answer.migration()).isEqualTo(id.toString());
        assertThat(answer.technique()).isEqualTo(Technique.POST_COPY_PREEMPT);
        assertThat(host.open()).containsExactlyInAnyOrder("here", "there");
        host.tell(new JobEvent.Postcopy());
        host.await(() -> desk.migrations().get(id.toString()).phase() == Phase.POSTCOPY ? true : null);
        host.tell(new JobEvent.Completed(PlayedHost.stats(3_000, 3_000)));
        assertThat(ended().phase()).isEqualTo(Phase.COMPLETED);
        assertThat(host.open()).isEmpty();
    }

    private MigrationStatus startPlanned(Instant plannedAt) throws InterruptedException {
        UUID id = UUID.randomUUID();
        MigrationDecision decision = new MigrationDecision(
                Technique.ZSTD,
                predicted(new Estimate(1_000, 900, 1_100)),
                "h1 is hot. DCZstd keeps all SLOs.",
                List.of(),
                plannedAt);
        desk.migrations()
                .start(new MigrationRequest(
                        PlayedHost.VM,
                        host.peer(),
                        Technique.ZSTD,
                        "a policy that this host driver does not know",
                        null,
                        null,
                        null,
                        host.observed(),
                        decision,
                        id));
        return host.await(() -> {
            MigrationStatus now = desk.migrations().get(id.toString());
            return now.phase() == Phase.PREPARING ? now : null;
        });
    }

    @Test
    void whatWasPlannedIsNotProfiledAgainAndNovaComputeGetsThePlansReason() throws Exception {
        MigrationStatus waiting = startPlanned(Instant.now());

        MigrationAdvice answer = ask(null);

        assertThat(host.profiled()).isZero();
        assertThat(waiting.decision().reason()).isEqualTo("h1 is hot. DCZstd keeps all SLOs.");
        assertThat(answer.reason()).isEqualTo("h1 is hot. DCZstd keeps all SLOs.");
        assertThat(answer.technique()).isEqualTo(Technique.ZSTD);
        host.tell(new JobEvent.Completed(PlayedHost.stats(1_000, 10)));
        MigrationStatus ended = ended();
        assertThat(ended.outcome().prediction().value(Metric.TOTAL_TIME)).isEqualTo(1_000);
        assertThat(ended.outcome().reason()).isEqualTo("h1 is hot. DCZstd keeps all SLOs.");
        assertThat(ended.outcome().notes()).isEmpty();
    }

    @Test
    void aPlanThatWaitedTooLongKeepsItsTechniqueAndIsPredictedAnew() throws Exception {
        host.predictBy(postCopyTakesAtBest(1_000));
        MigrationStatus waiting = startPlanned(Instant.now().minus(Duration.ofHours(2)));

        assertThat(host.profiled()).isEqualTo(1);
        assertThat(waiting.technique()).isEqualTo(Technique.ZSTD);
        assertThat(waiting.decision().reason())
                .startsWith("h1 is hot. DCZstd keeps all SLOs. The plan is of ")
                .endsWith(": the VM was profiled and the cost predicted anew.");
        assertThat(waiting.decision().prediction().value(Metric.TOTAL_TIME)).isEqualTo(50_000);
    }

    @Test
    void whatHasChangedSinceThePlanIsSaid() throws Exception {
        Observation before = host.observed();
        host.busyLink();
        desk.migrations()
                .start(new MigrationRequest(
                        PlayedHost.VM,
                        host.peer(),
                        Technique.ZSTD,
                        "ensure_performance",
                        null,
                        null,
                        null,
                        before,
                        new MigrationDecision(
                                Technique.ZSTD,
                                predicted(new Estimate(1_000, 900, 1_100)),
                                "planned",
                                List.of(),
                                Instant.now()),
                        null));
        assertThat(ask(null).technique()).isEqualTo(Technique.ZSTD);
        host.tell(new JobEvent.Completed(PlayedHost.stats(1_000, 10)));
        assertThat(ended().outcome().notes())
                .containsExactly(
                        "Since the plan, the free bandwidth between here and there has changed from 1000 to 400 Mbit/s.");
    }

    @Test
    void whatIsPlannedWaitsForItsFirstLookLongerThanNovaWould() throws Exception {
        inAHurry();
        host.holdLooks();
        String id = UUID.randomUUID().toString();
        desk.migrations()
                .start(new MigrationRequest(
                        PlayedHost.VM,
                        host.peer(),
                        null,
                        "ensure_performance",
                        null,
                        null,
                        null,
                        null,
                        null,
                        UUID.fromString(id)));
        CountDownLatch lookedAt = new CountDownLatch(1);
        desk.migrations().follow(id, event -> {
            if (event.phase() != Phase.PROFILING) {
                lookedAt.countDown();
            }
        });
        assertThat(lookedAt.await(4 * HURRY.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
        host.endLooks();
        assertThat(lookedAt.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(desk.migrations().get(id).phase()).isEqualTo(Phase.PREPARING);
        assertThat(ask(null).technique()).isNotNull();
        host.tell(new JobEvent.Completed(PlayedHost.stats(1_000, 10)));
        assertThat(ended().phase()).isEqualTo(Phase.COMPLETED);
    }

    @Test
    void whatWasPlannedIsDroppedWhenNovaRollsBackOrItIsCancelled() throws Exception {
        for (boolean byNova : new boolean[] {true, false}) {
            UUID id = UUID.randomUUID();
            desk.migrations()
                    .start(new MigrationRequest(
                            PlayedHost.VM, host.peer(), Technique.PRE_COPY, null, null, null, null, null, null, id));
            host.await(() -> desk.migrations().get(id.toString()).phase() == Phase.PREPARING ? true : null);
            if (byNova) {
                desk.apply(message(Kind.ABORTED, null));
            } else {
                desk.migrations().cancel(id.toString());
            }
            assertThat(ended().phase()).isEqualTo(Phase.CANCELLED);
        }
        assertThat(ask(null).technique()).isNotNull();
    }

    @Test
    void aMigrationThatRunsIsCancelledByLibvirt() throws Exception {
        ask(null);
        String id = desk.migrations().all().get(0).id();
        host.await(() -> desk.migrations().get(id).phase() == Phase.MIGRATING ? true : null);
        desk.migrations().cancel(id);
        host.await(() -> host.aborted() ? true : null);
        desk.apply(message(Kind.ABORTED, null));
        assertThat(ended().phase()).isEqualTo(Phase.CANCELLED);
    }
}
