package io.github.godwit.lab.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.lab.collect.VmRows.Direction;
import io.github.godwit.lab.collect.VmRows.Turn;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.technique.Technique;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VmRowsTest {

    private static final DesignedVm VM = new CollectionDesign(DesignRegion.QUICK, 2).vm(1);

    @TempDir
    private Path directory;

    @Test
    void everyTechniqueIsRepeatedAsOftenAsRequestedWithAUniqueId() {
        try (RowFile file = new RowFile(directory.resolve("rows.jsonl"))) {
            List<String> once = ids(new VmRows(times(1), Accelerator.KVM, VM, file));
            List<String> twice = ids(new VmRows(times(2), Accelerator.KVM, VM, file));

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
            VmRows rows = new VmRows(times(2), Accelerator.KVM, VM, file);

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
            List<String> kvm = ids(new VmRows(times(2), Accelerator.KVM, VM, file));
            List<String> tcg = ids(new VmRows(times(2), Accelerator.TCG, VM, file));

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
            VmRows rows = new VmRows(
                    new CollectionPlan(DesignRegion.QUICK, 2, 1, List.of(), false, Hypervisor.LIBVIRT),
                    Accelerator.TCG,
                    VM,
                    file);

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
            List<String> kvm = ids(new VmRows(times(1), Accelerator.KVM, withRing, file));
            List<String> tcg = ids(new VmRows(times(1), Accelerator.TCG, withRing, file));

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
                    Hypervisor.QEMU);

            assertThat(ids(new VmRows(plan, Accelerator.KVM, VM, file)))
                    .containsExactlyInAnyOrder(
                            "q2-vm-0001-a-PRE",
                            "q2-vm-0001-a-PRE-watched",
                            "q2-vm-0001-a-DCdlt",
                            "q2-vm-0001-a-DCdlt-watched",
                            "q2-vm-0001-a-MULTIFD");
        }
    }

    private static CollectionPlan times(int times) {
        return new CollectionPlan(DesignRegion.QUICK, 2, times, List.of(), false, Hypervisor.QEMU);
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
