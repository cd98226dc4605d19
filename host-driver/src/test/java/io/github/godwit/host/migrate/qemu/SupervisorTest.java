package io.github.godwit.host.migrate.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.common.FakeServer;
import io.github.godwit.host.migrate.CostMeter;
import io.github.godwit.host.migrate.MigrationEnd;
import io.github.godwit.host.migrate.SupervisedRun;
import io.github.godwit.host.migrate.recover.RecoveryTerms;
import io.github.godwit.host.migrate.steps.Rejoining;
import io.github.godwit.host.migrate.steps.Supervisor;
import io.github.godwit.host.qmp.MonitorPace;
import io.github.godwit.host.qmp.Qmp;
import io.github.godwit.host.qmp.QmpEvent;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.watch.MigrationWatch;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The loop around the rule of supervision, with a mocked QEMU: a real one does none of this on demand. */
class SupervisorTest {

    private static final Duration LIMIT = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofMillis(30);
    private static final JsonNode ACCEPTED = JsonNodeFactory.instance.objectNode();
    private static final IncomingTicket TICKET = new IncomingTicket("m", "127.0.0.1", 4444, "");
    private static final IncomingTicket AGAIN = new IncomingTicket("m", "::1", 5555, "");
    private static final long ELAPSED = 12;
    private static final long FIRST_DOWNTIME = 7;

    private final Qmp qemu = mock();
    private final SupervisedRun run = mock();
    private Rejoining rejoining = new Rejoining(RecoveryTerms.DEFAULT, () -> AGAIN);
    private Consumer<QmpEvent> listener;
    private int connections;

    @BeforeEach
    void aMigrationThatIsActiveAndMayStartPostcopy() throws QmpException {
        when(qemu.pace()).thenReturn(new MonitorPace());
        when(qemu.execute(any(), any(), any())).thenReturn(ACCEPTED);
        reports(migration("active", ELAPSED));
        qemuSendsAtOnce();
        when(run.mayStartPostcopy()).thenReturn(true);
    }

    /** Makes QEMU answer queries of the migration with these in turn, and then with the last. */
    private void reports(JsonNode first, Object... others) throws QmpException {
        doReturn(first, others).when(qemu).execute(eq("query-migrate"), any(), any());
    }

    private static ObjectNode migration(String status, long elapsedMillis) {
        return JsonNodeFactory.instance.objectNode().put("status", status).put("total-time", elapsedMillis);
    }

    private void qemuSendsAtOnce(QmpEvent... events) {
        doAnswer(call -> {
                    listener = call.getArgument(0);
                    List.of(events).forEach(listener);
                    return (Qmp.Subscription) () -> {};
                })
                .when(qemu)
                .subscribe(any());
    }

    private static QmpEvent event(String status) {
        return new QmpEvent("MIGRATION", JsonNodeFactory.instance.objectNode().put("status", status));
    }

    /** Makes the migration have this status once it is cancelled. */
    private void afterCancellation(String status) throws QmpException {
        doAnswer(call -> {
                    reports(migration(status, 999));
                    return ACCEPTED;
                })
                .when(qemu)
                .execute(eq("migrate_cancel"), any(), any());
    }

    /** Makes this many queries fail because the connection is lost; from then on the migration has been cancelled. */
    private void loses(int queries) throws QmpException {
        QmpException lost = new QmpException("The QEMU monitor did not answer", false, null);
        doThrow(Collections.nCopies(queries, lost).toArray(Throwable[]::new))
                .doReturn(migration("cancelled", ELAPSED))
                .when(qemu)
                .execute(eq("query-migrate"), any(), any());
    }

    /** Makes QEMU complete a post-copy as soon as it is started. */
    private void completesInPostcopy() throws QmpException {
        doAnswer(call -> {
                    listener.accept(event("postcopy-active"));
                    listener.accept(event("completed"));
                    JsonNode running = migration("active", ELAPSED).put("downtime", FIRST_DOWNTIME);
                    // The first two are for progress and for the downtime.
                    reports(running, running, migration("completed", ELAPSED).put("downtime", 900));
                    return ACCEPTED;
                })
                .when(qemu)
                .execute(eq("migrate-start-postcopy"), any(), any());
    }

