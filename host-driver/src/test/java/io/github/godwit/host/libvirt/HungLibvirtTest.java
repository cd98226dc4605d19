package io.github.godwit.host.libvirt;

import static io.github.godwit.host.libvirt.FakeLibvirt.DOMAIN;
import static io.github.godwit.host.libvirt.FakeLibvirt.UUID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.common.Loop;
import io.github.godwit.common.rest.RestServer;
import io.github.godwit.host.WritingVm;
import io.github.godwit.host.access.HostAccess;
import io.github.godwit.host.libvirt.DomainDevices.FileDisk;
import io.github.godwit.host.load.HostReport;
import io.github.godwit.host.load.VmReport;
import io.github.godwit.host.load.VmUse;
import io.github.godwit.host.metrics.HostMetrics;
import io.github.godwit.host.migrate.MigrationService;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.net.TrafficControl;
import io.github.godwit.host.net.TrafficControl.Reservation;
import io.github.godwit.host.net.TrafficControl.Share;
import io.github.godwit.host.nova.reserve.ReservedArrivals;
import io.github.godwit.host.policy.PolicySets;
import io.github.godwit.host.profile.VmProfileCache;
import io.github.godwit.host.rest.EventStreams;
import io.github.godwit.host.rest.HostApiServer;
import io.github.godwit.host.rest.Routes;
import io.github.godwit.host.rest.SwitchResource;
import io.github.godwit.host.trail.HostTrail;
import io.github.godwit.host.vm.VmStates;
import io.github.godwit.hostapi.IncomingRequest;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A libvirt daemon that accepts calls and never answers, as one that is stopped by SIGSTOP. */
@Timeout(20)
class HungLibvirtTest {

    private static final Duration DEADLINE = Duration.ofMillis(300);

    private final FakeLibvirt libvirt = new FakeLibvirt();
    private final CountDownLatch answers = new CountDownLatch(1);
    private LibvirtConnection connection;

    @BeforeEach
    void open() throws LibvirtException {
        libvirt.deadline = DEADLINE;
        libvirt.state(1, 1);
        connection = libvirt.open();
    }

    @AfterEach
    void close() {
        answers.countDown();
        connection.close();
    }

    @Test
    void aCallEndsAtItsDeadlineAndTheNextOnesFailAtOnceUntilTheDaemonAnswers() throws Exception {
        hang();
        assertThatThrownBy(connection::running)
                .isInstanceOf(LibvirtException.class)
                .hasMessageContaining("did not answer within 300 ms");

        long start = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> connection.job(UUID)).hasMessageContaining("has not answered an earlier call");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(DEADLINE.multipliedBy(10));

