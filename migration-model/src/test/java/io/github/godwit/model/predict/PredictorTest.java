package io.github.godwit.model.predict;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.Predictions;
import io.github.godwit.model.Vms;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.util.List;
import org.junit.jupiter.api.Test;

class PredictorTest {

    @Test
    void what_was_in_a_table_before_is_gone_when_several_techniques_are_predicted_into_it() {
        Prediction same = Predictions.of(1000, 10, 100, 0.9, 5, 5);
        Predictor predictor = (migration, technique) -> same;
        PredictionTable table = new PredictionTable();
        table.put(Technique.ZSTD, same);

        predictor.predict(migration(), List.of(Technique.PRE_COPY, Technique.POST_COPY), table);

        assertThat(table.predictions()).containsOnlyKeys(Technique.PRE_COPY, Technique.POST_COPY);
    }

    private static MigrationCase migration() {
        HostProfile source = host("h1");
        HostProfile destination = host("h2");
        return new MigrationCase(
                Vms.small(), source, destination, LinkProfile.between(source, destination, 0), MigrationTuning.DEFAULT);
    }

    private static HostProfile host(String name) {
        return new HostProfile(name, 4, 0.3, MemorySize.parse("8G"), 0.5, Bandwidth.ofMegabits(1000), Traffic.NONE);
    }
}
