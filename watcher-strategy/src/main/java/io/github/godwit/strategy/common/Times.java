package io.github.godwit.strategy.common;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as clients write them. */
public final class Times {

    /** From here on, years have more digits than clients read. */
    private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

    private static final Pattern AGO = Pattern.compile("(\\d{1,6})([mhdw])");

    private Times() {}

    /**
     * Parses a time in ISO 8601; a time without an offset is in UTC.
     *
     * @param name name of the attribute, for the error
     * @throws ServiceRefusal if the text is not a time
     */
    public static Instant parse(String name, String text) {
        Instant time;
        try {
            time = iso(text);
        } catch (DateTimeParseException e) {
            throw invalid(name, text, "Write a time such as 2026-01-31T14:00:00");
        }
        return inRange(name, text, time);
    }

    /**
     * Parses a time, or how long ago it is: {@code 90m}, {@code 24h}, {@code 7d} or {@code 2w}.
     *
     * @param name name of the attribute, for the error
     * @throws ServiceRefusal if the text is neither
     */
    public static Instant since(String name, String text, Instant now) {
        Matcher ago = AGO.matcher(text.strip());
        if (ago.matches()) {
            return inRange(name, text, now.minus(duration(Long.parseLong(ago.group(1)), ago.group(2))));
        }
        try {
            return inRange(name, text, iso(text));
        } catch (DateTimeParseException e) {
            throw invalid(
                    name, text, "Write a number and m, h, d or w, such as 7d, or a time such as 2026-01-31T14:00:00");
        }
    }

    private static Duration duration(long number, String unit) {
        return switch (unit) {
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> Duration.ofDays(7 * number);
        };
    }

    private static Instant iso(String text) {
        String iso = text.strip().replace(' ', 'T');
        return iso.matches(".*([Zz]|[+-]\\d\\d:?\\d\\d)")
                ? OffsetDateTime.parse(iso).toInstant()
                : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
    }

    private static Instant inRange(String name, String text, Instant time) {
        if (time.isBefore(Instant.EPOCH) || !time.isBefore(YEAR_10000)) {
            throw invalid(name, text, "Write a time from 1970 to 9999.");
        }
        return time;
    }

    private static ServiceRefusal invalid(String name, String text, String advice) {
        return ServiceRefusal.invalid(
                "Invalid input for field/attribute %s. Value: '%s'. %s".formatted(name, text, advice));
    }
}
