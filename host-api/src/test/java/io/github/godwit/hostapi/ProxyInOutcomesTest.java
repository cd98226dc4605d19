package io.github.godwit.hostapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.proxy.ProxyTrust;
import io.github.godwit.model.technique.Technique;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The proxy of PERF in outcomes, and where it is learned. */
class ProxyInOutcomesTest {

    private ObjectNode tree;

    /** A stored outcome with PERF, of a guest that used half a core and whose vCPUs ran for 2.75 of 10 s on both hosts, half of their usual time with the overhead. */
    @BeforeEach
    void readAnOutcome() throws IOException {
        try (InputStream stored = getClass().getResourceAsStream("older/outcome.json")) {
            tree = (ObjectNode) WireJson.mapper().readTree(stored);
        }
        ((ObjectNode) tree.at("/migrationCase/vm")).put("vcpuUse", 0.5);
        ObjectNode times = tree.putObject("vcpuTimes").put("seconds", 10);
        times.putObject("source").put("runSeconds", 1).put("waitSeconds", 0).put("guestSeconds", 0);
        times.putObject("destination")
                .put("runSeconds", 1.75)
                .put("waitSeconds", 0)
                .put("guestSeconds", 0);
    }

    private Outcome outcome() throws IOException {
        return WireJson.mapper().treeToValue(tree, Outcome.class).withProxy();
    }

    @Test
    void theProxyIsAMemberOfItsOwn() throws IOException {
        assertThat(outcome().perfProxy()).isCloseTo(0.5, within(1e-9));
        assertThat(outcome().measured())
                .isEqualTo(WireJson.mapper().treeToValue(tree, Outcome.class).measured());
        ObjectNode written = WireJson.mapper().valueToTree(outcome());
        assertThat(written.path("perfProxy").asDouble()).isCloseTo(0.5, within(1e-9));
        assertThat(written.has("labels") || written.has("outsideView")).isFalse();
    }

    @Test
    void whatAHeartbeatMeasuredIsNeverReplaced() throws IOException {
        Map<Metric, Double> measured = outcome().measured();
        assertThat(measured).containsKey(Metric.PERFORMANCE);
        assertThat(outcome().learnsProxy()).isFalse();
        assertThat(outcome().labels()).isEqualTo(outcome().metrics());
    }

    @ParameterizedTest
    @EnumSource
    void withoutHeartbeatsItIsLearnedForTheTechniquesForWhichItIsTrusted(Technique technique) throws IOException {
        ((ObjectNode) tree.get("measured")).remove("PERF");
        tree.put("technique", technique.id());
        Outcome silent = outcome();

        boolean trusted =
                ProxyTrust.learned(technique, silent.migrationCase().vm().accelerator());
        assertThat(silent.learnsProxy()).isEqualTo(trusted);
        assertThat(silent.labels().get(Metric.PERFORMANCE)).isEqualTo(trusted ? silent.perfProxy() : null);
        assertThat(silent.measured()).doesNotContainKey(Metric.PERFORMANCE);
    }
}
