package io.github.godwit.strategy.rest.server;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a proxy says about the request of its client. As in oslo.middleware, {@code Forwarded} (RFC 7239) counts if there is one, otherwise
 * {@code X-Forwarded-Proto} and {@code X-Forwarded-Host}; of several proxies the first one counts. What is no scheme or no host is ignored.
 *
 * @param scheme {@code http} or {@code https}
 * @param host   host, with the port if it is not the usual one
 */
record ForwardedOrigin(Optional<String> scheme, Optional<String> host) {

    private static final Pattern PAIR = Pattern.compile("\\s*([A-Za-z-]+)=(\"[^\"]*\"|[^;,\"\\s]*)\\s*(;|,|$)|\\s*;");
    private static final Pattern SCHEME = Pattern.compile("https?");
    private static final Pattern HOST =
            Pattern.compile("(?:[A-Za-z0-9._-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(?::\\d{1,5})?");

    /**
     * Reads the headers.
     *
     * @param header gives a header's value, or null
     */
    static ForwardedOrigin read(UnaryOperator<String> header) {
        String forwarded = header.apply("Forwarded");
        if (forwarded != null) {
            Map<String, String> first = first(forwarded);
            return new ForwardedOrigin(scheme(first.get("proto")), host(first.get("host")));
        }
        return new ForwardedOrigin(
                scheme(beforeComma(header.apply("X-Forwarded-Proto"))),
                host(beforeComma(header.apply("X-Forwarded-Host"))));
    }

    private static Map<String, String> first(String forwarded) {
        Map<String, String> pairs = new HashMap<>();
        Matcher pair = PAIR.matcher(forwarded);
        while (pair.lookingAt()) {
            if (pair.group(1) != null) {
                pairs.putIfAbsent(
                        pair.group(1).toLowerCase(Locale.ROOT), pair.group(2).replace("\"", ""));
                if (!";".equals(pair.group(3))) {
                    return pairs;
                }
            }
            pair.region(pair.end(), forwarded.length());
        }
        return pairs;
    }

    private static String beforeComma(String values) {
        return values == null ? null : values.split(",", 2)[0].strip();
    }

    private static Optional<String> scheme(String text) {
        return Optional.ofNullable(text)
                .map(given -> given.toLowerCase(Locale.ROOT))
                .filter(given -> SCHEME.matcher(given).matches());
    }

    private static Optional<String> host(String text) {
        return Optional.ofNullable(text).filter(given -> HOST.matcher(given).matches());
    }
}
