package io.github.godwit.host.migrate.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.godwit.host.libvirt.DomainJobs;
import io.github.godwit.host.libvirt.DomainMigrations;
import io.github.godwit.host.libvirt.JobEvent;
import io.github.godwit.host.libvirt.JobStats;
import io.github.godwit.host.libvirt.LibvirtException;
import io.github.godwit.host.libvirt.LibvirtVm;
import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.recover.RecoveryAttempt;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.qmp.QemuRelease;
import io.github.godwit.host.qmp.QmpEvent;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.hostapi.IncomingTicket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What libvirt reports about a migration, as its supervision sees it. libvirt is a mock: a real one does none of this on demand. */
@Timeout(30)
class LibvirtMigrationTest {

    private static final String UUID = "0793895c-c6ba-45a8-bfa6-702f1057d822";
    private static final LibvirtOrder ORDER =
            new LibvirtOrder("qemu+tcp://h2/system", Set.of("VIR_MIGRATE_LIVE"), Map.of());
    private static final JobStats MOVING = job(Map.of("time_elapsed", 900L, "memory_processed", 40_000L));

    private final DomainMigrations libvirt = mock();
    private final DomainJobs jobs = mock();

    /** What virDomainMigrateToURI3 returns: nothing, or libvirt's error. */
    private final CompletableFuture<Optional<LibvirtException>> result = new CompletableFuture<>();

    private LibvirtVm vm;
    private boolean onDestination;
    private Consumer<QmpEvent> qemu;
    private Consumer<JobEvent> listener;
    private LibvirtMigration migration;

    private static JobStats job(Map<String, Object> values) {
        Map<String, Object> all = new java.util.HashMap<>(values);
        all.put("operation", 5L); // VIR_DOMAIN_JOB_OPERATION_MIGRATION_OUT
        return new JobStats(all);
    }

    private static LibvirtException error(String message) {
        LibvirtException error = mock();
        when(error.getMessage()).thenReturn(message);
        return error;
    }

    @BeforeEach
    void aMigrationThatRuns() throws Exception {
        when(libvirt.listen(any(), any())).thenAnswer(call -> {
            qemu = call.getArgument(1);
            return (Runnable) () -> {};
        });
        when(jobs.listen(any(), any())).thenAnswer(call -> {
            listener = call.getArgument(1);
            return (Runnable) () -> {};
        });
        doAnswer(call -> {
                    Optional<LibvirtException> failure = result.get();
                    if (failure.isPresent()) {
                        throw failure.get();
                    }
                    return null;
                })
                .when(libvirt)
                .migrate(any(), any(), any(), any());
        when(libvirt.isHere(UUID)).thenReturn(true);
        when(jobs.stats(UUID)).thenReturn(Optional.of(MOVING));
        vm = mock();
        when(vm.uuid()).thenReturn(UUID);
        when(vm.name()).thenReturn("db");
        migration = new LibvirtMigration(libvirt, jobs, vm, way(Optional.empty()));
        migration.start();
    }

    private LibvirtMigration.Way way(Optional<String> noResume) {
        return new LibvirtMigration.Way(ORDER, "10.0.0.2", PortRange.LIBVIRT, () -> onDestination, noResume);
    }

    @AfterEach
    void end() {
        result.complete(Optional.empty());
        listener.accept(new JobEvent.Completed(MOVING));
        migration.close();
    }

    /** Waits for the event of the end, which libvirt's result causes. */
    private MigrationInfo atTheEnd() throws Exception {
        QmpEvent event = migration.next(Duration.ofSeconds(10));
        assertThat(event).isNotNull();
        return migration.query();
    }

    private static QmpEvent status(String status) {
        return new QmpEvent("MIGRATION", JsonNodeFactory.instance.objectNode().put("status", status));
    }

    @Test
    void theLastFiguresAreThoseOfLibvirtsEvent() throws Exception {
        assertThat(migration.query().status()).isEqualTo("active");

        listener.accept(new JobEvent.Completed(job(Map.of("time_elapsed", 1_200L, "downtime", 31L))));
        result.complete(Optional.empty());

        MigrationInfo end = atTheEnd();
        assertThat(end.completed()).isTrue();
        assertThat(end.downtimeMillis()).isEqualTo(31);
        assertThat(end.progress().elapsedMillis()).isEqualTo(1_200);
    }

    @Test
    void beforeItSendsItIsBeingSetUp() throws Exception {
        when(jobs.stats(UUID)).thenReturn(Optional.empty()).thenReturn(Optional.of(job(Map.of("time_elapsed", 50L))));

        assertThat(migration.query().status()).isEqualTo("setup");
        assertThat(migration.query().status()).isEqualTo("setup");
    }

