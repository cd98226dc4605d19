package io.github.godwit.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.lab.driver.HostDriverLaunch;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.guest.LabVms;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.net.LinkCut;
import io.github.godwit.lab.net.LinkShape;
import io.github.godwit.lab.run.HostVms;
import io.github.godwit.lab.run.LabDown;
import io.github.godwit.lab.run.LabMigration;
import io.github.godwit.lab.run.LabUp;
import io.github.godwit.lab.system.ProcessEnder;
import io.github.godwit.lab.system.SystemCommands;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Version;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The link is cut in post-copy: all connections between the hosts are reset, and for some seconds none can be made. */
@Timeout(240)
class RecoveryIT {

    private static final LabName NAME = TestLabs.named('r');
    private static final SystemCommands COMMANDS = new SystemCommands(Duration.ofSeconds(30));
    private static final Duration DOWN = Duration.ofSeconds(4);

    /** A destination that has not loaded all devices yet ends: QEMU cannot recover that. */
    private static final Duration LOADS_DEVICES = Duration.ofSeconds(2);

    private Lab lab;
    private Hypervisor hypervisor;
    private CompletableFuture<Void> cut;

    private void up(Hypervisor started) throws InterruptedException {
        hypervisor = started;
        new LabDown(NAME, COMMANDS).down();
        lab = new LabUp(NAME, COMMANDS, System.out::println)
                .up(2, LinkShape.of(Bandwidth.parse("200mbit")), 1, null, HostVms.of(started));
    }

    @AfterEach
    void down() {
        new LabDown(NAME, COMMANDS).down();
    }

    private LabHost source() {
        return lab.hosts().get(0);
    }

    private LabHost destination() {
        return lab.hosts().get(1);
    }

    private void cutForAWhile() {
        cutForAWhile(() -> {});
    }

