package io.github.godwit.host.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.libvirt.JobEvent;
import io.github.godwit.host.libvirt.JobStats;
import io.github.godwit.host.migrate.FakeHost;
import io.github.godwit.host.nova.NovaMessage.Kind;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.TechniqueRefusal;
import io.github.godwit.model.technique.Technique;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What follows when libvirt does not carry out the advice, and when Godwit is switched off during a migration. */
@Timeout(60)
class RefusedAdviceTest {

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

    private MigrationAdvice say(Kind kind, String technique, String words) {
        return advisor.apply(new NovaMessage(kind, FakeHost.VM, "there", null, 27, technique, null, words));
    }

    private MigrationStatus last() {
        return advisor.migrations().all().stream().reduce((one, two) -> two).orElseThrow();
    }

    private MigrationStatus ended() throws InterruptedException {
        return host.await(() -> last().phase().isFinal() ? last() : null);
    }

    private void refusePostCopy() throws InterruptedException {
        MigrationAdvice advice = say(Kind.ASK, "POST-PREEMPT", null);
        assertThat(advice.aliveSeconds()).as(advice.reason()).isEqualTo(5);
        host.await(() -> last().phase() == Phase.MIGRATING ? true : null);
        // Older compute drivers do not repeat the technique.
        assertThat(say(Kind.REFUSED, null, "Userfaultfd not available"))
                .as("nova-compute continues with Nova's own flags")
                .isNull();
    }

    @Test
    void novasOwnFlagsAreFollowedToTheirEndAndTheTechniqueIsLeftOutOnThatWay() throws Exception {
        refusePostCopy();
        assertThat(last().technique()).isEqualTo(Technique.PRE_COPY);
        assertThat(host.refusals().inEffect())
                .as("before Nova's own flags do better")
                .isEmpty();

        host.publish(new JobEvent.Completed(FakeHost.stats(1_000, 10)));

        MigrationStatus ended = ended();
        assertThat(ended.phase()).isEqualTo(Phase.COMPLETED);
        assertThat(ended.outcome().technique()).isEqualTo(Technique.PRE_COPY);
        assertThat(ended.outcome().incomparable()).contains("had not carried out POST-PREEMPT");
        assertThat(ended.outcome().notes()).anyMatch(note -> note.contains("Userfaultfd not available"));
        assertThat(host.refusals().inEffect()).singleElement().satisfies(refusal -> {
            assertThat(refusal.technique()).isEqualTo(Technique.POST_COPY_PREEMPT);
            assertThat(refusal.destination()).isEqualTo("there");
            assertThat(refusal.words()).isEqualTo("Userfaultfd not available");
        });
        assertThat(advisor.migrations()
                        .techniques(FakeHost.VM, host.peer())
                        .unavailable()
                        .get(Technique.POST_COPY_PREEMPT))
                .contains("was refused by libvirt at", "Userfaultfd not available", "used there again after");
        assertThat(say(Kind.ASK, "POST-PREEMPT", null).reason()).contains("POST-PREEMPT is not available");
        assertThatThrownBy(() -> advisor.migrations()
                        .start(MigrationRequest.of(FakeHost.VM, host.peer())
                                .technique(Technique.POST_COPY_PREEMPT)
                                .id(UUID.randomUUID())
                                .build()))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("was refused by libvirt");
    }

    @Test
    void aMigrationThatBrokeOffAfterMemoryWasSentIsNotHeldAgainstItsTechnique() throws Exception {
        say(Kind.ASK, "MULTIFD", null);
        host.await(() -> last().phase() == Phase.MIGRATING ? true : null);
        assertThat(advisor.apply(new NovaMessage(
                        Kind.REFUSED,
                        FakeHost.VM,
                        "there",
                        null,
                        27,
                        "MULTIFD",
                        null,
                        "Connection reset by peer",
                        null,
                        null,
                        true,
                        null)))
                .isNull();
        host.publish(new JobEvent.Completed(FakeHost.stats(1_000, 10)));

        assertThat(ended().outcome().notes()).anyMatch(note -> note.contains("Connection reset by peer"));
        assertThat(host.refusals().inEffect()).isEmpty();
    }

