package io.github.godwit.strategy.load;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ranges in a PromQL query: {@code [5m]} of a range vector, {@code [1h30m:1m]} of a subquery. */
final class QueryRange {

    private static final Pattern RANGE = Pattern.compile("\\[\\s*((?:\\d{1,9}(?:ms|[smhdwy]))+)\\s*(?::[^\\]]*)?\\]");
    private static final Pattern PART = Pattern.compile("(\\d+)(ms|[smhdwy])");

    /** In milliseconds, as Prometheus counts them. */
    private static final Map<String, Long> UNITS = Map.of(
            "ms", 1L,
            "s", 1_000L,
            "m", 60_000L,
            "h", 3_600_000L,
            "d", 86_400_000L,
            "w", 604_800_000L,
            "y", 31_536_000_000L);

    private QueryRange() {}

    /** Returns the longest range of a query, or zero if it has none. */
    static Duration longest(String query) {
        long longest = 0;
        Matcher ranges = RANGE.matcher(query);
        while (ranges.find()) {
            long millis = 0;
            Matcher parts = PART.matcher(ranges.group(1));
            while (parts.find()) {
                millis += Long.parseLong(parts.group(1)) * UNITS.get(parts.group(2));
            }
            longest = Math.max(longest, millis);
        }
        return Duration.ofMillis(longest);
    }
}