    @Test
    void aFailureLeavesItsFiguresButNoDowntime() throws Exception {
        when(jobs.stats(UUID))
                .thenReturn(Optional.of(job(Map.of("time_elapsed", 700L, "memory_processed", 1L, "downtime", 90L))));
        assertThat(migration.query().expectedDowntimeMillis()).isEqualTo(90);
        when(jobs.stats(UUID)).thenReturn(Optional.empty());

        result.complete(Optional.of(error("no route to h2")));

        MigrationInfo end = atTheEnd();
        assertThat(end.status()).isEqualTo("failed");
        assertThat(end.reason()).isEqualTo("no route to h2");
        assertThat(end.downtimeMillis()).isEqualTo(-1);
        assertThat(end.progress().elapsedMillis()).isEqualTo(700);
    }

    @Test
    void aCancellationBeforeLibvirtHasAJobIsRepeated() throws Exception {
        doThrow(error("no job is active")).doNothing().when(jobs).abort(UUID);

        migration.cancel();
        migration.query();
        migration.query();
        verify(jobs, times(2)).abort(UUID);

        when(jobs.stats(UUID)).thenReturn(Optional.empty());
        result.complete(Optional.of(error("canceled by client")));
        assertThat(atTheEnd().status()).isEqualTo("cancelled");
    }

    @Test
    void qemusEventsArePassedOn() throws Exception {
        qemu.accept(new QmpEvent("STOP", JsonNodeFactory.instance.objectNode()));
        qemu.accept(status("postcopy-active"));

        assertThat(migration.next(Duration.ZERO)).isEqualTo(status("postcopy-active"));
        assertThat(migration.query().inPostcopy()).isTrue();
    }

    @Test
    void aFailureInPostcopyNeedsAnOperator() throws Exception {
        qemu.accept(status("postcopy-active"));
        assertThat(migration.next(Duration.ZERO)).isNotNull();
        when(jobs.stats(UUID)).thenReturn(Optional.empty());

        result.complete(Optional.of(error("connection reset")));

        assertThat(atTheEnd().status()).isEqualTo("postcopy-paused");
    }

    /** libvirt's call fails, and its job stays. */
    private void breaksInPostcopy() throws Exception {
        qemu.accept(status("postcopy-active"));
        assertThat(migration.next(Duration.ZERO)).isNotNull();
        when(libvirt.leavesByBrokenPostcopy(UUID)).thenReturn(true);
        result.complete(Optional.of(error("lost connection to destination host")));
        assertThat(migration.next(Duration.ofSeconds(10))).isEqualTo(status("postcopy-paused"));
        assertThat(migration.query().status()).isEqualTo("postcopy-paused");
        assertThat(migration.query().reason()).isEqualTo("lost connection to destination host");
    }

    private static IncomingTicket notAsked() {
        throw new AssertionError("libvirt has the destination listen");
    }

    @Test
    void aPostcopyThatBrokeIsResumedByAnotherCallAndEndsWithThat() throws Exception {
        breaksInPostcopy();
        CompletableFuture<Void> resumed = new CompletableFuture<>();
        doAnswer(call -> resumed.get()).when(libvirt).migrate(any(), any(), any(), any());
        when(libvirt.leavesByBrokenPostcopy(UUID)).thenReturn(false);

        assertThat(migration.recover(LibvirtMigrationTest::notAsked)).isEqualTo(RecoveryAttempt.begun());

        assertThat(migration.next(Duration.ofSeconds(10))).isEqualTo(status("postcopy-recover"));
        assertThat(migration.query().status()).isEqualTo("postcopy-recover");
        qemu.accept(status("postcopy-active"));
        assertThat(migration.next(Duration.ZERO)).isEqualTo(status("postcopy-active"));
        assertThat(migration.query().status()).isEqualTo("postcopy-active");
        verify(libvirt, timeout(10_000))
                .migrate(
                        UUID, ORDER.destination(), Set.of("VIR_MIGRATE_LIVE", "VIR_MIGRATE_POSTCOPY_RESUME"), Map.of());

        listener.accept(new JobEvent.Completed(job(Map.of("time_elapsed", 9_000L))));
        resumed.complete(null);
        assertThat(atTheEnd().completed()).isTrue();
    }

