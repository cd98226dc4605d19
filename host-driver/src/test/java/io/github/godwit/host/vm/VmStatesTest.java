package io.github.godwit.host.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.WritingVm;
import io.github.godwit.host.qmp.Monitor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Run states of simulated VMs whose monitors respond or hang. */
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
        SimulatedVm vm = new SimulatedVm("web");
        assertThat(states.of(vm)).isEqualTo("running");
        vm.state = "paused";
        assertThat(states.of(vm)).isEqualTo("paused");
    }

    @Test
    void theStateOfAHangingMonitorIsTheLastKnownOne() {
        SimulatedVm vm = new SimulatedVm("web");
        assertThat(states.of(vm)).isEqualTo("running");
        vm.state = "paused";
        vm.hangs = true;

        long start = System.nanoTime();
        assertThat(states.of(vm)).isEqualTo("running");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
    }

    @Test
    void theStateOfAMonitorThatHasNeverRespondedIsUnknown() {
        SimulatedVm vm = new SimulatedVm("web");
        vm.hangs = true;

        assertThat(states.of(vm)).isEqualTo("unknown");
    }

    @Test
    void hangingMonitorsAreQueriedInParallelAndDoNotDelayOthers() {
        List<SimulatedVm> vms = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            SimulatedVm slow = new SimulatedVm("slow-" + i);
            slow.hangs = true;
            vms.add(slow);
        }
        SimulatedVm quick = new SimulatedVm("web");
        vms.add(quick);
        List<String> expected = new ArrayList<>(Collections.nCopies(MANY, "unknown"));
        expected.add("running");

        long start = System.nanoTime();
        assertThat(states.of(vms)).isEqualTo(expected);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
    }

    @Test
    void aMonitorWithAPendingQueryIsNotQueriedAgain() {
        SimulatedVm vm = new SimulatedVm("web");
        vm.hangs = true;

        states.of(vm);
        states.of(List.of(vm));

        assertThat(vm.queries).hasValue(1);
    }

    @Test
    void theStatesAreInTheOrderOfTheVms() {
        SimulatedVm one = new SimulatedVm("one");
        SimulatedVm two = new SimulatedVm("two");
        two.state = "paused";

        assertThat(states.of(List.of(one, two, one))).containsExactly("running", "paused", "running");
    }

    private final class SimulatedVm implements Vm {

        private final RunningVm running;
        private final AtomicInteger queries = new AtomicInteger();
        private volatile String state = "running";
        private volatile boolean hangs;

        SimulatedVm(String name) {
            running = new RunningVm(WritingVm.definition(name), 1, Path.of("/nowhere"));
        }

        @Override
        public String state() {
            queries.incrementAndGet();
            if (hangs) {
                try {
                    endOfTest.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return state;
        }

        @Override
        public RunningVm running() {
            return running;
        }

        @Override
        public HeartbeatSource heartbeats() {
            throw new UnsupportedOperationException("not used by this test");
        }

        @Override
        public boolean alive() {
            return true;
        }

        @Override
        public Monitor monitor() {
            throw new UnsupportedOperationException("its state is simulated");
        }

        @Override
        public Optional<String> migration() {
            return Optional.empty();
        }
    }
}
