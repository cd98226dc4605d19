package io.github.godwit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.common.ProcessIdentity;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.lab.driver.HostLibvirt;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.guest.LabVms;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.net.LinkShape;
import io.github.godwit.lab.net.NetworkState;
import io.github.godwit.lab.run.HostVms;
import io.github.godwit.lab.run.LabDown;
import io.github.godwit.lab.run.LabMigration;
import io.github.godwit.lab.run.LabUp;
import io.github.godwit.lab.system.SystemCommands;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two hosts with real libvirts, whose host drivers have them migrate a domain. */
@Timeout(180)
class LibvirtLabIT {

    private static final LabName NAME = TestLabs.named('v');
    private static final SystemCommands COMMANDS = new SystemCommands(Duration.ofSeconds(30));
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private static Lab lab;

    @BeforeAll
    static void up() throws InterruptedException {
        new LabDown(NAME, COMMANDS).down();
        lab = new LabUp(NAME, COMMANDS, System.out::println)
                .up(2, LinkShape.of(Bandwidth.parse("1gbit")), 1, null, HostVms.of(Hypervisor.LIBVIRT));
    }

    @AfterAll
    static void downLeavesNothing() {
        NetworkState network = new NetworkState(COMMANDS);
        LabVm left = LabVm.start(lab, "left", "16M", "4M", "1M", false);
        List<ProcessIdentity> processes = network.namespaces(NAME).stream()
                .flatMap(namespace -> network.processes(namespace).stream())
                .toList();
        long qemu = lab.client(lab.hostOf(left.name())).vm(left.name()).pid();
        assertThat(processes).extracting(ProcessIdentity::pid).contains(qemu);

        new LabDown(NAME, COMMANDS).down();

        assertThat(processes).noneMatch(ProcessIdentity::alive);
        assertThat(network.namespaces(NAME)).isEmpty();
        assertThat(NAME.stateDirectory()).doesNotExist();
    }

    private static String domains(LabHost host) {
        return COMMANDS.run("virsh", "-c", HostLibvirt.of(lab.state(host)).uri(), "list", "--all", "--name")
                .strip();
    }

    @Test
    void aVmGoesByPreCopyAndComesBackByPostCopyWithItsMemoryIntact() throws Exception {
        try (LabVm vm = LabVm.start(lab, "shuttle", "96M", "16M", "8M", false)) {
            LabMigration.Result there = vm.migrate(Technique.PRE_COPY);
            assertThat(there.status().phase())
                    .as(String.valueOf(there.status().error()))
                    .isEqualTo(Phase.COMPLETED);
            assertThat(there.guestVerified()).as(there.guest()).isTrue();
            assertThat(domains(lab.hosts().get(0))).isEmpty();
            assertThat(domains(lab.hosts().get(1))).isEqualTo("shuttle");

            LabMigration.Result back = vm.migrate(Technique.POST_COPY_PREEMPT);
            assertThat(back.status().phase())
                    .as(String.valueOf(back.status().error()))
                    .isEqualTo(Phase.COMPLETED);
            assertThat(back.guestVerified()).as(back.guest()).isTrue();
            assertThat(domains(lab.hosts().get(0))).isEqualTo("shuttle");
            assertThat(domains(lab.hosts().get(1))).isEmpty();

            for (Outcome outcome :
                    List.of(there.status().outcome(), back.status().outcome())) {
                assertThat(outcome.measured()).containsOnlyKeys(Metric.values());
                assertThat(outcome.measured().get(Metric.TRANSFERRED_DATA)).isGreaterThan(90.0);
                // Against the rate before, which other work on the machine may have slowed.
                assertThat(outcome.measured().get(Metric.PERFORMANCE)).isBetween(0.05, 3.0);
                assertThat(outcome.heartbeatsLost())
                        .as("heartbeats that neither host heard")
                        .isBetween(0, 5);
                assertThat(outcome.migrationCase().source().hypervisor()).isEqualTo(Hypervisor.LIBVIRT);
                assertThat(outcome.notes()).isEmpty();
            }
            assertThat(back.status().outcome().postcopyRequests()).isPositive();
        }
    }

    @Test
    void aCancelledMigrationLeavesTheVmOnItsHostAsBefore() throws Exception {
        // It writes faster than the limit of the link, so that pre-copy does not end by itself.
        try (LabVm vm = LabVm.start(lab, "busy", "256M", "256M", "300M", false)) {
            HostDriverClient source = lab.client(lab.hosts().get(0));
            MigrationStatus started = source.migrate(
                    MigrationRequest.of(vm.name(), lab.hosts().get(1).hostDriver())
                            .technique(Technique.PRE_COPY)
                            .timeLimit(LIMIT)
                            .build());
            CompletableFuture<Void> sends = new CompletableFuture<>();
            CompletableFuture<MigrationStatus> end = CompletableFuture.supplyAsync(() -> {
                try {
                    return source.follow(started.id(), LIMIT.multipliedBy(2), event -> {
                        if (event.status().progress() != null
                                && event.status().progress().transferredBytes() > 0) {
                            sends.complete(null);
                        }
                    });
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            sends.get(LIMIT.toSeconds(), TimeUnit.SECONDS);

            source.cancel(started.id());

            MigrationStatus ended = end.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(ended.phase()).as(String.valueOf(ended.error())).isEqualTo(Phase.CANCELLED);
            assertThat(source.vm(vm.name()).state()).isEqualTo("running");
            assertThat(LabVms.isVerified(new LabVms(lab).verify(vm.name()))).isTrue();
            assertThat(domains(lab.hosts().get(1))).isEmpty();
        }
    }

    @Test
    void aMigrationThatDoesNotConvergeIsCancelledAtItsTimeLimit() throws Exception {
        try (LabVm vm = LabVm.start(lab, "late", "256M", "256M", "300M", false)) {
            LabMigration.Result late = vm.migrate(Technique.PRE_COPY, null, Duration.ofSeconds(3), event -> {});

            assertThat(late.status().phase()).isEqualTo(Phase.CANCELLED);
            assertThat(late.status().outcome().converged()).isFalse();
            assertThat(late.status().outcome().measured()).doesNotContainKey(Metric.DOWNTIME);
            assertThat(late.guestVerified()).as(late.guest()).isTrue();
            assertThat(lab.hostOf(vm.name())).isEqualTo(lab.hosts().get(0));
        }
    }
}
