package io.github.godwit.training.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotalTimeTest {

    @ParameterizedTest
    @CsvSource({
        "0, UNDER_500_MS",
        "499.9, UNDER_500_MS",
        "500, UNDER_1_S",
        "1000, UNDER_2_S",
        "3999, UNDER_4_S",
        "4000, LONGER",
        "600000, LONGER"
    })
    void aClassEndsWhereTheNextBegins(double millis, TotalTime expected) {
        assertThat(TotalTime.ofMillis(millis)).isEqualTo(expected);
    }
}
