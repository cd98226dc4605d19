package io.github.godwit.model.predict.forest;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.technique.Technique;
import org.junit.jupiter.api.Test;

class ShippedModelTest {

    @Test
    void knowsTheTechniquesOfToday() {
        assertThat(ShippedModel.read().techniques())
                .contains(
                        Technique.PRE_COPY,
                        Technique.POST_COPY,
                        Technique.PRE_POST_COPY,
                        Technique.AUTO_CONVERGE,
                        Technique.XBZRLE,
                        Technique.ZSTD,
                        Technique.ZLIB,
                        Technique.MULTIFD,
                        Technique.POST_COPY_PREEMPT);
    }

    @Test
    void foreseesAnOrdinaryMigration() {
        Prediction prediction = ShippedModel.predictor().predict(DrawnModels.CASE, Technique.PRE_COPY);

        // 64 MiB of content at 1 Gbit/s take half a second, and more with what is written meanwhile
        assertThat(prediction.value(Metric.TOTAL_TIME)).isBetween(500.0, 5000.0);
        assertThat(prediction.value(Metric.TRANSFERRED_DATA)).isBetween(64.0, 500.0);
    }
}
