package io.github.godwit.model.predict;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.Predictions;
import io.github.godwit.model.Vms;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PredictionTableTest {

    @Test
    void holds_what_was_put_into_it() {
        Map<Technique, Prediction> predictions = Predictions.drawn(new Random(8));
        predictions.remove(Technique.POST_COPY);

        PredictionTable table = PredictionTable.of(predictions);

        assertThat(table.predictions()).isEqualTo(predictions);
        assertThat(table.has(Technique.POST_COPY)).isFalse();
    }

    @Test
    void the_next_case_finds_nothing_of_the_one_before() {
        PredictionTable table = PredictionTable.of(Predictions.drawn(new Random(8)));
        Bandwidth link = Bandwidth.parse("1gbit");
        HostProfile source = new HostProfile("h1", 1, 0.3, MemorySize.parse("64G"), 0.2, link, Traffic.NONE);
        HostProfile destination = new HostProfile("h2", 1, 0.3, MemorySize.parse("64G"), 0.2, link, Traffic.NONE);
        VmProfile vm = Vms.writing(256, 64, 64, 60, true);
        MigrationCase next = new MigrationCase(
                vm, source, destination, LinkProfile.between(source, destination, 0.1), MigrationTuning.forVm(vm));

        new AnalyticPredictor().predict(next, List.of(Technique.PRE_COPY), table);

        assertThat(table.predictions()).containsOnlyKeys(Technique.PRE_COPY);
    }
}
