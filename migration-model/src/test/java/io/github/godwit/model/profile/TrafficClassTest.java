package io.github.godwit.model.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.unit.Bandwidth;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The traffic classes of [Thesis 2025]. */
class TrafficClassTest {

    @ParameterizedTest
    @CsvSource({
        "9.9,   9.9, IDLE",
        "10,    0,   INBOUND",
        "0,     10,  OUTBOUND",
        "121,   100, INBOUND",
        "120,   100, MIXED",
        "100,   121, OUTBOUND",
        "100,   120, MIXED",
        "0,     0,   IDLE",
    })
    void traffic_has_the_class_of_its_dominant_way(double in, double out, TrafficClass expected) {
        assertThat(TrafficClass.of(new Traffic(Bandwidth.ofMegabits(in), Bandwidth.ofMegabits(out))))
                .isEqualTo(expected);
    }
}
