package io.github.godwit.model.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.Vms;
import io.github.godwit.model.unit.MemorySize;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkloadClassTest {

    @Test
    void a_database_that_updates_60_mib_a_second_is_memory_and_write_intensive() {
        // half of its vCPU is busy, too
        assertThat(WorkloadClass.of(Vms.writing(256, 128, 64, 60, false)))
                .containsExactlyInAnyOrder(
                        WorkloadClass.CPU_INTENSIVE, WorkloadClass.MEMORY_INTENSIVE, WorkloadClass.WRITE_INTENSIVE);
    }

    @Test
    void one_that_rewrites_few_pages_again_and_again_writes_much_but_is_not_memory_intensive() {
        assertThat(WorkloadClass.of(Vms.writing(256, 128, 8, 60, false)))
                .contains(WorkloadClass.WRITE_INTENSIVE)
                .doesNotContain(WorkloadClass.MEMORY_INTENSIVE);
    }

    @Test
    void one_that_computes_and_writes_nothing_reads() {
        assertThat(WorkloadClass.of(Vms.writing(256, 128, 8, 0, false)))
                .containsExactlyInAnyOrder(WorkloadClass.CPU_INTENSIVE, WorkloadClass.READ_INTENSIVE);
    }

    @Test
    void one_that_computes_and_whose_writes_are_not_known_is_not_said_to_read() {
        VmProfile unmeasured = VmProfile.unmeasured(
                new VmDefinition("vm", MemorySize.ofMebibytes(256), 1, "guest", "", Accelerator.KVM, 0));
        VmProfile half = Vms.known(
                        Vms.writing(256, 128, 8, 60, false), Map.of(ProfilePart.CONTENT, 0L, ProfilePart.VCPU_USE, 0L))
                .completedFrom(unmeasured);

        assertThat(WorkloadClass.of(half)).containsExactly(WorkloadClass.CPU_INTENSIVE);
        assertThat(WorkloadClass.of(unmeasured)).isEmpty();
    }
}
