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

/** Run states of VMs whose monitors answer, or do not: the VMs are played. */
@Timeout(30)
class VmStatesTest {

    /** Far more than it waits for a monitor, and far less than for twenty one after the other. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private static final int MANY = 20;

    private final CountDownLatch theEnd = new CountDownLatch(1);
    private final VmStates states = new VmStates();

    @AfterEach
    void close() {
        theEnd.countDown();
        states.close();
    }

    @Test
    void theStateIsWhatTheMonitorSaysNow() {
        PlayedVm vm = new PlayedVm("web");
        assertThat(states.of(vm)).isEqualTo("running");
        vm.state = "paused";
        assertThat(states.of(vm)).isEqualTo("paused");
    }

    @Test
    void aMonitorThatDoesNotAnswerKeepsNobodyWaitingAndTheLastStateIsTaken() {
        PlayedVm vm = new PlayedVm("web");
        assertThat(states.of(vm)).isEqualTo("running");
        vm.state = "paused";
        vm.hangs = true;

        long start = System.nanoTime();
        assertThat(states.of(vm)).isEqualTo("running");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
    }

    @Test
    void ofAMonitorThatHasNeverAnsweredTheStateIsUnknown() {
        PlayedVm vm = new PlayedVm("web");
        vm.hangs = true;

        assertThat(states.of(vm)).isEqualTo("unknown");
    }

    @Test
    void severalMonitorsThatDoNotAnswerCostNoMoreThanOneAndThoseThatDoAreNotKeptFromIt() {
        List<PlayedVm> vms = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            PlayedVm slow = new PlayedVm("slow-" + i);
            slow.hangs = true;
            vms.add(slow);
        }
        PlayedVm quick = new PlayedVm("web");
        vms.add(quick);
        List<String> expected = new ArrayList<>(Collections.nCopies(MANY, "unknown"));
        expected.add("running");

        long start = System.nanoTime();
        assertThat(states.of(vms)).isEqualTo(expected);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
    }

    @Test
    void aMonitorThatHasNotAnsweredYetIsNotAskedASecondTime() {
        PlayedVm vm = new PlayedVm("web");
        vm.hangs = true;

        states.of(vm);
        states.of(List.of(vm));

        assertThat(vm.asked).hasValue(1);
    }

    @Test
    void theStatesOfSeveralAreInTheirOrder() {
        PlayedVm one = new PlayedVm("one");
        PlayedVm two = new PlayedVm("two");
        two.state = "paused";

        assertThat(states.of(List.of(one, two, one))).containsExactly("running", "paused", "running");
    }

    private final class PlayedVm implements Vm {

        private final RunningVm running;
        private final AtomicInteger asked = new AtomicInteger();
        private volatile String state = "running";
        private volatile boolean hangs;

        PlayedVm(String name) {
            running = new RunningVm(WritingVm.definition(name), 1, Path.of("/nowhere"));
        }

        @Override
        public String state() {
            asked.incrementAndGet();
            if (hangs) {
                try {
                    theEnd.await();
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
            throw new UnsupportedOperationException("nobody listens to it");
        }

        @Override
        public boolean alive() {
            return true;
        }

        @Override
        public Monitor monitor() {
            throw new UnsupportedOperationException("its state is played");
        }

        @Override
        public Optional<String> migration() {
            return Optional.empty();
        }
    }
}