        answers.countDown();
        List<String> running = List.of();
        while (running.isEmpty()) {
            try {
                running = connection.running();
            } catch (LibvirtException e) {
                Thread.onSpinWait();
            }
        }
        assertThat(running).containsExactly(UUID);
    }

    @Test
    void theListOfVmsStaysAndTheirStatesAreTheLastKnownOnes() {
        try (LibvirtVms vms = new LibvirtVms(connection);
                VmStates states = new VmStates()) {
            vms.refresh();
            assertThat(states.of(vms.all())).containsExactly("running");
            hang();

            long start = System.nanoTime();
            vms.refresh();
            vms.refresh();
            assertThat(vms.all()).hasSize(1);
            assertThat(states.of(vms.all())).containsExactly("running");
            // One deadline for the first call; the others fail at once.
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(DEADLINE.multipliedBy(10));
        }
    }

    @Test
    void aDomainThatIsBusyDoesNotStopCallsOfOthers() throws Exception {
        doAnswer(call -> {
                    answers.await();
                    return -1;
                })
                .when(libvirt.functions)
                .virDomainGetJobStats(any(), any(), any(), any(), anyInt());
        assertThatThrownBy(() -> connection.job(UUID)).hasMessageContaining("did not answer within 300 ms");
        assertThat(connection.running()).containsExactly(UUID);
    }

    @Test
    void whatMayTakeLongerEndsAtTheDeadlineTooAndDoesNotStopOtherCalls() throws Exception {
        doAnswer(call -> {
                    answers.await();
                    return null;
                })
                .when(libvirt.functions)
                .virConnectGetCapabilities(any());
        doAnswer(call -> {
                    answers.await();
                    return -1;
                })
                .when(libvirt.functions)
                .virDomainGetBlockInfo(any(), any(), any(), anyInt());
        doAnswer(call -> {
                    answers.await();
                    return -1;
                })
                .when(libvirt.functions)
                .virDomainMigrateSetMaxSpeed(any(), any(), anyInt());
        assertThatThrownBy(connection::capabilities).hasMessageContaining("did not answer within 300 ms");
        assertThatThrownBy(() -> connection.limitSpeed(UUID, 90, false))
                .hasMessageContaining("did not answer within 300 ms");
        assertThatThrownBy(() -> connection.occupied(UUID, new FileDisk("vda", "/a/disk", "raw")))
                .hasMessageContaining("did not answer within 300 ms");
        assertThat(connection.running()).containsExactly(UUID);
    }

    @Test
    void theRestApiAnswersAndHousekeepingAndLeasesContinue() throws Exception {
        VmDefinition arriving = WritingVm.definition(UUID);
        TrafficControl traffic = mock();
        Reservation reservation = mock();
        when(traffic.libvirtPorts()).thenReturn(PortRange.LIBVIRT);
        when(traffic.reserve(any(), any(Share.class))).thenReturn(reservation);
        when(reservation.rate()).thenReturn(Bandwidth.parse("1gbit"));
        MigrationService migrations = mock();
        when(migrations.migrationOf(any())).thenReturn(Optional.empty());
        AtomicInteger rounds = new AtomicInteger();
        HostTrail trail = new HostTrail(line -> {}, "h1", InstantSource.system());
        ScheduledExecutorService housekeeping = DaemonThreads.scheduled("housekeeping");
        try (LibvirtVms vms = new LibvirtVms(connection);
                VmStates states = new VmStates();
                ReservedArrivals arrivals =
                        new ReservedArrivals(vms, traffic, "10.0.0.2", new HostMetrics("test"), Optional::empty);
                VmProfileCache profiles = new VmProfileCache((vm, qmp, patience, early) -> null, states);
                RestServer server = HostApiServer.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Routes.of(
                                mock(HostReport.class),
                                "test",
                                mock(SwitchResource.Switch.class),
                                new HostMetrics("test"),
                                vms,
                                Optional.empty(),
                                new VmReport(
                                        "h1",
                                        new VmUse(vms),
                                        states,
                                        vm -> Traffic.NONE,
                                        name -> Optional.empty(),
                                        migrations::migrationOf,
                                        vm -> "monitor"),
                                profiles,
                                migrations,
                                arrivals,
                                mock(EventStreams.class),
                                mock(PolicySets.class),
                                trail),
                        HostAccess.OPEN,
                        trail)) {
            vms.refresh();
            arrivals.prepare(new IncomingRequest(
                    "m1", arriving, Technique.PRE_COPY, MigrationTuning.DEFAULT, "10.0.0.1", Bandwidth.parse("1gbit")));
            hang();
            List<Runnable> chores = List.of(vms::refresh, arrivals::applyLeases, rounds::incrementAndGet);
            chores.forEach(chore -> {
                var unused =
                        housekeeping.scheduleWithFixedDelay(new Loop("A chore", chore), 0, 10, TimeUnit.MILLISECONDS);
            });

            HttpClient http = HttpClient.newHttpClient();
            URI list = URI.create("http://127.0.0.1:%d/v1/vms".formatted(server.port()));
            while (rounds.get() < 20) {
                HttpResponse<String> answer = http.send(
                        HttpRequest.newBuilder(list)
                                .timeout(Duration.ofSeconds(5))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).contains(UUID);
            }
            verify(reservation, never()).close();
        } finally {
            housekeeping.shutdownNow();
        }
    }

    @Test
    void aHungDaemonDoesNotKeepTheHostDriverFromStopping() {
        hang();
        assertThatThrownBy(connection::running).isInstanceOf(LibvirtException.class);
        connection.close();
    }

    @Test
    void anArrivingDomainIsRecognisedByItsStateWithoutAJob() throws Exception {
        try (LibvirtVms vms = new LibvirtVms(connection)) {
            vms.refresh();
            LibvirtVm vm = vms.all().get(0);
            assertThat(vm.inMigration()).isFalse();
            // VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_MIGRATION
            libvirt.state(3, 2);
            assertThat(vm.inMigration()).isTrue();
            assertThat(vm.state()).isEqualTo("inmigrate");
            // VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_POSTCOPY
            libvirt.state(1, 10);
            assertThat(vm.inMigration()).isTrue();
            assertThat(vm.state()).isEqualTo("running");
            // VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_USER
            libvirt.state(3, 1);
            assertThat(vm.inMigration()).isFalse();
            assertThat(vm.state()).isEqualTo("paused");
        }
    }

    @Test
    void theFlavorIsTheOneThatNovaWroteIntoTheDomain() {
        assertThat(DomainFlavors.parse("<nova:instance><nova:flavor name=\"m1.a &amp; b\" id=\"7\">"))
                .contains("m1.a & b");
        assertThat(DomainFlavors.parse("<nova:flavor id='7' name='m1.db'>")).contains("m1.db");
        assertThat(DomainFlavors.parse("<domain/>")).isEmpty();
    }

    /** The list of domains takes until {@code answers}. A mock must not be stubbed again while another thread calls it. */
    private void hang() {
        doAnswer(call -> {
                    answers.await();
                    return FakeLibvirt.listing(List.of(DOMAIN)).answer(call);
                })
                .when(libvirt.functions)
                .virConnectListAllDomains(any(), any(), eq(LibvirtFunctions.LIST_ACTIVE));
    }
}
