package io.github.godwit.host.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.technique.ServerTraits;
import io.github.godwit.model.unit.MemorySize;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class VmLimitsWatchTest {

    private static final VmLimits READ = new VmLimits(1_000, null, ServerTraits.NONE);

    private final BlockingQueue<String> read = new LinkedBlockingQueue<>();

    private static Vm vm(String name, long pid) {
        return FakeVms.vm(new RunningVm(
                new VmDefinition(name, MemorySize.parse("64M"), 1, "guest", "", Accelerator.TCG, 0),
                pid,
                Path.of("/")));
    }

    private VmLimits note(Vm vm) {
        read.add(vm.name());
        return READ;
    }

    @Test
    void aNewVmIsReadOnceAndForgottenWhenItHasEnded() throws Exception {
        try (VmLimitsWatch<Vm> watch = new VmLimitsWatch<>(this::note)) {
            assertThat(watch.of(1, VmLimits.NONE)).isEqualTo(VmLimits.NONE);

            watch.refresh(List.of(vm("a", 1)));
            assertThat(read.poll(10, TimeUnit.SECONDS)).isEqualTo("a");
            while (!watch.of(1, VmLimits.NONE).equals(READ)) {
                Thread.onSpinWait();
            }
            watch.refresh(List.of(vm("a", 1)));

            assertThat(read.poll(100, TimeUnit.MILLISECONDS)).isNull();
            watch.refresh(List.of());
            assertThat(watch.of(1, VmLimits.NONE)).isEqualTo(VmLimits.NONE);
        }
    }

    @Test
    void aVmThatDoesNotAnswerHoldsUpNeitherTheCallerNorOthers() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (VmLimitsWatch<Vm> watch = new VmLimitsWatch<>(vm -> {
            if (vm.name().equals("stuck")) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return note(vm);
        })) {
            watch.refresh(List.of(vm("stuck", 1), vm("b", 2)));
            watch.refresh(List.of(vm("stuck", 1), vm("b", 2)));

            assertThat(read.poll(10, TimeUnit.SECONDS)).isEqualTo("b");
        }
    }
}
