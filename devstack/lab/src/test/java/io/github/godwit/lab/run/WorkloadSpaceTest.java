package io.github.godwit.lab.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.lab.guest.GuestWorkload.Pattern;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkloadSpaceTest {

    @Test
    void theSameSeedGivesTheSameCasesAndAnotherSeedOthers() {
        assertThat(WorkloadSpace.cases(10, 3)).isEqualTo(WorkloadSpace.cases(10, 3));
        assertThat(WorkloadSpace.cases(10, 3)).isNotEqualTo(WorkloadSpace.cases(10, 4));
    }

    @Test
    void noTwoCasesAreAlikeAndAllFitIntoTheirMemory() {
        List<WorkloadSpace.Case> cases = WorkloadSpace.cases(60, 1);

        assertThat(cases.stream().map(WorkloadSpace.Case::workload).distinct()).hasSize(60);
        assertThat(cases)
                .allSatisfy(one -> assertThat(one.workload().touched().bytes() + (16 << 20))
                        .isLessThanOrEqualTo(one.memory().bytes()));
    }

    @Test
    void everyPatternAndMemorySizeIsMet() {
        List<WorkloadSpace.Case> cases = WorkloadSpace.cases(30, 1);

        assertThat(cases.stream().map(one -> one.workload().pattern())).contains(Pattern.values());
        assertThat(cases.stream().map(one -> one.memory().mebibytes()).distinct())
                .hasSize(4);
    }

    /** Rates spread evenly in their logarithm over 1 to 200 MiB/s: three of ten are above 40, one of ten above 118. */
    @Test
    void someWorkloadsAreFasterThanTheLink() {
        long faster = WorkloadSpace.cases(30, 1).stream()
                .filter(one -> one.workload().dirtyBytesPerSecond().mebibytes() > 119)
                .count();

        assertThat(faster).isBetween(2L, 4L);
    }
}
