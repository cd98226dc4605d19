package io.github.godwit.host.cli;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code ADDR:PORT}, {@code [IPV6]:PORT}. */
final class ListenAddress {

    private static final Pattern FORM = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\[\\]]+):(\\d{1,5})");
    private static final int LAST_PORT = 65535;

    private ListenAddress() {}

    static InetSocketAddress parse(String text) {
        Matcher matcher = FORM.matcher(text.trim());
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > LAST_PORT) {
            throw new TypeConversionException(
                    "'%s' is not an address to listen on. Write ADDR:PORT, for example 127.0.0.1:9622."
                            .formatted(text));
        }
        return new InetSocketAddress(matcher.group(1).replaceAll("[\\[\\]]", ""), Integer.parseInt(matcher.group(2)));
    }
}
