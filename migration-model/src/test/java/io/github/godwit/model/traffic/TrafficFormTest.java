package io.github.godwit.model.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrafficFormTest {

    private final Map<String, Object> batch = new HashMap<>(
            TrafficForm.write(TrafficClasses.shipped().find("batch").orElseThrow()));

    @Test
    void aSetIsReadAsItWasWritten() {
        TrafficClasses set = new TrafficClasses(
                7,
                TrafficClasses.shipped().types(),
                List.of(new ProjectBounds(
                        "batch",
                        "p1",
                        2,
                        Map.of(Urgency.LOW, new SlaTerms(SlaBound.parse("1mbit"), SlaBound.parse("2mbit"))))));

        assertThat(TrafficForm.read(TrafficForm.write(set))).isEqualTo(set);
    }

    private void wrong(String key, Object value, String words) {
        batch.put(key, value);
        assertThatThrownBy(() -> TrafficForm.type(batch))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }

    @Test
    void anUnknownKeyIsAnError() {
        wrong("colour", "red", "unknown key 'colour'");
    }

    @Test
    void aWrongValueIsNamed() {
        wrong("traffic", List.of("sideways"), "There is no traffic 'sideways'");
        wrong("traffic", List.of(), "In traffic class 'batch': Traffic class 'batch' has no direction");
    }

    @Test
    void aClassNeedsBoundsForEachUrgency() {
        Map<String, Object> pair = Map.of("sla_lower", "50%", "sla_upper", "60%");
        wrong("bounds", Map.of("high", pair, "low", pair), "no bounds for urgency medium");
        wrong("bounds", Map.of("high", Map.of("sla_lower", "50%")), "'sla_upper' is missing");
        wrong(
                "bounds",
                Map.of("high", Map.of("sla_lower", "50%, 9mbit", "sla_upper", "60%")),
                "must not be more than the sla_upper (60%)");
    }
}
