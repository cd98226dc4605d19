package io.github.godwit.model.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.Vms;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.schedule.PolicyEstimator.Candidate;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import org.junit.jupiter.api.Test;

/** The estimator that makes a schedule use the same predictor and policy as a single decision. */
class PolicyEstimatorTest {

    private static final MigrationEstimator ESTIMATOR = new PolicyEstimator(
            (vm, destination) -> new Candidate(migration(), TechniqueAvailability.all(), new AnalyticPredictor()),
            SloPolicies.shipped().get("ensure_performance"));

    private static MigrationCase migration() {
        VmProfile vm = Vms.small();
        HostProfile source = host("a");
        HostProfile destination = host("b");
        return new MigrationCase(
                vm, source, destination, LinkProfile.between(source, destination, 0.2), MigrationTuning.forVm(vm));
    }

    private static HostProfile host(String name) {
        Traffic traffic = new Traffic(Bandwidth.ofMegabits(600), Bandwidth.ofMegabits(600));
        return new HostProfile(name, 4, 0.2, MemorySize.parse("16G"), 0.2, Bandwidth.ofMegabits(1000), traffic, 0);
    }

    /** 128 MiB are 1074 Mbit. At 1000 Mbit/s post-copy needs more than 1.07 s, at 250 more than 4.3 s. */
    @Test
    void aShareIsALinkOfThatRate() {
        assertThat(seconds(1000)).isBetween(1.07, 2.1);
        assertThat(seconds(250)).isBetween(4.29, 6.5);
    }

    @Test
    void aShareAboveTheLinkIsTheLink() {
        assertThat(seconds(4000)).isEqualTo(seconds(1000));
    }

    @Test
    void everyTechniqueThatCanRunIsEstimated() {
        TechniqueEstimates estimates = ESTIMATOR.estimate("vm", "b", Bandwidth.ofMegabits(500));
        assertThat(estimates.byTechnique()).containsKeys(Technique.PRE_COPY, Technique.POST_COPY, Technique.ZSTD);
        MigrationEstimate chosen = estimates.byTechnique().get(estimates.chosen());
        assertThat(chosen.seconds().low()).isLessThan(chosen.seconds().value());
        assertThat(chosen.megabytes()).isPositive();
    }

    private static double seconds(double megabits) {
        return ESTIMATOR
                .estimate("vm", "b", Bandwidth.ofMegabits(megabits))
                .byTechnique()
                .get(Technique.POST_COPY)
                .seconds()
                .value();
    }
}