    @Test
    void whatNovasOwnFlagsDoNotDoEitherIsNotTheFaultOfTheTechnique() throws Exception {
        refusePostCopy();
        say(Kind.FAILED, null, "unable to connect to server at 'there:16509'");

        assertThat(ended().phase()).isEqualTo(Phase.FAILED);
        assertThat(last().error()).contains("unable to connect", "POST-PREEMPT had failed: Userfaultfd not available");
        assertThat(host.refusals().inEffect()).isEmpty();
    }

    @Test
    void aSuccessOfTheTechniqueClearsWhatIsRemembered() throws Exception {
        host.refusals().remember(Technique.MULTIFD, "there", "no");
        host.refusals().remember(Technique.ZSTD, "there", "no");
        assertThat(say(Kind.ASK, "MULTIFD", null).technique()).isNull();
        say(Kind.ASK, "PRE", null);
        host.refusals().remember(Technique.PRE_COPY, "there", "no");
        host.publish(new JobEvent.Completed(FakeHost.stats(1_000, 10)));
        ended();
        assertThat(host.refusals().inEffect())
                .extracting(TechniqueRefusal::technique)
                .containsExactlyInAnyOrder(Technique.MULTIFD, Technique.ZSTD);
    }

    @Test
    void aMigrationThatSomebodyHasCancelledIsNotTriedAgain() throws Exception {
        say(Kind.ASK, "MULTIFD", null);
        host.await(() -> last().phase() == Phase.MIGRATING ? true : null);
        advisor.migrations().cancel(last().id());

        MigrationAdvice answer = say(Kind.REFUSED, "MULTIFD", "channel error");

        assertThat(answer.withdrawn()).isTrue();
        say(Kind.FAILED, null, "channel error");
        assertThat(ended().phase()).isEqualTo(Phase.CANCELLED);
    }

    @Test
    void copiedDisksAreMarkedInTheOutcome() throws Exception {
        say(Kind.ASK, "PRE", null);
        host.publish(new JobEvent.Completed(new JobStats(
                Map.of("operation", 5L, "time_elapsed", 9_000L, "data_processed", 5_000L, "disk_processed", 4_000L))));

        assertThat(ended().outcome().diskBytes()).isEqualTo(4_000);
        assertThat(ended().outcome().incomparable()).contains("local disks, 4000 bytes");
    }

    @Test
    void aMigrationInFlightIsLeftToNovaOnceTheHostIsSwitchedOff() throws Exception {
        say(Kind.ASK, "POST-PREEMPT", null);
        assertThat(say(Kind.ALIVE, null, null)).isNull();

        switchOff();

        MigrationAdvice answer = say(Kind.ALIVE, null, null);
        assertThat(answer.withdrawn()).isTrue();
        assertThat(answer.reason()).contains("Godwit was switched off there", "ticket 7");
        host.publish(new JobEvent.Completed(FakeHost.stats(1_000, 10)));
        assertThat(ended().phase()).isEqualTo(Phase.COMPLETED);
    }

    @Test
    void decisionsThatWaitForNovaAreDroppedAtOnce() throws Exception {
        advisor.migrations()
                .start(MigrationRequest.of(FakeHost.VM, host.peer())
                        .technique(Technique.MULTIFD)
                        .build());
        host.await(() -> last().phase() == Phase.PREPARING ? true : null);

        switchOff();

        assertThat(ended().phase()).isEqualTo(Phase.CANCELLED);
        assertThat(say(Kind.ASK, null, null).reason()).contains("ticket 7");
    }

    private void switchOff() {
        try {
            host.hostSwitch().turn(false, "ticket 7");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        advisor.applyRules();
    }

    @Test
    void answersAndRefusalsAreCounted() throws Exception {
        say(Kind.ASK, "nova", null);
        refusePostCopy();
        host.stopPeer();
        say(Kind.COMPLETED, null, null);
        ended();
        say(Kind.ASK, null, null);

        assertThat(host.metrics().scrape())
                .contains("godwit_advice_seconds_count{kind=\"advised\"} 1")
                .contains("godwit_advice_seconds_count{kind=\"own\"} 1")
                .contains("godwit_advice_seconds_count{kind=\"error\"} 1")
                .contains("godwit_refusals_total{peer=\"there\",technique=\"POST-PREEMPT\"} 1.0");
    }
}
