package io.github.godwit.model.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.Vms;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PostcopyFallbackTest {

    private static final Bandwidth GIGABIT = Bandwidth.ofMegabits(1000);

    private static boolean wanted(VmProfile vm, Technique technique, TechniqueAvailability availability) {
        HostProfile source = host("a");
        HostProfile destination = host("b");
        return PostcopyFallback.prepared(
                        technique,
                        new MigrationCase(
                                vm,
                                source,
                                destination,
                                LinkProfile.between(source, destination, 0.2),
                                MigrationTuning.DEFAULT.withTimeLimit(Duration.ofMinutes(1))),
                        availability,
                        new AnalyticPredictor())
                .tuning()
                .postcopyFallback();
    }

    private static HostProfile host(String name) {
        return new HostProfile(name, 8, 0.2, MemorySize.parse("64G"), 0.2, GIGABIT, Traffic.NONE);
    }

    /** A VM of 1 GiB that writes to half of it, at a rate in MiB/s. */
    private static VmProfile writing(int rate) {
        return Vms.writing(1024, 512, 512, rate, false);
    }

    @Test
    void itIsWantedWhereThreeTimesTheWritesMightNotConverge() {
        assertThat(wanted(writing(1), Technique.PRE_COPY, TechniqueAvailability.all()))
                .isFalse();
        assertThat(wanted(writing(60), Technique.PRE_COPY, TechniqueAvailability.all()))
                .isTrue();
        assertThat(wanted(writing(2_000), Technique.PRE_COPY, TechniqueAvailability.all()))
                .isTrue();
    }

    @Test
    void whatForbidsPostCopyForbidsIt() {
        assertThat(wanted(
                        writing(2_000),
                        Technique.PRE_COPY,
                        TechniqueAvailability.all().without(Set.of(Technique.PRE_POST_COPY), "is forbidden")))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"MULTIFD", "ZSTD", "ZLIB", "DIRTY_LIMIT", "POST_COPY", "PRE_POST_COPY", "POST_COPY_PREEMPT"})
    void techniquesThatQemuDoesNotCombineWithItRunWithout(Technique technique) {
        assertThat(wanted(writing(2_000), technique, TechniqueAvailability.all()))
                .isFalse();
    }
}
