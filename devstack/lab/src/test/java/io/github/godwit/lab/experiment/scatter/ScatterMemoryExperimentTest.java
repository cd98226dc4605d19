package io.github.godwit.lab.experiment.scatter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.lab.experiment.scatter.ScatterMemoryExperiment.Case;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScatterMemoryExperimentTest {

    @Test
    void eachGuestMigratesInEachWay() {
        List<String> ways = IntStream.range(0, 48)
                .mapToObj(Case::of)
                .map(each ->
                        "%s %d %d %s".formatted(each.guest().name(), each.intermediaries(), each.copies(), each.zstd()))
                .distinct()
                .toList();
        assertThat(ways).as("four guests, five placements, compressed or not").hasSize(40);
    }

    @Test
    void aMigrationCountsOnlyIfPagesWaitedAndTheMemoryIsIntact() throws Exception {
        ObjectNode results = (ObjectNode) WireJson.mapper().readTree("""
                {"RANDOM": {"intact": 7, "of": 7}, "runs": [
                 {"guest": "RANDOM", "scattered": true, "memory_intact": true},
                 {"guest": "RANDOM", "scattered": false, "memory_intact": true},
                 {"guest": "linux", "scattered": true, "memory_intact": false}]}""");
        ScatterMemoryExperiment.count(results);
        assertThat(results.path("RANDOM").toString()).isEqualTo("{\"intact\":1,\"of\":2}");
        assertThat(results.path("linux").toString()).isEqualTo("{\"intact\":0,\"of\":1}");
        assertThat(results.path("intact").asInt()).isEqualTo(1);
        assertThat(results.path("of").asInt()).isEqualTo(3);
    }

    @Test
    void itEndsAfterAsManyMigrationsAsWanted() throws Exception {
        assertThat(ScatterMemoryExperiment.next(WireJson.mapper().readTree("{\"runs\": [{}]}"), 2))
                .contains(Case.of(1));
        assertThat(ScatterMemoryExperiment.next(WireJson.mapper().readTree("{\"runs\": [{}, {}]}"), 2))
                .isEmpty();
    }
}
