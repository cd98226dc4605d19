package io.github.godwit.host.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.host.vm.FakeVms;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.unit.MemorySize;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The use of real processes: shells that count on command. */
class VmUseTest {

    private static final String COUNT_ON_COMMAND =
            "read go; i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo counted; read end";

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void theSpreadCoversAllVmsAndTheirVcpus() throws IOException {
        Process first = start();
        Process second = start();
        VmUse use = new VmUse(FakeVms.list(vm("one", 1, first), vm("two", 2, second)));
        use.sample();
        count(first);
        count(second);
        use.sample();

        double one = use.cores(first.pid());
        double two = use.cores(second.pid());
        assertThat(one).isPositive();
        assertThat(two).isPositive();
        assertThat(use.spread().cores()).isCloseTo(one + two, within(1e-9));
        assertThat(use.spread().threads())
                .isCloseTo((one + two) * (one + two) / (one * one + two * two / 2), within(1e-9));
    }

    @Test
    void theCpuUseOfAVmIsZeroUntilItWasSampledTwice() throws IOException {
        Process process = start();
        VmUse use = new VmUse(FakeVms.list(vm("one", 1, process)));
        use.sample();

        assertThat(use.cores(process.pid())).isZero();
        assertThat(use.resident(process.pid()).bytes()).isPositive();
        assertThat(use.spread().threads()).isZero();
    }

    private Process start() throws IOException {
        Process process = new ProcessBuilder("sh", "-c", COUNT_ON_COMMAND).start();
        processes.add(process);
        return process;
    }

    private static void count(Process process) throws IOException {
        process.outputWriter().append("go\n").flush();
        BufferedReader answer = process.inputReader();
        assertThat(answer.readLine()).isEqualTo("counted");
    }

    private static Vm vm(String name, int vcpus, Process process) {
        VmDefinition definition =
                new VmDefinition(name, MemorySize.parse("64M"), vcpus, "guest", "", Accelerator.KVM, 0);
        return FakeVms.vm(new RunningVm(definition, process.pid(), Path.of(name)));
    }
}
