package io.github.godwit.lab.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.lab.collect.VmRows.Direction;
import io.github.godwit.lab.collect.VmRows.Turn;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Version;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VmRowsTest {

    private static final HostCapabilities QEMU_10_0 = new HostCapabilities("h1", Version.of(10, 0), null, Map.of());
    private static final Collectable QEMU_10 = Collectable.of(times(1), Accelerator.KVM, QEMU_10_0);
    private static final Collectable UNDER_TCG = Collectable.of(times(1), Accelerator.TCG, QEMU_10_0);
    private static final DesignedVm VM = new CollectionDesign(DesignRegion.QUICK, 2).vm(1);

    @TempDir
    private Path directory;

    @Test
    void everyTechniqueIsRepeatedAsOftenAsRequestedWithAUniqueId() {
        try (RowFile file = new RowFile(directory.resolve("rows.jsonl"))) {
            List<String> once = ids(new VmRows(times(1), QEMU_10, VM, file));
            List<String> twice = ids(new VmRows(times(2), QEMU_10, VM, file));

            assertThat(once).hasSize(9).contains("q2-vm-0001-a-PRE");
            assertThat(twice)
                    .hasSize(18)
                    .doesNotHaveDuplicates()
                    .containsAll(once)
                    .contains("q2-vm-0001-a2-PRE");
        }
    }

    @Test
    void aMeasuredRowIsNotMeasuredAgain() {
        try (RowFile file = new RowFile(directory.resolve("rows.jsonl"))) {
            VmRows rows = new VmRows(times(2), QEMU_10, VM, file);

            rows.done(Direction.BACK, new Turn(Technique.PRE_COPY, false, 1));

            List<String> left = new ArrayList<>();
            for (Turn turn = rows.next(Direction.BACK); turn != null; turn = rows.next(Direction.BACK)) {
                left.add(rows.id(Direction.BACK, turn));
                rows.done(Direction.BACK, turn);
            }
            assertThat(left).hasSize(17).doesNotContain("q2-vm-0001-b-PRE").contains("q2-vm-0001-b2-PRE");
        }
    }

    @Test
    void rowsUnderTcgHaveTheirOwnIdsSoThatBothFitIntoOneFile() {
        try (RowFile file = new RowFile(directory.resolve("rows.jsonl"))) {
            List<String> kvm = ids(new VmRows(times(2), QEMU_10, VM, file));
            List<String> tcg = ids(new VmRows(times(2), UNDER_TCG, VM, file));

            assertThat(tcg)
                    .hasSize(18)
                    .contains("q2t-vm-0001-a-PRE", "q2t-vm-0001-a2-PRE")
                    .allMatch(id -> id.startsWith("q2t-vm-0001-"))
                    .doesNotContainAnyElementsOf(kvm);
            assertThat(tcg.stream().map(id -> id.replace("q2t-", "q2-")))
                    .as("in the same order")
                    .containsExactlyElementsOf(kvm);
        }
    }

    @Test
    void rowsOfLibvirtHaveTheirOwnIdsAndNoPlainPostCopy() {
        try (RowFile file = new RowFile(directory.resolve("rows.jsonl"))) {
            CollectionPlan plan =
                    new CollectionPlan(DesignRegion.QUICK, 2, 1, List.of(), false, Hypervisor.LIBVIRT, null);
            VmRows rows = new VmRows(plan, Collectable.of(plan, Accelerator.TCG, QEMU_10_0), VM, file);

            assertThat(rows.passing().technique()).isEqualTo(Technique.POST_COPY_PREEMPT);
            assertThat(ids(rows))
                    .hasSize(8)
                    .contains("q2tv-vm-0001-a-PRE", "q2tv-vm-0001-a-POST-PREEMPT")
                    .doesNotContain("q2tv-vm-0001-a-POST");
        }
    }

    @Test
    void dirtyLimitNeedsARingAndKvm() {
        CollectionDesign design = new CollectionDesign(DesignRegion.QUICK, 2);
        DesignedVm withRing = IntStream.iterate(0, i -> i + 1)
                .mapToObj(design::vm)
                .filter(DesignedVm::dirtyRing)
                .findFirst()
                .orElseThrow();
        try (RowFile file = new RowFile(directory.resolve("rows.jsonl"))) {
            List<String> kvm = ids(new VmRows(times(1), QEMU_10, withRing, file));
            List<String> tcg = ids(new VmRows(times(1), UNDER_TCG, withRing, file));

            assertThat(kvm).hasSize(10).contains("q2-%s-a-DIRTY-LIMIT".formatted(withRing.name()));
            assertThat(tcg).hasSize(9).noneMatch(id -> id.endsWith("DIRTY-LIMIT"));
        }
    }

    @Test
    void onlyTheseTechniquesAreCollectedAlsoWatchedWhereTheyCanBeSwitched() {
        try (RowFile file = new RowFile(directory.resolve("rows.jsonl"))) {
            CollectionPlan plan = new CollectionPlan(
                    DesignRegion.QUICK,
                    2,
                    1,
                    List.of(Technique.PRE_COPY, Technique.XBZRLE, Technique.MULTIFD),
                    true,
                    Hypervisor.QEMU,
                    null);

            assertThat(ids(new VmRows(plan, QEMU_10, VM, file)))
                    .containsExactlyInAnyOrder(
                            "q2-vm-0001-a-PRE",
                            "q2-vm-0001-a-PRE-watched",
                            "q2-vm-0001-a-DCdlt",
                            "q2-vm-0001-a-DCdlt-watched",
                            "q2-vm-0001-a-MULTIFD");
        }
    }

    /** QEMU 7.2 has compress threads, QEMU 10 has not. */
    @Test
    void anotherQemuHasItsOwnTechniquesAndIds() {
        CollectionPlan plan = new CollectionPlan(
                DesignRegion.QUICK,
                2,
                1,
                List.of(Technique.XBZRLE_ZLIB, Technique.ZLIB_ASYNC),
                false,
                Hypervisor.QEMU,
                "/q/7.2");
        Collectable older =
                Collectable.of(plan, Accelerator.KVM, new HostCapabilities("h1", Version.of(7, 2), null, Map.of()));

        try (RowFile file = new RowFile(directory.resolve("rows.jsonl"))) {
            assertThat(ids(new VmRows(plan, older, VM, file)))
                    .containsExactlyInAnyOrder("q2u7.2-vm-0001-a-DCdlt-DCZlib", "q2u7.2-vm-0001-a-DCZlib-Async");
        }
        assertThatThrownBy(() -> Collectable.of(plan, Accelerator.KVM, QEMU_10_0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("QEMU 10.0")
                .hasMessageContaining("MULTIFD");
    }

    private static CollectionPlan times(int times) {
        return new CollectionPlan(DesignRegion.QUICK, 2, times, List.of(), false, Hypervisor.QEMU, null);
    }

    private static List<String> ids(VmRows rows) {
        List<String> ids = new ArrayList<>();
        for (Turn turn = rows.next(Direction.THERE); turn != null; turn = rows.next(Direction.THERE)) {
            ids.add(rows.id(Direction.THERE, turn));
            rows.done(Direction.THERE, turn);
        }
        return ids;
    }
}
