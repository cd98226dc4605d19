package io.github.godwit.model.predict.analytic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Scattering;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import org.junit.jupiter.api.Test;

/** When the source is free by SCATTER-GATHER, as the lab measured it over 1 Gbit/s with 300 Mbit/s into the destination. */
class EvictionTimeTest {

    private static final double MEASURED_MEGABYTES = 337;

    private static MigrationCase to(double megabitsOfDestination, Scattering scattering) {
        var vm = ByHand.vm(512, 321, ByHand.levelAt(1_000));
        var source = ByHand.host("h1", 0, 0, 1_000);
        var destination = ByHand.host("h2", 0, 0, megabitsOfDestination);
        return new MigrationCase(
                vm,
                source,
                destination,
                LinkProfile.between(source, destination, 0.2),
                MigrationTuning.forVm(vm),
                0,
                scattering);
    }

    private static Prediction predict(MigrationCase migration, Technique technique) {
        return new AnalyticPredictor().predict(migration, technique);
    }

    @Test
    void theSourcesOwnLinkDecidesHoweverSlowTheDestinationIs() {
        Prediction scattered = predict(to(300, new Scattering(2, 1, null)), Technique.SCATTER_GATHER);
        Prediction direct = predict(to(300, null), Technique.POST_COPY);

        assertThat(scattered.value(Metric.TRANSFERRED_DATA)).isCloseTo(MEASURED_MEGABYTES, within(20.0));
        assertThat(scattered.sourceFree().value()).isCloseTo(3_000, within(300.0));
        assertThat(scattered.value(Metric.TOTAL_TIME)).isCloseTo(direct.value(Metric.TOTAL_TIME), within(1.0));
        assertThat(direct.sourceFree().value()).isCloseTo(9_500, within(950.0));
    }

    @Test
    void aSecondCopyTakesAsLongAsTheFirst() {
        Prediction twice = predict(to(300, new Scattering(2, 2, null)), Technique.SCATTER_GATHER);

        assertThat(twice.sourceFree().value()).isCloseTo(6_000, within(600.0));
        assertThat(twice.eviction().heldMegabytes()).isCloseTo(2 * twice.value(Metric.TRANSFERRED_DATA), within(0.001));
    }

    @Test
    void slowIntermediariesSetThePace() {
        Prediction slow = predict(to(300, new Scattering(2, 1, Bandwidth.ofMegabits(200))), Technique.SCATTER_GATHER);

        assertThat(slow.sourceFree().value()).isGreaterThan(13_000);
        assertThat(slow.value(Metric.TOTAL_TIME))
                .isGreaterThanOrEqualTo(slow.sourceFree().value());
    }

    @Test
    void otherTechniquesFreeTheSourceAtTheirEnd() {
        Prediction direct = predict(to(300, new Scattering(2, 1, null)), Technique.POST_COPY);

        assertThat(direct.eviction()).isNull();
        assertThat(direct.sourceFree()).isEqualTo(direct.estimates().get(Metric.TOTAL_TIME));
    }
}
