package io.github.godwit.host.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.libvirt.JobEvent;
import io.github.godwit.host.migrate.FakeHost;
import io.github.godwit.host.nova.NovaMessage.Kind;
import io.github.godwit.host.nova.permit.AdviceMode;
import io.github.godwit.host.nova.permit.NovaConfiguration;
import io.github.godwit.host.nova.permit.OperatorRules;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.model.technique.Technique;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** nova-compute is advised only what nova.conf permits. */
@Timeout(60)
class AdviceUnderNovaConfTest {

    @TempDir
    private Path directory;

    private FakeHost host;
    private NovaMigrationAdvisor advisor;

    @BeforeEach
    void start() throws Exception {
        host = new FakeHost();
        advise(AdviceMode.ADVISE);
    }

    private void advise(AdviceMode mode) {
        host.obey(new OperatorRules("here", directory.resolve("nova-configuration.json"), mode, host.hostSwitch()));
        advisor = host.advisor();
    }

    @AfterEach
    void stop() {
        advisor.close();
        host.close();
    }

    private static NovaConfiguration allowing(String... techniques) {
        return configuration(List.of(techniques), true);
    }

    private static NovaConfiguration configuration(List<String> allow, boolean enabled) {
        return new NovaConfiguration(
                false, false, 400, 10, 75, 100, true, false, 4, "abort", 800, allow, List.of(), enabled);
    }

    private MigrationAdvice say(
            Kind kind, String flavor, String metadata, String flavorPolicy, NovaConfiguration configuration) {
        return advisor.apply(new NovaMessage(
                kind,
                kind == Kind.CONFIGURATION ? null : FakeHost.VM,
                "there",
                null,
                0,
                metadata,
                "no such policy",
                "words",
                flavor,
                flavorPolicy,
                null,
                configuration));
    }

    private MigrationAdvice ask(String flavor, String metadata, NovaConfiguration configuration) {
        return say(Kind.ASK, flavor, metadata, null, configuration);
    }

    private MigrationStatus arrived() throws InterruptedException {
        host.publish(new JobEvent.Completed(FakeHost.stats(1_000, 10)));
        return ended();
    }

    private MigrationStatus ended() throws InterruptedException {
        return host.await(() -> {
            MigrationStatus last = advisor.migrations().all().stream()
                    .reduce((one, two) -> two)
                    .orElse(null);
            return last != null && last.phase().isFinal() ? last : null;
        });
    }

    private UUID plan(Technique technique) throws InterruptedException {
        UUID id = UUID.randomUUID();
        advisor.migrations()
                .start(MigrationRequest.of(FakeHost.VM, host.peer())
                        .technique(technique)
                        .policy("ensure_performance")
                        .id(id)
                        .build());
        host.await(() -> advisor.migrations().get(id.toString()).phase() == Phase.PREPARING ? true : null);
        return id;
    }

    @Test
    void aPinnedTechniqueThatNovaConfDoesNotPermitIsLeftToNova() {
        MigrationAdvice advice = ask(null, "POST-PREEMPT", null);

        assertThat(advice.technique()).isNull();
        assertThat(advice.reason())
                .contains("POST-PREEMPT is not available: is not permitted by nova.conf of here:"
                        + " live_migration_permit_post_copy is False. Add it to [godwit] allow_techniques to use it.");
        assertThat(advisor.migrations().all()).isEmpty();
    }

    @Test
    void whatTheQuestionBringsHoldsForItsAnswer() throws Exception {
        MigrationAdvice advice = ask(null, "POST-PREEMPT", allowing("POST-PREEMPT"));

        assertThat(advice.technique()).isEqualTo(Technique.POST_COPY_PREEMPT);
        assertThat(advice.downtimeLimitMillis()).isEqualTo(1);
        assertThat(advice.parameters()).containsEntry("bandwidth", 100L).containsEntry("bandwidth.postcopy", 100L);
        assertThat(advice.reason()).contains("live_migration_with_native_tls");
        arrived();
    }

    @Test
    void theLimitsOfNovaConfBoundTheAdvice() throws Exception {
        MigrationAdvice advice = ask(null, "MULTIFD", allowing());

        assertThat(advice.downtimeLimitMillis()).isEqualTo(400);
        assertThat(advice.parameters()).containsEntry("bandwidth", 100L).containsEntry("parallel.connections", 4);
        assertThat(arrived().outcome().migrationCase().tuning().downtimeLimit().toMillis())
                .isEqualTo(400);
    }

