package io.github.godwit.host.libvirt;

import static io.github.godwit.host.libvirt.FakeLibvirt.DOMAIN;
import static io.github.godwit.host.libvirt.FakeLibvirt.UUID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doAnswer;

import com.sun.jna.ptr.IntByReference;
import io.github.godwit.host.vm.VmStates;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
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
        state(1, 1);
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
        libvirt.lists(List.of(DOMAIN));
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
            state(3, 2);
            assertThat(vm.inMigration()).isTrue();
            assertThat(vm.state()).isEqualTo("inmigrate");
            // VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_POSTCOPY
            state(1, 10);
            assertThat(vm.inMigration()).isTrue();
            assertThat(vm.state()).isEqualTo("running");
            // VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_USER
            state(3, 1);
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

    private void state(int state, int reason) {
        doAnswer(call -> {
                    call.getArgument(1, IntByReference.class).setValue(state);
                    call.getArgument(2, IntByReference.class).setValue(reason);
                    return 0;
                })
                .when(libvirt.functions)
                .virDomainGetState(any(), any(), any(), anyInt());
    }

    private void hang() {
        doAnswer(call -> {
                    answers.await();
                    return -1;
                })
                .when(libvirt.functions)
                .virConnectListAllDomains(any(), any(), eq(LibvirtFunctions.LIST_ACTIVE));
    }
}
