package io.github.godwit.model.profile;

import static io.github.godwit.model.profile.ProfilePart.CONTENT;
import static io.github.godwit.model.profile.ProfilePart.VCPU_USE;
import static io.github.godwit.model.profile.ProfilePart.WRITES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.profile.DirtyCurve.Point;
import io.github.godwit.model.profile.VmProfile.DirtySource;
import io.github.godwit.model.unit.MemorySize;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which parts of a profile are known, and how old they are. */
class VmProfileTest {

    private static final MemorySize MEMORY = MemorySize.ofMebibytes(256);

    /** A VM of 256 MiB, of which half is not zero, that writes 1,000 pages/s and takes half a core. */
    private static VmProfile profile(DirtySource source, Accelerator accelerator, Map<ProfilePart, Long> agesMillis) {
        return new VmProfile(
                "vm",
                MEMORY,
                1,
                32_768,
                new DirtyCurve(List.of(new Point(1, 1_000)), 32_768),
                0.1,
                new PageContent(0.5, 0.55, 0.55, 64),
                0.5,
                500,
                MemorySize.ofMebibytes(168),
                false,
                Traffic.NONE,
                source,
                accelerator,
                agesMillis);
    }

    private static VmProfile known(Map<ProfilePart, Long> agesMillis) {
        return profile(DirtySource.DIRTY_BITMAP, Accelerator.KVM, agesMillis);
    }

    /** The same VM when it did something else: it wrote 7,000 pages/s, held less, and computed all the time. */
    private static VmProfile before(Map<ProfilePart, Long> agesMillis) {
        return new VmProfile(
                "vm",
                MEMORY,
                1,
                16_384,
                new DirtyCurve(List.of(new Point(1, 7_000)), 16_384),
                0.9,
                new PageContent(0.2, 0.3, 0.3, 16),
                1,
                250,
                MemorySize.ofMebibytes(104),
                false,
                Traffic.NONE,
                DirtySource.PAGE_SAMPLING,
                Accelerator.KVM,
                agesMillis);
    }

    @Test
    void a_profile_from_before_accelerators_and_ages_were_recorded_is_of_kvm_and_fresh() {
        VmProfile old = profile(DirtySource.DIRTY_BITMAP, null, null);

        assertThat(old.accelerator()).isEqualTo(Accelerator.KVM);
        assertThat(old.agesMillis()).isEqualTo(VmProfile.FRESH);
        assertThat(old.allFresh()).isTrue();
        assertThat(old.missing()).isEmpty();
        assertThat(old).isEqualTo(known(VmProfile.FRESH));
    }

    @Test
    void any_map_that_says_that_all_was_measured_just_now_is_fresh() {
        assertThat(known(new HashMap<>(VmProfile.FRESH)).allFresh()).isTrue();
        assertThat(known(new EnumMap<>(VmProfile.FRESH)).allFresh()).isTrue();
        assertThat(known(Map.of(WRITES, 0L, CONTENT, 0L, VCPU_USE, 1L)).allFresh())
                .isFalse();
        assertThat(known(Map.of(WRITES, 0L, CONTENT, 0L)).allFresh()).isFalse();
    }

