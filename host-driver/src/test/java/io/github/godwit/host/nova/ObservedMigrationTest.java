package io.github.godwit.host.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

import io.github.godwit.host.libvirt.JobEvent;
import io.github.godwit.host.migrate.FakeHost;
import io.github.godwit.host.net.TrafficControl.Share;
import io.github.godwit.host.nova.NovaMessage.Kind;
import io.github.godwit.host.nova.permit.AdviceMode;
import io.github.godwit.host.nova.permit.NovaConfiguration;
import io.github.godwit.host.nova.permit.OperatorRules;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.ObservedChoice;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** While Godwit observes, Nova's own flags are the answer, nothing is changed, and the outcome says what would have been chosen. */
@Timeout(60)
class ObservedMigrationTest {

    private static final NovaConfiguration OBSERVING = new NovaConfiguration(
            true, false, 500, 10, 75, 0, false, false, 1, "abort", 800, List.of(), List.of(), false, null, null, true);

    private static final long AUTO_CONVERGE = 1 << 13;

    @TempDir
    private Path directory;

    private FakeHost host;
    private NovaMigrationAdvisor advisor;

    @BeforeEach
    void start() throws Exception {
        host = new FakeHost();
        host.predictWith(postCopyIsBest());
        use(AdviceMode.OBSERVE);
    }

    private void use(AdviceMode mode) {
        host.obey(new OperatorRules("here", directory.resolve("nova-configuration.json"), mode, host.hostSwitch()));
        advisor = host.advisor();
    }

    @AfterEach
    void stop() {
        advisor.close();
        host.close();
    }

    /** By all techniques the downtime is 1.2 s, and by post-copy 20 ms; total times are 20 s, and by post-copy 2 s. */
    private static Predictor postCopyIsBest() {
        return (migrationCase, technique) -> {
            Map<Metric, Estimate> estimates = new EnumMap<>(Metric.class);
            for (Metric metric : Metric.values()) {
                estimates.put(metric, new Estimate(1, 1, 1));
            }
            boolean best = technique == Technique.POST_COPY_PREEMPT;
            estimates.put(
                    Metric.TOTAL_TIME, best ? new Estimate(2_000, 1_500, 3_000) : new Estimate(20_000, 9_000, 40_000));
            estimates.put(Metric.DOWNTIME, best ? new Estimate(20, 10, 40) : new Estimate(1_200, 800, 1_900));
            return new Prediction(estimates, true);
        };
    }

    private MigrationAdvice say(Kind kind, long flags, String technique, NovaConfiguration configuration) {
        return advisor.apply(new NovaMessage(
                kind, FakeHost.VM, "there", null, flags, technique, null, "words", null, null, null, configuration));
    }

    private static NovaConfiguration permitting() {
        return new NovaConfiguration(
                true, false, 500, 10, 75, 0, false, false, 1, "abort", 800, List.of(), List.of(), true);
    }

    private MigrationStatus ended() throws InterruptedException {
        return host.await(() -> {
            MigrationStatus last = advisor.migrations().all().stream()
                    .reduce((one, two) -> two)
                    .orElse(null);
            return last != null && last.phase().isFinal() ? last : null;
        });
    }

    private Outcome arrived(long downtimeMillis) throws InterruptedException {
        host.publish(new JobEvent.Completed(FakeHost.stats(21_000, downtimeMillis)));
        MigrationStatus ended = ended();
        assertThat(ended.phase()).isEqualTo(Phase.COMPLETED);
        return ended.outcome();
    }

    @Test
    void novaUsesItsOwnFlagsAndTheOutcomeHasBothChoices() throws Exception {
        MigrationAdvice answer = say(Kind.ASK, 0, null, permitting());

        assertThat(answer.technique()).isNull();
        assertThat(answer.withdrawn()).isTrue();
        assertThat(answer.reason())
                .isEqualTo("Godwit only observes migrations from here: its host driver runs with --observe."
                        + " It would choose POST-PREEMPT.");
        Outcome outcome = arrived(1_100);
        assertThat(outcome.technique()).isEqualTo(Technique.PRE_COPY);
        assertThat(outcome.prediction().value(Metric.TOTAL_TIME)).isEqualTo(20_000);
        // Nova begins with a tenth of its limit of 500 ms.
        assertThat(outcome.migrationCase().tuning().downtimeLimit()).isEqualTo(Duration.ofMillis(50));
        assertThat(outcome.measured())
                .containsEntry(Metric.TOTAL_TIME, 21_000.0)
                .containsEntry(Metric.DOWNTIME, 1_100.0);
        assertThat(outcome.incomparable()).isNull();
        ObservedChoice observed = outcome.observed();
        assertThat(observed.decision().technique()).isEqualTo(Technique.POST_COPY_PREEMPT);
        assertThat(observed.decision().prediction().value(Metric.DOWNTIME)).isEqualTo(20);
        assertThat(observed.decision().alternatives()).hasSizeGreaterThan(5);
        assertThat(observed.leftToNova()).isFalse();
        // ensure_performance limits PERF, which nothing measured here, and DT to 1 s.
        assertThat(observed.slos()).hasSize(2);
        assertThat(observed.choiceViolates()).isEmpty();
        assertThat(observed.novaViolates()).containsExactly(Metric.DOWNTIME);
        assertThat(ended().observed()).isTrue();
        assertThat(ended().brief().outcome()).as("in brief").isNull();
        assertThat(ended().brief().decision()).as("in brief").isNull();
        assertThat(ended().technique()).isEqualTo(Technique.PRE_COPY);
        assertThat(ended().decision().technique()).isEqualTo(Technique.POST_COPY_PREEMPT);
    }

