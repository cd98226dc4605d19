package io.github.godwit.host.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.godwit.host.WritingVm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Run states of VMs whose monitors respond or hang. */
@Timeout(30)
class VmStatesTest {

    /** Far more than the timeout for one monitor, and far less than that of twenty in sequence. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private static final int MANY = 20;

    private final CountDownLatch endOfTest = new CountDownLatch(1);
    private final VmStates states = new VmStates();

    @AfterEach
    void close() {
        endOfTest.countDown();
        states.close();
    }

    @Test
    void theStateIsTheMonitorsCurrentOne() {
        Vm vm = running("web");
        assertThat(states.of(vm)).isEqualTo("running");
        when(vm.state()).thenReturn("paused");
        assertThat(states.of(vm)).isEqualTo("paused");
    }

    @Test
    void theStateOfAHangingMonitorIsTheLastKnownOne() {
        Vm vm = running("web");
        assertThat(states.of(vm)).isEqualTo("running");
        hang(vm);

        long start = System.nanoTime();
        assertThat(states.of(vm)).isEqualTo("running");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
    }

    @Test
    void theStateOfAMonitorThatHasNeverRespondedIsUnknown() {
        Vm vm = hanging("web");

        assertThat(states.of(vm)).isEqualTo("unknown");
    }

    @Test
    void hangingMonitorsAreQueriedInParallelAndDoNotDelayOthers() {
        List<Vm> vms = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            vms.add(hanging("slow-" + i));
        }
        vms.add(running("web"));
        List<String> expected = new ArrayList<>(Collections.nCopies(MANY, "unknown"));
        expected.add("running");

        long start = System.nanoTime();
        assertThat(states.of(vms)).isEqualTo(expected);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
    }

    @Test
    void aMonitorWithAPendingQueryIsNotQueriedAgain() {
        Vm vm = hanging("web");

        states.of(vm);
        states.of(List.of(vm));

        verify(vm, times(1)).state();
    }

    @Test
    void theStatesAreInTheOrderOfTheVms() {
        Vm one = running("one");
        Vm two = running("two");
        when(two.state()).thenReturn("paused");

        assertThat(states.of(List.of(one, two, one))).containsExactly("running", "paused", "running");
    }

    private static Vm running(String name) {
        return FakeVms.vm(new RunningVm(WritingVm.definition(name), 1, Path.of("/nowhere")));
    }

    private Vm hanging(String name) {
        Vm vm = running(name);
        hang(vm);
        return vm;
    }

    private void hang(Vm vm) {
        when(vm.state()).thenAnswer(call -> {
            endOfTest.await();
            return "paused";
        });
    }
}