    @Test
    void anUnplannedMigrationUsesOnlyWhatIsPermitted() throws Exception {
        MigrationAdvice advice = ask("!PRE,!DCZstd,!DCZlib,!DCdlt,!MULTIFD", null, null);
        assertThat(advice.technique()).isNull();
        assertThat(advice.reason()).contains("live_migration_permit_auto_converge is False");
        ended();

        assertThat(ask("!PRE,!DCZstd,!DCZlib,!DCdlt,!MULTIFD", null, allowing("THR"))
                        .technique())
                .isEqualTo(Technique.AUTO_CONVERGE);
        arrived();
    }

    @Test
    void aTenantNarrowsWhatTheFlavorAllowsAndNeverWidensIt() throws Exception {
        assertThat(ask("MULTIFD", "PRE", null).technique()).isEqualTo(Technique.MULTIFD);
        arrived();
        assertThat(ask("!MULTIFD", "PRE", null).technique()).isEqualTo(Technique.PRE_COPY);
        arrived();
        assertThat(ask("MULTIFD", "nova", null).technique()).isNull();
        MigrationAdvice nothing = ask("MULTIFD", "!MULTIFD", null);
        assertThat(nothing.technique()).isNull();
        assertThat(nothing.reason()).contains("excludes MULTIFD, the only technique that its flavor allows");
    }

    @Test
    void thePolicyOfTheFlavorWinsAndAnUnknownOneIsIgnored() throws Exception {
        assertThat(say(Kind.ASK, null, null, "reduced_downtime", null).technique())
                .isNotNull();
        assertThat(arrived().policy()).isEqualTo("reduced_downtime");
        assertThat(say(Kind.ASK, null, null, "WARP", null).technique()).isNotNull();
        assertThat(arrived().policy()).isEqualTo("ensure_performance");
    }

    @Test
    void aPlanThatNovaConfDoesNotPermitAnyMoreIsLeftToNova() throws Exception {
        say(Kind.CONFIGURATION, null, null, null, allowing("POST-PREEMPT"));
        plan(Technique.POST_COPY_PREEMPT);

        MigrationAdvice advice = ask(null, null, allowing());

        assertThat(advice.technique()).isNull();
        assertThat(advice.reason()).contains("POST-PREEMPT is not permitted by nova.conf of here");
        assertThat(ended().phase()).isEqualTo(Phase.CANCELLED);
    }

    @Test
    void aPlanWithATechniqueThatIsNotPermittedIsRefused() {
        assertThatThrownBy(() -> plan(Technique.PRE_POST_COPY))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("is not permitted by nova.conf of here");
    }

    @Test
    void whereItIsDisabledWaitingPlansAreDroppedAtOnceAndNovaIsLeftAlone() throws Exception {
        plan(Technique.MULTIFD);

        assertThat(say(Kind.CONFIGURATION, null, null, null, configuration(List.of(), false)))
                .isNull();

        assertThat(ended().phase()).isEqualTo(Phase.CANCELLED);
        MigrationAdvice advice = ask(null, "MULTIFD", null);
        assertThat(advice.technique()).isNull();
        assertThat(advice.reason()).contains("[godwit] enabled is False");
    }

    @Test
    void disablingDoesNotDisturbWhatNovaHasBegun() throws Exception {
        assertThat(ask(null, "MULTIFD", null).technique()).isEqualTo(Technique.MULTIFD);

        say(Kind.CONFIGURATION, null, null, null, configuration(List.of(), false));

        assertThat(arrived().phase()).isEqualTo(Phase.COMPLETED);
    }

    @Test
    void aConfigurationWithErrorsIsAnsweredWithThem() {
        assertThat(say(Kind.CONFIGURATION, null, null, null, allowing("WARP")).reason())
                .contains("[godwit] allow_techniques: There is no technique 'WARP'.");
        assertThat(say(Kind.CONFIGURATION, null, null, null, allowing("THR"))).isNull();
    }

    @Test
    void withoutAdviceNovaAlwaysUsesItsOwnFlags() {
        advisor.close();
        advise(AdviceMode.SILENT);

        MigrationAdvice advice = ask(null, "MULTIFD", allowing("THR"));

        assertThat(advice.technique()).isNull();
        assertThat(advice.reason()).contains("--no-advice");
    }
}
