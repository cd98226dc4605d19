package io.github.godwit.strategy.rest.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a proxy says about the request of its client. As in oslo.middleware, {@code Forwarded} (RFC 7239) counts if there is one, otherwise
 * {@code X-Forwarded-Proto}, {@code X-Forwarded-Host} and {@code X-Forwarded-For}. Of several proxies the first one counts; for the client's address the last
 * one, because what stands before that may be from the client itself. What is no scheme, no host or no address is ignored.
 *
 * @param scheme {@code http} or {@code https}
 * @param host   host, with the port if it is not the usual one
 * @param client IP address of the last proxy's client
 */
record ForwardedOrigin(Optional<String> scheme, Optional<String> host, Optional<String> client) {

    private static final Pattern PAIR = Pattern.compile("\\s*([A-Za-z-]+)=(\"[^\"]*\"|[^;,\"\\s]*)\\s*(;|,|$)|\\s*;");
    private static final Pattern SCHEME = Pattern.compile("https?");
    private static final Pattern HOST =
            Pattern.compile("(?:[A-Za-z0-9._-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(?::\\d{1,5})?");

    /** An IPv4 address, or an IPv6 address, which has brackets where a port may follow. */
    private static final Pattern ADDRESS = Pattern.compile(
            "(\\d{1,3}(?:\\.\\d{1,3}){3})(?::\\d{1,5})?|\\[([0-9A-Fa-f:.]{2,45})](?::\\d{1,5})?|([0-9A-Fa-f:.]{2,45})");

    /**
     * Reads the headers.
     *
     * @param header gives a header's value, or null
     */
    static ForwardedOrigin read(UnaryOperator<String> header) {
        String forwarded = header.apply("Forwarded");
        if (forwarded != null) {
            List<Map<String, String>> proxies = elements(forwarded);
            Map<String, String> first = proxies.get(0);
            return new ForwardedOrigin(
                    scheme(first.get("proto")),
                    host(first.get("host")),
                    address(proxies.get(proxies.size() - 1).get("for")));
        }
        return new ForwardedOrigin(
                scheme(beforeComma(header.apply("X-Forwarded-Proto"))),
                host(beforeComma(header.apply("X-Forwarded-Host"))),
                address(afterComma(header.apply("X-Forwarded-For"))));
    }

    /** What each proxy says, at least one; it ends before what is not in the form of the RFC. */
    private static List<Map<String, String>> elements(String forwarded) {
        List<Map<String, String>> elements = new ArrayList<>();
        elements.add(new HashMap<>());
        Matcher pair = PAIR.matcher(forwarded);
        while (pair.lookingAt() && pair.end() > pair.start()) {
            if (pair.group(1) != null) {
                elements.get(elements.size() - 1)
                        .putIfAbsent(
                                pair.group(1).toLowerCase(Locale.ROOT),
                                pair.group(2).replace("\"", ""));
                if (",".equals(pair.group(3))) {
                    elements.add(new HashMap<>());
                }
            }
            pair.region(pair.end(), forwarded.length());
        }
        return elements;
    }

    private static String beforeComma(String values) {
        return values == null ? null : values.split(",", 2)[0].strip();
    }

    private static String afterComma(String values) {
        return values == null
                ? null
                : values.substring(values.lastIndexOf(',') + 1).strip();
    }

    private static Optional<String> scheme(String text) {
        return Optional.ofNullable(text)
                .map(given -> given.toLowerCase(Locale.ROOT))
                .filter(given -> SCHEME.matcher(given).matches());
    }

    private static Optional<String> host(String text) {
        return Optional.ofNullable(text).filter(given -> HOST.matcher(given).matches());
    }

    private static Optional<String> address(String text) {
        Matcher given = text == null ? null : ADDRESS.matcher(text);
        if (given == null || !given.matches()) {
            return Optional.empty();
        }
        return Stream.of(given.group(1), given.group(2), given.group(3))
                .filter(Objects::nonNull)
                .findFirst();
    }
}
