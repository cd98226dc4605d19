package io.github.godwit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.guest.GuestConsole;
import io.github.godwit.lab.guest.LabVms;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.net.LinkShape;
import io.github.godwit.lab.net.NetworkState;
import io.github.godwit.lab.run.LabDown;
import io.github.godwit.lab.run.LabUp;
import io.github.godwit.lab.system.ProcessEnder;
import io.github.godwit.lab.system.SystemCommands;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Kills the source's host driver in the middle of a migration with a reservation, on a link slow enough to have a middle. */
@Timeout(180)
class KilledHostDriverIT {

    private static final LabName NAME = TestLabs.named('k');

    /** Lease of the traffic rules of a host driver that has ended. */
    private static final Duration LEASE = Duration.ofSeconds(30);

    /** Lease of an incoming migration whose source is silent. */
    private static final Duration INCOMING_LEASE = Duration.ofSeconds(30);

    private static final Duration MARGIN = Duration.ofSeconds(15);

    private final SystemCommands commands = new SystemCommands();
    private Lab lab;

    @BeforeEach
    void up() throws InterruptedException {
        new LabDown(NAME, commands).down();
        lab = new LabUp(NAME, commands, System.out::println).up(2, LinkShape.of(Bandwidth.parse("200mbit")), 1, null);
    }

    @AfterEach
    void down() {
        new LabDown(NAME, commands).down();
    }

    @Test
    void theVmKeepsRunningAndTheRulesExpireWithTheirLease() throws Exception {
        LabHost source = lab.hosts().get(0);
        LabHost destination = lab.hosts().get(1);
        LabVm vm = LabVm.start(lab, "orphan", "384M", "16M", "2M", false);
        migrateUntilUnderWay(vm, destination);
        assertThat(TrafficRules.in(source)).isNotEmpty();

        new ProcessEnder().end(List.of(TestLabs.hostDriverOf(source)), Duration.ZERO);

        await(
                LEASE.plus(MARGIN),
                "the end of the source's rules",
                () -> TrafficRules.in(source).isEmpty());
        await(
                INCOMING_LEASE.plus(MARGIN),
                "the end of the destination's rules",
                () -> TrafficRules.in(destination).isEmpty());
        assertThat(LabVms.isVerified(verifyWhereItIs(vm))).isTrue();

        new LabDown(NAME, commands).down();
        NetworkState network = new NetworkState(commands);
        assertThat(network.namespaces(NAME)).isEmpty();
        assertThat(network.hasManagementInterface(NAME)).isFalse();
        assertThat(NAME.stateDirectory()).doesNotExist();
    }

    private void migrateUntilUnderWay(LabVm vm, LabHost destination) throws InterruptedException {
        HostDriverClient driver = lab.client(lab.hosts().get(0));
        MigrationStatus started = driver.migrate(MigrationRequest.of(vm.name(), destination.hostDriver())
                .technique(Technique.PRE_COPY)
                .reservation(Bandwidth.parse("150mbit"))
                .build());
        await(Duration.ofSeconds(30), "the migration", () -> {
            MigrationStatus now = driver.migration(started.id());
            assertThat(now.phase().isFinal()).as(String.valueOf(now.error())).isFalse();
            return now.phase() == Phase.MIGRATING
                    && now.progress() != null
                    && now.progress().transferredBytes() > 20_000_000;
        });
    }

    /** QEMU continues without the host driver: the VM is on one of the two hosts, and its guest answers there. */
    private String verifyWhereItIs(LabVm vm) {
        for (LabHost host : lab.hosts()) {
            Path console = lab.state(host).resolve("vms").resolve(vm.name()).resolve("console.sock");
            if (Files.exists(console)) {
                try {
                    GuestConsole guest = new GuestConsole(console);
                    guest.awaitReady(Duration.ofSeconds(5));
                    return guest.verify();
                } catch (LabException e) {
                    System.out.println(host.name() + ": " + e.getMessage());
                }
            }
        }
        return "the guest answers on neither host";
    }

    private static void await(Duration atMost, String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what + " within " + atMost).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }
}
