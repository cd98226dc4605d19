package io.github.godwit.model.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.select.Slo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {

    @ParameterizedTest
    @CsvSource({"500mbit, 500000000", "1gbit, 1000000000", "2.5gbit, 2500000000", "64kbit, 64000", "8bit, 8"})
    void rates_are_read_as_tc_reads_them(String text, long bits) {
        assertThat(Bandwidth.parse(text)).isEqualTo(new Bandwidth(bits));
        assertThat(Bandwidth.parse(Bandwidth.parse(text).toString())).isEqualTo(new Bandwidth(bits));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1mbit", "fast", "500", "500MB", ""})
    void what_is_no_rate_is_refused_with_an_example(String text) {
        assertThatThrownBy(() -> Bandwidth.parse(text)).hasMessageContaining("for example 500mbit");
    }

    @ParameterizedTest
    @CsvSource({"512M, 536870912", "2G, 2147483648", "64k, 65536", "4096, 4096"})
    void sizes_are_read_as_qemu_reads_them(String text, long bytes) {
        assertThat(MemorySize.parse(text)).isEqualTo(new MemorySize(bytes));
        assertThat(MemorySize.parse(MemorySize.parse(text).toString())).isEqualTo(new MemorySize(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-5M", "1.5G", "lots", "512MB"})
    void what_is_no_size_is_refused_with_an_example(String text) {
        assertThatThrownBy(() -> MemorySize.parse(text)).hasMessageContaining("for example 512M");
    }

    @Test
    void negative_quantities_cannot_be_made() {
        assertThatThrownBy(() -> new Bandwidth(-1)).hasMessageContaining("-1 bit/s");
        assertThatThrownBy(() -> new MemorySize(-4096)).hasMessageContaining("-4096 bytes");
        assertThatThrownBy(() -> new Slo(Metric.TOTAL_TIME, -1, 1)).hasMessageContaining("must not be negative");
    }

    @Test
    void a_difference_of_rates_stops_at_zero() {
        assertThat(Bandwidth.ofMegabits(100).minus(Bandwidth.ofMegabits(300))).isEqualTo(Bandwidth.ZERO);
    }

    @Test
    void versions_are_ordered_by_their_numbers() {
        assertThat(Version.parse("10.0.2 (Debian 1:10.0.2+ds-2)")).isEqualTo(new Version(10, 0, 2));
        assertThat(Version.parse("9.1").atLeast(9, 1)).isTrue();
        assertThat(Version.parse("9.0.4").atLeast(9, 1)).isFalse();
        assertThat(Version.parse("10.0.0").atLeast(9, 1)).isTrue();
        assertThatThrownBy(() -> Version.parse("ten")).hasMessageContaining("10.0.2");
    }
}
