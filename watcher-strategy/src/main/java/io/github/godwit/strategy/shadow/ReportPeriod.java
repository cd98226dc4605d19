package io.github.godwit.strategy.shadow;

import io.github.godwit.strategy.common.ServiceRefusal;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads from when on a report is wanted: {@code 90m}, {@code 24h}, {@code 7d}, {@code 2w}, or a time in ISO 8601. */
public final class ReportPeriod {

    /** A week. */
    public static final String USUAL = "7d";

    private static final Pattern FORM = Pattern.compile("(\\d{1,6})([mhdw])");

    private ReportPeriod() {}

    /**
     * The beginning.
     *
     * @param text what was given, or null for a week
     * @throws ServiceRefusal if it is neither, or lies in the future
     */
    public static Instant since(String text, Instant now) {
        String given = text == null || text.isBlank() ? USUAL : text.strip();
        Instant since = parse(given, now);
        if (since.isAfter(now)) {
            throw ServiceRefusal.invalid("since (%s) lies in the future. Write for example 7d.".formatted(given));
        }
        return since;
    }

    private static Instant parse(String text, Instant now) {
        Matcher matcher = FORM.matcher(text);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            return now.minus(
                    switch (matcher.group(2)) {
                        case "m" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        case "d" -> Duration.ofDays(number);
                        default -> Duration.ofDays(7 * number);
                    });
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw ServiceRefusal.invalid(
                    "since (%s) must be a number and m, h, d or w, such as 7d, or a time such as 2026-12-01T00:00:00Z."
                            .formatted(text));
        }
    }
}
