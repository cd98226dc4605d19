package io.github.godwit.strategy.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryRangeTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rate(x[5m]) | PT5M",
                "rate(x{a=\"b\"}[ 90s ]) + rate(y[15m]) | PT15M",
                "max_over_time(rate(x[1m])[1h30m:1m]) | PT1H30M",
                "avg_over_time(x[500ms]) | PT0.5S",
                "x offset 5m | PT0S",
                "0.5 * node_uname_info | PT0S",
            })
    void theLongestRangeOfAQueryCounts(String query, Duration range) {
        assertThat(QueryRange.longest(query)).isEqualTo(range);
    }

    @Test
    void theDefaultQueriesReachFiveMinutesBackAndThoseOfCeilometerFifteen() {
        assertThat(PrometheusTerms.of(DefaultQueries.STANDARD).window()).isEqualTo(Duration.ofMinutes(5));
        assertThat(PrometheusTerms.of(new DefaultQueries(VmExporter.CEILOMETER, "5m", "15m", ""))
                        .window())
                .isEqualTo(Duration.ofMinutes(15));
    }
}
