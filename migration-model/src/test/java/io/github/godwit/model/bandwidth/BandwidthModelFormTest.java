package io.github.godwit.model.bandwidth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.bandwidth.BandwidthCurve.Origin;
import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.unit.Bandwidth;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

class BandwidthModelFormTest {

    private static final String OWN = """
            {"version": 1, "source": "measured migrations", "date": "2025-04-30", "linkMbit": 200, "rows": 90,
             "curves": [{"technique": "PRE", "traffic": "outbound", "rows": 57, "breakpoints": [0, 100, 200],
                         "pieces": [{"slope": -0.8, "intercept": 180}, {"slope": 0, "intercept": 100}]}]}
            """;

    private static BandwidthModel read(String json) {
        return BandwidthModelForm.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aCurveOfOnesOwnReplacesThePublishedOneAndTheOthersStay() {
        BandwidthModel model = read(OWN);

        BandwidthCurve own = model.curve(TechniqueFamily.PRE, TrafficClass.OUTBOUND);
        assertThat(own.at(0.25)).isCloseTo(0.7, within(1e-12)); // 50 of 200: 180 − 40 = 140
        assertThat(own.at(0.75)).isCloseTo(0.5, within(1e-12));
        assertThat(own.origin().describe())
                .isEqualTo(
                        "that was fitted to 57 migrations (measured migrations), 2025-04-30, on a link of 200 Mbit/s");
        BandwidthModel published = BandwidthModel.published();
        assertThat(model.curve(TechniqueFamily.POST, TrafficClass.INBOUND))
                .isEqualTo(published.curve(TechniqueFamily.POST, TrafficClass.INBOUND));
        assertThat(model.curve(TechniqueFamily.PRE, TrafficClass.MIXED))
                .isEqualTo(published.curve(TechniqueFamily.PRE, TrafficClass.MIXED));
    }

    @Test
    void outsideTheMeasuredRangeTheValueAtItsEndHolds() {
        BandwidthCurve curve =
                read(OWN.replace("[0, 100, 200]", "[50, 100, 150]")).curve(TechniqueFamily.PRE, TrafficClass.OUTBOUND);
        assertThat(curve.at(0)).isEqualTo(curve.at(0.25));
        assertThat(curve.at(1)).isEqualTo(curve.at(0.75));
    }

    @Test
    void whatIsWrittenIsRead() {
        Map<TechniqueFamily, Map<TrafficClass, BandwidthCurve>> curves = new EnumMap<>(TechniqueFamily.class);
        curves.put(
                TechniqueFamily.POST,
                Map.of(TrafficClass.MIXED, BandwidthModel.published().curve(TechniqueFamily.POST, TrafficClass.MIXED)));
        Map<String, Object> form = BandwidthModelForm.write(
                curves, new Origin("measured migrations", 40, Bandwidth.ofMegabits(1_000), "2025-04-30"));

        String json = new Yaml().dump(form);
        BandwidthCurve read = read(json).curve(TechniqueFamily.POST, TrafficClass.MIXED);
        assertThat(read.breakpoints()).containsExactly(0.0, 0.528, 1.0);
        assertThat(1_000 * read.at(0.4)).isCloseTo(465.9, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"version\": 1 | \"version\": 2 | has version 2.0; this release reads version 1",
                "\"PRE\" | \"THR\" | The technique of a curve is THR; it must be PRE, POST or PRE-POST.",
                "\"outbound\" | \"idle\" | The traffic of a curve is 'idle'; it must be inbound, outbound or mixed.",
                "[0, 100, 200] | [0, 200] | In the curve of PRE beside outbound traffic: A curve of 2 pieces needs 3 breakpoints",
                "[0, 100, 200] | [0, 100, 90] | The breakpoint (0.45) must be from 0.5",
                "[0, 100, 200] | [0, 100, 300] | The breakpoint (1.5) must be from",
                "\"linkMbit\": 200 | \"linkMbit\": 0 | The link (0.0) must be positive",
                "\"slope\": 0 | \"slope\": \"steep\" | The slope of the curve of PRE beside outbound traffic (steep) must be a number.",
                "\"curves\" | \"curve\" | The key 'curves' of the bandwidth model must be a list.",
                "{\"version\" | [\"version\" | not valid JSON",
            })
    void whatIsWrongIsNamed(String right, String wrong, String message) {
        assertThatThrownBy(() -> read(OWN.replace(right, wrong)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