    @Test
    void aPostcopyThatCouldNotBeResumedIsStillBroken() throws Exception {
        breaksInPostcopy();
        doThrow(error("unable to connect to server")).when(libvirt).migrate(any(), any(), any(), any());

        assertThat(migration.recover(LibvirtMigrationTest::notAsked)).isEqualTo(RecoveryAttempt.begun());

        assertThat(migration.next(Duration.ofSeconds(10))).isEqualTo(status("postcopy-recover"));
        assertThat(migration.next(Duration.ofSeconds(10))).isEqualTo(status("postcopy-paused"));
        assertThat(migration.query().reason()).isEqualTo("unable to connect to server");
    }

    @Test
    void whereLibvirtCannotResumeItIsNotTried() throws Exception {
        migration = new LibvirtMigration(libvirt, jobs, vm, way(Optional.of("libvirt 11.3.0 of h2 crashes")));
        migration.start();
        breaksInPostcopy();

        assertThat(migration.recover(LibvirtMigrationTest::notAsked))
                .isEqualTo(RecoveryAttempt.impossible("libvirt 11.3.0 of h2 crashes"));

        verify(libvirt, never()).migrate(any(), any(), eq(ORDER.resumed().flags()), any());
    }

    @Test
    void asLongAsTheDestinationHasNotNoticedTheBreakLibvirtCannotResume() {
        qemu.accept(status("postcopy-active"));
        qemu.accept(status("postcopy-paused"));

        assertThat(migration.query().status()).isEqualTo("postcopy-paused");
        assertThat(migration.recover(LibvirtMigrationTest::notAsked).kind()).isEqualTo(RecoveryAttempt.Kind.FAILED);
    }

    /** QEMU 10.2 and newer: the source continues the VM if the destination cannot load its devices. */
    @Test
    void aFailureBeforeTheDestinationHasLoadedTheDevicesIsAnOrdinaryOne() throws Exception {
        qemu.accept(status("postcopy-device"));
        assertThat(migration.next(Duration.ZERO)).isNotNull();
        assertThat(migration.query().inPostcopy()).isFalse();
        when(jobs.stats(UUID)).thenReturn(Optional.empty());

        result.complete(Optional.of(error("cannot load the devices")));

        assertThat(atTheEnd().status()).isEqualTo("failed");
    }

    @ParameterizedTest
    @MethodSource("io.github.godwit.host.qmp.QemuRelease#statuses")
    void noStatusThatQemuReportsEndsItBeforeLibvirtDoes(String reported) throws Exception {
        qemu.accept(status(reported));

        assertThat(migration.query().isFinal()).isFalse();
        qemu.accept(status(QemuRelease.OF_TOMORROW));
        assertThat(migration.query().isFinal()).isFalse();
    }

    @Test
    void aMigrationThatSurvivesItsConnectionIsFollowedToItsEnd() throws Exception {
        when(libvirt.isHere(UUID)).thenReturn(true, true, false);
        onDestination = true;
        listener.accept(new JobEvent.Completed(job(Map.of("time_elapsed", 2_000L))));

        result.complete(Optional.of(error("the connection was closed")));

        MigrationInfo end = atTheEnd();
        assertThat(end.completed()).isTrue();
        assertThat(end.progress().elapsedMillis()).isEqualTo(2_000);
    }

    @Test
    void aDomainThatHasEndedAndDidNotArriveHasFailed() throws Exception {
        when(libvirt.isHere(UUID)).thenReturn(false);

        result.complete(Optional.of(error("QEMU ended")));

        assertThat(atTheEnd().status()).isEqualTo("failed");
    }

    @Test
    void aSwitchToPostcopyThatIsRefusedFailsUnlessTheMigrationHasEnded() throws Exception {
        doThrow(error("not with this migration")).when(libvirt).startPostcopy(UUID);

        assertThatThrownBy(() -> migration.startPostcopy())
                .isInstanceOf(QmpException.class)
                .hasMessageContaining("not with this migration");

        listener.accept(new JobEvent.Completed(MOVING));
        result.complete(Optional.empty());
        migration.startPostcopy();
    }

    @Test
    void closingCancelsAPrecopyThatStillRuns() throws Exception {
        doAnswer(call -> {
                    when(jobs.stats(UUID)).thenReturn(Optional.empty());
                    return result.complete(Optional.of(error("canceled by client")));
                })
                .when(jobs)
                .abort(UUID);

        migration.close();

        verify(jobs).abort(UUID);
    }

    @Test
    void closingLeavesAPostcopyAlone() throws Exception {
        qemu.accept(status("postcopy-active"));

        migration.close();

        verify(jobs, never()).abort(UUID);
    }
}