    private MigrationEnd watch(Technique technique) throws IOException, InterruptedException {
        return watch(technique, LIMIT);
    }

    private MigrationEnd watch(Technique technique, Duration limit) throws IOException, InterruptedException {
        CostMeter cost = new CostMeter(ProcessHandle.current().pid(), 0);
        try (QemuMigration migration = new QemuMigration(this::connect, QemuRejoin.uri(TICKET), () -> {})) {
            MigrationTuning tuning = MigrationTuning.DEFAULT.withTimeLimit(limit);
            return new Supervisor(migration, technique, tuning, MigrationWatch.NONE, PATIENCE, rejoining, run, cost)
                    .watch();
        }
    }

    private Qmp connect() {
        connections++;
        return qemu;
    }

    private void verifyExecuted(int often, String command) throws QmpException {
        verify(qemu, times(often)).execute(eq(command), any(), any());
    }

    @Test
    void aMigrationThatQemuDoesNotCancelEndsAsStuck() throws Exception {
        afterCancellation("cancelling");

        MigrationEnd end = watch(Technique.MULTIFD);

        verifyExecuted(1, "migrate_cancel");
        assertThat(end.stuck()).isTrue();
        assertThat(end.cancelledLate()).isTrue();
        assertThat(end.info().progress().elapsedMillis())
                .as("the figures before the cancellation")
                .isEqualTo(ELAPSED);
    }

    @Test
    void aMigrationThatQemuCancelsIsNotStuck() throws Exception {
        afterCancellation("cancelled");

        MigrationEnd end = watch(Technique.MULTIFD);

        assertThat(end.stuck()).isFalse();
        assertThat(end.cancelledLate()).isTrue();
        verify(run, never()).inPostcopy();
    }

    @Test
    void postCopyStartsAtItsEventAndKeepsItsFirstDowntime() throws Exception {
        qemuSendsAtOnce(event("active"));
        completesInPostcopy();

        MigrationEnd end = watch(Technique.POST_COPY);

        verifyExecuted(1, "migrate-start-postcopy");
        verifyExecuted(0, "migrate_cancel");
        verify(run).inPostcopy();
        assertThat(end.info().completed()).isTrue();
        assertThat(end.info().downtimeMillis()).isEqualTo(FIRST_DOWNTIME);
    }

    @ParameterizedTest
    @CsvSource({"10, 0, 1", "10, 1, 0", "9, 2, 1", "11, 0, 0"})
    void theLastPagesOfAPostCopyCanBeSentAgainOnEveryVersionOfQemu(int major, int minor, int changes) throws Exception {
        ObjectNode version = JsonNodeFactory.instance.objectNode();
        version.putObject("qemu").put("major", major).put("minor", minor).put("micro", 2);
        doReturn(version).when(qemu).execute(eq("query-version"), any(), any());
        qemuSendsAtOnce(event("active"));
        completesInPostcopy();

        watch(Technique.POST_COPY);

        verify(qemu, times(changes)).execute(eq("migrate-set-parameters"), eq(Map.of("downtime-limit", 0L)), any());
    }

    /** Since 9.0 QEMU runs the VM again on the source, where it must not run beside the destination's. */
    @Test
    void aVmThatHasLeftIsStoppedHereWhenItsPostCopyFails() throws Exception {
        qemuSendsAtOnce(event("active"));
        doAnswer(call -> {
                    listener.accept(event("postcopy-active"));
                    listener.accept(event("failed"));
                    reports(migration("postcopy-active", ELAPSED), migration("failed", ELAPSED));
                    return ACCEPTED;
                })
                .when(qemu)
                .execute(eq("migrate-start-postcopy"), any(), any());

        assertThat(watch(Technique.POST_COPY).info().completed()).isFalse();

        verifyExecuted(1, "stop");
    }

    @Test
    void aPreCopyThatFailsLeavesTheVmRunning() throws Exception {
        qemuSendsAtOnce(event("active"), event("failed"));
        reports(migration("active", ELAPSED), migration("failed", ELAPSED));

        assertThat(watch(Technique.PRE_COPY).info().completed()).isFalse();

        verifyExecuted(0, "stop");
    }