    /** @param before what is done as soon as the VM runs on the destination */
    private void cutForAWhile(Runnable before) {
        try {
            TimeUnit.MILLISECONDS.sleep(LOADS_DEVICES.toMillis());
            before.run();
            try (LinkCut link = new LinkCut(NAME, destination(), source(), COMMANDS)) {
                link.hold(DOWN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void cutInPostcopy(MigrationEvent event) {
        if (!event.message().isEmpty()) {
            System.out.println(event.phase() + " " + event.message());
        }
        if (event.phase() == Phase.POSTCOPY && cut == null) {
            cut = CompletableFuture.runAsync(
                    () -> cutForAWhile(() -> abandon(event.status().id())));
        }
    }

    /** The VM runs on the destination, which has the only copy of what it has written since. libvirt's VMs are not the host driver's to stop. */
    private void abandon(String migration) {
        if (hypervisor != Hypervisor.QEMU) {
            return;
        }
        assertThatThrownBy(() -> lab.client(destination()).incoming().abandon(migration))
                .isInstanceOf(HostDriverException.class)
                .hasMessageContainingAll("409", "cannot be abandoned", "runs on this host already");
    }

    @ParameterizedTest
    @EnumSource(
            value = Technique.class,
            names = {"POST_COPY", "POST_COPY_PREEMPT"})
    void aPostCopyWhoseLinkWasCutIsRecoveredWithTheMemoryIntact(Technique technique) throws Exception {
        up(Hypervisor.QEMU);
        try (LabVm vm = LabVm.start(lab, "cut", "256M", "32M", "8M", false)) {
            LabMigration.Result result = vm.migrate(technique, Bandwidth.parse("150mbit"), this::cutInPostcopy);
            cut.get(30, TimeUnit.SECONDS);

            MigrationStatus ended = result.status();
            assertThat(ended.phase()).as(String.valueOf(ended.error())).isEqualTo(Phase.COMPLETED);
            assertThat(result.guestVerified()).as(result.guest()).isTrue();
            assertThat(ended.recovery().breaks()).isEqualTo(1);
            assertThat(ended.recovery().recovered()).isEqualTo(1);
            assertThat(ended.recovery().pausedMillis()).isBetween(1_000L, 60_000L);
            assertThat(ended.outcome().recovery()).isEqualTo(ended.recovery());
            assertThat(ended.outcome().incomparable()).contains("its connection broke once in post-copy");
            assertThat(metrics(source())).contains("godwit_host_postcopy_breaks_total{result=\"recovered\"} 1.0");
            assertThat(TrafficRules.in(source())).isEmpty();
            assertThat(TrafficRules.in(destination())).isEmpty();
        }
    }

    @Test
    void aHostDriverThatWasKilledInPostCopyRecoversItAfterItsRestart() throws Exception {
        up(Hypervisor.QEMU);
        try (LabVm vm = LabVm.start(lab, "orphan", "256M", "32M", "8M", false)) {
            HostDriverClient driver = lab.client(source());
            MigrationStatus started =
                    driver.migrate(MigrationRequest.of(vm.name(), destination().hostDriver())
                            .technique(Technique.POST_COPY)
                            .build());
            await("post-copy", () -> {
                MigrationStatus now = driver.migration(started.id());
                assertThat(now.phase().isFinal())
                        .as(String.valueOf(now.error()))
                        .isFalse();
                return now.phase() == Phase.POSTCOPY;
            });
            new ProcessEnder().end(List.of(TestLabs.hostDriverOf(source())), Duration.ZERO);
            cutForAWhile();

            HostDriverLaunch launch = new HostDriverLaunch(lab, 1);
            launch.await(source(), launch.start(source()));

            await("the arrival", () -> hasArrived(vm.name()));
            String guest = new LabVms(lab).verify(vm.name(), destination());
            assertThat(LabVms.isVerified(guest)).as(guest).isTrue();
            assertThat(metrics(source())).contains("godwit_host_postcopy_breaks_total{result=\"recovered\"} 1.0");
        }
    }

    /** libvirt 11.2 and 11.3 crash as destinations; others recover. */
    @Test
    void libvirtResumesPostCopyUnlessItsReleaseCrashes() throws Exception {
        up(Hypervisor.LIBVIRT);
        Version libvirt = lab.client(destination()).host().capabilities().libvirt();
        LabVm vm = LabVm.start(lab, "cut", "256M", "32M", "8M", false);
        HostDriverClient driver = lab.client(source());
        MigrationStatus started =
                driver.migrate(MigrationRequest.of(vm.name(), destination().hostDriver())
                        .technique(Technique.POST_COPY_PREEMPT)
                        .build());
        MigrationStatus ended = driver.follow(started.id(), Duration.ofMinutes(2), this::cutInPostcopy);
        cut.get(30, TimeUnit.SECONDS);

        if (libvirt.atLeast(11, 2) && !libvirt.atLeast(11, 4)) {
            assertThat(ended.phase()).isEqualTo(Phase.FAILED);
            assertThat(ended.error())
                    .contains("broke in post-copy")
                    .contains("libvirt %s of h2 crashes when a post-copy to it is resumed".formatted(libvirt))
                    .contains("stop neither");
            assertThat(ended.recovery().attempts()).isZero();
            assertThat(metrics(source())).contains("godwit_host_postcopy_breaks_total{result=\"left\"} 1.0");
        } else {
            assertThat(ended.phase()).as(String.valueOf(ended.error())).isEqualTo(Phase.COMPLETED);
            assertThat(ended.recovery().recovered()).isEqualTo(1);
            assertThat(LabVms.isVerified(new LabVms(lab).verify(vm.name()))).isTrue();
        }
    }

    private boolean hasArrived(String vm) {
        try {
            VmStatus there = lab.client(destination()).vm(vm);
            return there.state().equals("running") && there.migration() == null;
        } catch (HostDriverException e) {
            return false;
        }
    }

    private String metrics(LabHost host) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(host.hostDriver() + "/metrics"))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + lab.token())
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }
}
