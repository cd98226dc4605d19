package io.github.godwit.strategy.rest.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardedOriginTest {

    private static final String NONE = "none";

    private static void assertRead(Map<String, String> headers, String scheme, String host) {
        ForwardedOrigin read = ForwardedOrigin.read(headers::get);
        assertThat(read.scheme()).isEqualTo(Optional.of(scheme).filter(text -> !text.equals(NONE)));
        assertThat(read.host()).isEqualTo(Optional.of(host).filter(text -> !text.equals(NONE)));
    }

    private static void assertClient(String header, String value, String address) {
        assertThat(ForwardedOrigin.read(Map.of(header, value)::get).client())
                .isEqualTo(Optional.of(address).filter(text -> !text.equals(NONE)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "for=192.0.2.60;proto=http;by=203.0.113.43          | 192.0.2.60",
                "For=\"[2001:db8:cafe::17]:4711\"; Proto=HTTPS      | 2001:db8:cafe::17",
                "for=\"192.0.2.43:47011\"                           | 192.0.2.43",
                "for=10.9.9.9, for=198.51.100.17;host=b;proto=https | 198.51.100.17",
                "for=10.9.9.9, proto=https                          | none",
                "for=unknown                                        | none",
                "for=_hidden                                        | none",
                "proto=https                                        | none",
            })
    void theClientIsThatOfTheLastProxyBecauseTheRestMayBeForged(String forwarded, String address) {
        assertClient("Forwarded", forwarded, address);
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 203.0.113.7",
        "'10.9.9.9, 203.0.113.7', 203.0.113.7",
        "2001:db8::1, 2001:db8::1",
        "203.0.113.7:5000, 203.0.113.7",
        "'203.0.113.7, evil host', none",
    })
    void theOlderHeaderNamesTheClientToo(String values, String address) {
        assertClient("X-Forwarded-For", values, address);
    }

    /** The examples are those of RFC 7239, sections 4 and 6. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "for=192.0.2.60;proto=http;by=203.0.113.43                      | http  | none",
                "For=\"[2001:db8:cafe::17]:4711\"; Proto=HTTPS ;host=cloud:8443 | https | cloud:8443",
                "for=192.0.2.43;host=\"a.example\", for=198.51.100.17;host=b;proto=https | none | a.example",
                "proto=https;host=\"[2001:db8::1]:443\"                         | https | [2001:db8::1]:443",
                "proto=gopher;host=a/b                                          | none  | none",
                "host=\"a b\";proto=https                                       | https | none",
                "host=evil@cloud                                                | none  | none",
                "=;;=                                                           | none  | none",
                "host                                                           | none  | none"
            })
    void theFirstProxyCounts(String forwarded, String scheme, String host) {
        assertRead(Map.of("Forwarded", forwarded), scheme, host);
    }

    @Test
    void theOlderHeadersCountIfThereIsNoForwarded() {
        assertRead(Map.of(), NONE, NONE);
        assertRead(Map.of("X-Forwarded-Proto", "https", "X-Forwarded-Host", "cloud.example"), "https", "cloud.example");
        assertRead(Map.of("X-Forwarded-Proto", "https, http", "X-Forwarded-Host", "a:1 , b"), "https", "a:1");
        assertRead(Map.of("X-Forwarded-Proto", "javascript", "X-Forwarded-Host", "a/../b"), NONE, NONE);
        assertRead(
                Map.of("Forwarded", "proto=https", "X-Forwarded-Proto", "http", "X-Forwarded-Host", "b"),
                "https",
                NONE);
    }
}
