package io.github.godwit.host.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.when;

import io.github.godwit.host.WritingVm;
import io.github.godwit.host.profile.rules.ProfilingRules;
import io.github.godwit.host.profile.rules.ProfilingRules.Means;
import io.github.godwit.host.vm.FakeVms;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.host.vm.Vm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProfilingGuardTest {

    private final Vm vm = FakeVms.vm(new RunningVm(WritingVm.definition("web"), 1, Path.of("/nowhere")));

    @Test
    void aVmIsNotProfiledWhileItLeavesOrArrivesWhoeverOrderedThat() throws Exception {
        ProfilingGuard guard = guard(ProfilingRules.DEFAULT, true);
        assertThat(guard.objection(vm)).isEmpty();
        guard.leaving(leaving -> leaving == vm);
        assertThat(guard.objection(vm)).contains("it is being migrated");
        guard.leaving(leaving -> false);
        when(vm.inMigration()).thenReturn(true);
        assertThat(guard.objection(vm)).contains("it is being migrated");
    }

    @Test
    void aVmOfWhichThatIsNotKnownIsNotProfiled() throws Exception {
        when(vm.inMigration()).thenThrow(new IOException("libvirt did not answer within 5000 ms"));
        assertThat(guard(ProfilingRules.DEFAULT, true).objection(vm).orElseThrow())
                .contains("not known", "5000 ms");
    }

    @Test
    void theStatusOfAVmSaysHowItIsProfiledAndThatThisTaintsItsDomain() {
        assertThat(guard(ProfilingRules.DEFAULT, true).description(vm))
                .startsWith("monitor")
                .contains("tainted");
        assertThat(guard(ProfilingRules.DEFAULT, false).description(vm)).isEqualTo("monitor");
        assertThat(guard(ProfilingRules.of(Means.PROC, List.of()), true).description(vm))
                .isEqualTo("proc");
        assertThat(guard(ProfilingRules.of(Means.MONITOR, List.of("flavor=m1.db")), true)
                        .description(vm))
                .isEqualTo("off: --no-profiling-of of its host driver names its flavor m1.db");
    }

    /** Only the first may be asked: the others are excluded, are profiled without the monitor, or are in a migration. */
    @Test
    void theMonitorIsUsedForLimitsOnlyWhereItIsForProfiles() throws Exception {
        assertThat(guard(ProfilingRules.DEFAULT, true).mayAsk(vm)).isTrue();
        assertThat(guard(ProfilingRules.of(Means.MONITOR, List.of("flavor=m1.db")), true)
                        .mayAsk(vm))
                .isFalse();
        assertThat(guard(ProfilingRules.of(Means.PROC, List.of()), true).mayAsk(vm))
                .isFalse();
        when(vm.inMigration()).thenReturn(true);
        assertThat(guard(ProfilingRules.DEFAULT, true).mayAsk(vm)).isFalse();
    }

    private static ProfilingGuard guard(ProfilingRules rules, boolean libvirt) {
        return new ProfilingGuard(rules, vm -> Optional.of("m1.db"), libvirt);
    }
}