    @Test
    void postCopyIsNotStartedWithoutPermission() throws Exception {
        qemuSendsAtOnce(event("active"));
        when(run.mayStartPostcopy()).thenReturn(false);
        afterCancellation("cancelled");

        assertThat(watch(Technique.POST_COPY).info().status()).isEqualTo("cancelled");
        verifyExecuted(0, "migrate-start-postcopy");
    }

    @Test
    void aRequestToCancelIsExecuted() throws Exception {
        when(run.cancelWanted()).thenReturn(true);
        afterCancellation("cancelled");

        MigrationEnd end = watch(Technique.MULTIFD, Duration.ofMinutes(5));

        verifyExecuted(1, "migrate_cancel");
        assertThat(end.cancelledLate()).as("it was cancelled before its limit").isFalse();
    }

    @Test
    void aLostMonitorIsReconnectedAndTheMigrationFollowedToItsEnd() throws Exception {
        loses(3);

        assertThat(watch(Technique.MULTIFD).info().status()).isEqualTo("cancelled");
        assertThat(connections).isEqualTo(4);
    }

    @Test
    void aMonitorThatIsLostFourTimesIsGivenUp() throws Exception {
        loses(4);

        assertThatThrownBy(() -> watch(Technique.MULTIFD))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("lost 4 times");
        assertThat(connections).isEqualTo(4);
    }

    @Test
    void aCommandThatQemuRefusesFailsTheMigration() throws Exception {
        qemuSendsAtOnce(event("active"));
        doThrow(new QmpException("Postcopy is not supported", true, null))
                .when(qemu)
                .execute(eq("migrate-start-postcopy"), any(), any());

        assertThatThrownBy(() -> watch(Technique.POST_COPY))
                .isInstanceOf(QmpException.class)
                .hasMessage("Postcopy is not supported");
    }

    @Test
    void progressIsReported() throws Exception {
        afterCancellation("cancelled");

        watch(Technique.MULTIFD);

        verify(run, atLeastOnce()).progress(argThat(info -> info.progress().elapsedMillis() == ELAPSED));
    }

    private void breaksInPostcopy(JsonNode... afterwards) throws QmpException {
        qemuSendsAtOnce(event("active"), event("postcopy-active"), event("postcopy-paused"));
        Object[] later = afterwards;
        reports(
                migration("postcopy-active", ELAPSED),
                migration("postcopy-paused", ELAPSED).put("error-desc", "reset"));
        doAnswer(call -> {
                    reports(afterwards[0], java.util.Arrays.copyOfRange(later, 1, later.length));
                    return ACCEPTED;
                })
                .when(qemu)
                .execute(eq("migrate"), any(), any());
    }

    @Test
    void aPostCopyWhoseConnectionBrokeGoesOnWhereTheDestinationListensAgain() throws Exception {
        breaksInPostcopy(migration("postcopy-recover", ELAPSED), migration("completed", ELAPSED));

        MigrationEnd end = watch(Technique.POST_COPY, Duration.ofMinutes(5));

        verify(qemu).execute(eq("migrate"), eq(Map.of("uri", "tcp:[::1]:5555", "resume", true)), any());
        assertThat(end.info().completed()).isTrue();
        assertThat(end.recovery().recovered()).isEqualTo(1);
        verify(run).recovery(argThat(recovery -> recovery.recovered() == 1 && recovery.attempts() == 1));
    }

    @Test
    void aDestinationThatDoesNotKnowTheMigrationLeavesThePostCopyToAnOperator() throws Exception {
        breaksInPostcopy(migration("completed", ELAPSED));
        try (FakeServer destination = new FakeServer()) {
            destination.when("POST /v1/incoming/m/recover", 404, "{\"error\": \"No migration 'm' is prepared\"}");
            HostDriverClient client = HostDriverClient.of(destination.url(), null);
            rejoining =
                    new Rejoining(RecoveryTerms.DEFAULT, () -> client.incoming().recover("m"));

            assertThatThrownBy(() -> watch(Technique.POST_COPY, Duration.ofMinutes(5)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("broke in post-copy (reset)")
                    .hasMessageContaining("has nothing of the migration any more")
                    .hasMessageContaining("migrate-recover");
            verifyExecuted(0, "migrate");
        }
    }
}