    @Test
    void the_ages_are_a_copy_that_nobody_changes() {
        Map<ProfilePart, Long> ages = new HashMap<>(Map.of(WRITES, 7L));
        VmProfile profile = known(ages);
        ages.put(CONTENT, 0L);

        assertThat(profile.agesMillis()).isEqualTo(Map.of(WRITES, 7L));
        assertThatThrownBy(() -> profile.agesMillis().put(CONTENT, 0L))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void nothing_is_measured_in_the_future() {
        assertThatThrownBy(() -> known(Map.of(WRITES, -1L)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("age (-1.0) must not be negative");
    }

    @Test
    void a_part_without_an_age_is_missing() {
        assertThat(known(Map.of(CONTENT, 12L)).missing()).containsExactly(WRITES, VCPU_USE);
        assertThat(known(Map.of(CONTENT, 12L)).nothingMeasured()).isFalse();
        assertThat(known(Map.of()).missing()).containsExactly(WRITES, CONTENT, VCPU_USE);
        assertThat(known(Map.of()).nothingMeasured()).isTrue();
    }

    @Test
    void a_profile_is_as_old_as_its_oldest_part() {
        assertThat(known(Map.of(WRITES, 3L, CONTENT, 70L)).oldestMillis()).isEqualTo(70);
        assertThat(known(VmProfile.FRESH).oldestMillis()).isZero();
        assertThat(known(Map.of()).oldestMillis()).isZero();
    }

    @Test
    void later_all_parts_that_are_known_are_older() {
        VmProfile later = known(Map.of(WRITES, 500L, CONTENT, 0L)).aged(1_500);

        assertThat(later.agesMillis()).isEqualTo(Map.of(WRITES, 2_000L, CONTENT, 1_500L));
        assertThat(later.missing()).containsExactly(VCPU_USE);
        assertThat(later).isEqualTo(known(Map.of(WRITES, 2_000L, CONTENT, 1_500L)));
        assertThat(known(VmProfile.FRESH).aged(1).allFresh()).isFalse();
    }

    @Test
    void missing_writes_are_those_of_before_with_their_age() {
        VmProfile before = before(Map.of(WRITES, 40_000L, CONTENT, 40_000L, VCPU_USE, 40_000L));
        VmProfile now = known(Map.of(CONTENT, 0L, VCPU_USE, 0L));

        VmProfile both = now.completedFrom(before);

        assertThat(both.agesMillis()).isEqualTo(Map.of(WRITES, 40_000L, CONTENT, 0L, VCPU_USE, 0L));
        assertThat(both.dirtyCurve()).isEqualTo(before.dirtyCurve());
        assertThat(both.spatialLocality()).as("read off the sample").isEqualTo(0.1);
        assertThat(both.dirtySource()).isEqualTo(DirtySource.PAGE_SAMPLING);
        assertThat(both.nonZeroPages()).isEqualTo(32_768);
        assertThat(both.content()).isEqualTo(now.content());
        assertThat(both.vcpuUse()).isEqualTo(0.5);
    }

    @Test
    void missing_content_and_cpu_use_are_those_of_before_too() {
        VmProfile before = before(Map.of(WRITES, 5_000L, CONTENT, 6_000L, VCPU_USE, 7_000L));
        VmProfile now = known(Map.of(WRITES, 0L));

        VmProfile both = now.completedFrom(before);

        assertThat(both.agesMillis()).isEqualTo(Map.of(WRITES, 0L, CONTENT, 6_000L, VCPU_USE, 7_000L));
        assertThat(both.dirtyCurve()).isEqualTo(now.dirtyCurve());
        assertThat(both.nonZeroPages()).isEqualTo(16_384);
        assertThat(both.content()).isEqualTo(before.content());
        assertThat(both.vcpuUse()).isEqualTo(1);
        assertThat(both.heartbeatsPerSecond()).isEqualTo(250);
        assertThat(both.residentMemory())
                .as("what needs no measurement is that of now")
                .isEqualTo(now.residentMemory());
    }

    @Test
    void what_is_known_now_is_not_replaced_and_what_was_never_known_stays_missing() {
        VmProfile before = before(Map.of(WRITES, 100L));

        assertThat(known(VmProfile.FRESH).completedFrom(before)).isEqualTo(known(VmProfile.FRESH));
        assertThat(known(Map.of(CONTENT, 0L)).completedFrom(before).missing()).containsExactly(VCPU_USE);
    }

    @Test
    void a_vm_that_was_never_measured_is_as_large_as_it_was_defined_and_nothing_else() {
        VmProfile unmeasured =
                VmProfile.unmeasured(new VmDefinition("web", MEMORY, 2, "guest", "", Accelerator.KVM, 4096));

        assertThat(unmeasured.nothingMeasured()).isTrue();
        assertThat(unmeasured.allFresh()).isFalse();
        assertThat(unmeasured.name()).isEqualTo("web");
        assertThat(unmeasured.memory()).isEqualTo(MEMORY);
        assertThat(unmeasured.vcpus()).isEqualTo(2);
        assertThat(unmeasured.nonZeroPages()).isEqualTo(65_536);
        assertThat(unmeasured.content()).isEqualTo(PageContent.UNKNOWN);
        assertThat(unmeasured.dirtySource()).isEqualTo(DirtySource.NONE);
        assertThat(unmeasured.dirtyRing()).as("its ring has 4,096 entries").isTrue();
        assertThat(unmeasured.accelerator()).isEqualTo(Accelerator.KVM);
    }

    @Test
    void a_translated_vm_without_ring_is_so_before_it_is_measured() {
        VmProfile unmeasured =
                VmProfile.unmeasured(new VmDefinition("web", MEMORY, 1, "guest", "", Accelerator.TCG, 0));

        assertThat(unmeasured.accelerator()).isEqualTo(Accelerator.TCG);
        assertThat(unmeasured.dirtyRing()).isFalse();
    }

    @Test
    void the_same_vm_run_otherwise_differs_in_nothing_else() {
        VmProfile kvm = known(VmProfile.FRESH);
        VmProfile tcg = kvm.withAccelerator(Accelerator.TCG);

        assertThat(tcg).isEqualTo(profile(DirtySource.DIRTY_BITMAP, Accelerator.TCG, VmProfile.FRESH));
        assertThat(tcg.allFresh()).isTrue();
        assertThat(tcg.withAccelerator(Accelerator.KVM)).isEqualTo(kvm);
    }

    @Test
    void of_what_was_measured_within_half_a_minute_there_is_nothing_to_say() {
        assertThat(known(VmProfile.FRESH).caveats()).isEmpty();
        assertThat(known(Map.of(WRITES, 30_000L, CONTENT, 0L, VCPU_USE, 29_999L))
                        .caveats())
                .isEmpty();
    }

    @Test
    void what_is_missing_or_old_is_told_in_sentences() {
        assertThat(known(Map.of(CONTENT, 45_999L, VCPU_USE, 0L)).caveats())
                .isEqualTo(" It could not be measured how much it writes."
                        + " It was last measured 45 s ago what its memory holds.");
        assertThat(known(Map.of()).caveats())
                .isEqualTo(" It could not be measured how much it writes."
                        + " It could not be measured what its memory holds."
                        + " It could not be measured how much CPU it uses.");
    }

    @Test
    void writes_that_were_estimated_without_qemu_are_told_to_be() {
        assertThat(profile(DirtySource.SAMPLED_READS, Accelerator.TCG, VmProfile.FRESH)
                        .caveats())
                .isEqualTo(" How much it writes is an estimate from reading a sample of its memory several times.");
    }
}