    @Test
    void nothingIsReservedOrChanged() throws Exception {
        host.loadLink();
        say(Kind.ASK, 0, null, permitting());
        advisor.apply(new NovaMessage(Kind.ALIVE, FakeHost.VM, null, null, 0, null, null, null));

        assertThat(arrived(30).reserved()).isEqualTo(Bandwidth.ZERO);
        assertThat(host.reserved()).isEmpty();
        verify(host.trafficControl(), never()).reserve(any(), any(Share.class));
        verify(host.jobs(), never()).abort(any());
        verify(host.jobs(), never()).limitSpeed(any(), anyLong(), anyBoolean());
    }

    @Test
    void aBrokenPostCopyOfNovaIsLeftToNova() {
        NovaMessage.Order order = new NovaMessage.Order("qemu+tcp://there/system", 0x801b, Map.of());
        advisor.apply(new NovaMessage(
                Kind.STARTED,
                FakeHost.VM,
                "there",
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
                order));

        assertThat(host.followed()).isEmpty();
    }

    @Test
    void novaConfAloneSufficesAlsoWhereAnOlderHostDriverWouldTakeItForDisabled() throws Exception {
        advisor.close();
        use(AdviceMode.ADVISE);

        MigrationAdvice answer = say(Kind.ASK, AUTO_CONVERGE, null, OBSERVING);

        assertThat(answer.technique()).isNull();
        assertThat(answer.reason()).contains("[godwit] observe is True in its nova.conf");
        Outcome outcome = arrived(30);
        assertThat(outcome.technique()).isEqualTo(Technique.AUTO_CONVERGE);
        assertThat(outcome.observed().decision().technique()).isEqualTo(Technique.POST_COPY_PREEMPT);
    }

    @Test
    void whatGodwitWouldLeaveToNovaIsObservedAsThat() throws Exception {
        host.hideWrites();
        host.predictWith((migrationCase, technique) -> {
            Map<Metric, Estimate> estimates = new EnumMap<>(Metric.class);
            for (Metric metric : Metric.values()) {
                estimates.put(metric, new Estimate(1, 1, 1));
            }
            double millis = technique == Technique.POST_COPY_PREEMPT ? 2_000 : 2_100;
            estimates.put(Metric.TOTAL_TIME, new Estimate(millis, 500, 9_000));
            return new Prediction(estimates, true);
        });

        MigrationAdvice answer = say(Kind.ASK, 0, null, permitting());

        assertThat(answer.reason()).contains("it is not certain that POST-PREEMPT is better than PRE");
        Outcome outcome = arrived(30);
        assertThat(outcome.observed().leftToNova()).isTrue();
        assertThat(outcome.technique()).isEqualTo(Technique.PRE_COPY);
    }

    @Test
    void whatNovaSwitchesToPostCopyIsNotCompared() throws Exception {
        say(Kind.ASK, 0, null, permitting());
        host.publish(new JobEvent.Postcopy());

        assertThat(arrived(30).incomparable()).isEqualTo("Nova switched it to post-copy while it ran");
    }

    @Test
    void aFailureOfNovasMigrationIsAFailureWithItsDecision() throws Exception {
        say(Kind.ASK, 0, null, permitting());
        say(Kind.FAILED, 0, null, null);

        MigrationStatus ended = ended();
        assertThat(ended.phase()).isEqualTo(Phase.FAILED);
        assertThat(ended.error()).contains("libvirt ended the migration");
        assertThat(ended.decision()).isNotNull();
    }

    @Test
    void aDecisionThatComesTooLateIsNotCompared() throws Exception {
        advisor.close();
        advisor = host.advisor(Duration.ofMillis(50));
        host.blockProfiling();

        MigrationAdvice answer = say(Kind.ASK, 0, null, permitting());

        assertThat(answer.technique()).isNull();
        MigrationStatus ended = ended();
        assertThat(ended.phase()).isEqualTo(Phase.FAILED);
        assertThat(ended.decision()).isNull();
        assertThat(ended.error()).contains("no answer within 50 ms");
    }

    @Test
    void anAdvisedMigrationInFlightIsLeftToNovaWhenObservingBegins() throws Exception {
        advisor.close();
        use(AdviceMode.ADVISE);
        host.loadLink();
        assertThat(say(Kind.ASK, 0, "MULTIFD", permitting()).technique()).isEqualTo(Technique.MULTIFD);
        assertThat(host.reserved()).isNotEmpty();

        MigrationAdvice answer = say(Kind.ALIVE, 0, null, OBSERVING);

        assertThat(answer.withdrawn()).isTrue();
        host.await(() -> host.reserved().isEmpty() ? true : null);
        assertThat(arrived(30).observed()).isNull();
    }

    @Test
    void aSwitchedOffHostDoesNotObserve() throws Exception {
        host.hostSwitch().turn(false, "ticket 7");

        MigrationAdvice answer = say(Kind.ASK, 0, null, permitting());

        assertThat(answer.reason()).contains("ticket 7");
        assertThat(advisor.migrations().all()).isEmpty();
    }
}
