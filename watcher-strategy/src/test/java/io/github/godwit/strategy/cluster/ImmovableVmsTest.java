package io.github.godwit.strategy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.MemorySize;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** VMs that their host driver reports as not migratable. */
class ImmovableVmsTest {

    private static VmStatus vm(String name, String immovable) {
        return new VmStatus(
                name,
                "h1",
                "running",
                null,
                1,
                0,
                MemorySize.parse("1G"),
                Traffic.NONE,
                null,
                null,
                Map.of(),
                immovable,
                null,
                null);
    }

    @Test
    void aVmThatItsDevicesKeepOnItsHostIsPinnedWithTheReason() {
        ClusterRules rules =
                ClusterRules.NONE.withImmovable(List.of(vm("free", null), vm("kept", "it has encrypted memory (sev)")));

        assertThat(rules.pinned()).containsExactly("kept");
        assertThat(rules.pinnedBecause("kept"))
                .hasValue("pinned because it cannot be live-migrated: it has encrypted memory (sev)");
    }

    @Test
    void whatNovaSaysAboutItComesFirst() {
        ClusterRules rules = ClusterRules.NONE
                .withPinned(Set.of("kept"), "locked")
                .withImmovable(List.of(vm("kept", "it has encrypted memory (sev)")));

        assertThat(rules.pinnedBecause("kept")).hasValue("locked");
    }
}
