package io.github.godwit.host.profile.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;

import io.github.godwit.host.WritingVm;
import io.github.godwit.host.profile.VmProfiler;
import io.github.godwit.host.profile.rules.ProfilingRules.Means;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.vm.RunningVm;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfilingRulesTest {

    private static final ProfilingRules RULES =
            ProfilingRules.of(Means.MONITOR, List.of("flavor=m1.db", "uuid=0793895c", "flavor=secret one"));

    @Test
    void aServerIsExcludedByItsUuidOrByItsFlavor() {
        assertThat(RULES.objection("web", () -> Optional.of("m1.small"))).isEmpty();
        assertThat(RULES.objection("0793895c", () -> Optional.of("m1.small"))).isPresent();
        assertThat(RULES.objection("web", () -> Optional.of("secret one")).orElseThrow())
                .contains("flavor secret one");
    }

    @Test
    void aServerWhoseFlavorIsNotKnownIsNotProfiledIfFlavorsAreExcluded() {
        assertThat(RULES.objection("web", Optional::empty).orElseThrow()).contains("not known");
        ProfilingRules byName = ProfilingRules.of(Means.MONITOR, List.of("uuid=x"));
        assertThat(byName.objection("web", () -> {
                    throw new AssertionError("nobody asks for the flavor");
                }))
                .isEmpty();
    }

    @Test
    void aHostCanProfileNothing() {
        assertThat(ProfilingRules.of(Means.NONE, List.of())
                        .objection("web", Optional::empty)
                        .orElseThrow())
                .contains("--profile-through none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"m1.db", "flavor=", "uuid=", "name=web"})
    void aRuleOfAnotherFormIsRefused(String rule) {
        assertThatThrownBy(() -> ProfilingRules.of(Means.MONITOR, List.of(rule)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("uuid=UUID or flavor=NAME");
    }

    @Test
    void withoutTheMonitorItIsNeverAsked() throws Exception {
        Monitor monitor = mock();
        RunningVm vm = new RunningVm(WritingVm.definition("web"), 1, Path.of("/nowhere"));
        VmProfiler profiler = (any, asked, patience, early) -> {
            assertThatThrownBy(() -> asked.execute("query-status", Map.of()))
                    .isInstanceOfSatisfying(
                            QmpException.class, e -> assertThat(e.refused()).isFalse());
            return WritingVm.named("web");
        };
        ProfilingRules.of(Means.PROC, List.of()).profiler(profiler).profile(vm, monitor);
        verifyNoInteractions(monitor);
        assertThat(ProfilingRules.DEFAULT.profiler(profiler)).isSameAs(profiler);
    }
}
