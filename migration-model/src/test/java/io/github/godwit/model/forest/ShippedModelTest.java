package io.github.godwit.model.forest;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.Metric;
import io.github.godwit.model.Prediction;
import io.github.godwit.model.Technique;
import org.junit.jupiter.api.Test;

class ShippedModelTest {

    @Test
    void knowsTheTechniquesOfToday() {
        assertThat(ShippedModel.read().techniques())
                .contains(
                        Technique.PRE,
                        Technique.POST,
                        Technique.PRE_POST,
                        Technique.THR,
                        Technique.DCDLT,
                        Technique.DCZSTD,
                        Technique.DCZLIB,
                        Technique.MULTIFD,
                        Technique.POST_PREEMPT);
    }

    @Test
    void foreseesAnOrdinaryMigration() {
        Prediction prediction = ShippedModel.predictor().predict(Models.CASE, Technique.PRE);

        // 64 MiB of content at 1 Gbit/s take half a second, and more with what is written meanwhile
        assertThat(prediction.value(Metric.TT)).isBetween(500.0, 5000.0);
        assertThat(prediction.value(Metric.TD)).isBetween(64.0, 500.0);
    }
}
