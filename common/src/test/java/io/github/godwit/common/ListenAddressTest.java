package io.github.godwit.common;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenAddressTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1",
        "compute1.example.org, compute1.example.org",
        "::1, [::1]",
        "2001:db8::1, [2001:db8::1]",
        "[2001:db8::1], [2001:db8::1]",
    })
    void anIpv6AddressIsInBracketsInAUrl(String host, String inUrl) {
        assertThat(ListenAddress.inUrl(host)).isEqualTo(inUrl);
    }

    @ParameterizedTest
    @CsvSource({"[::1]:9622, [0:0:0:0:0:0:0:1]", "127.0.0.1:9622, 127.0.0.1"})
    void anAddressToListenOnMayBeOfIpv6(String text, String host) {
        assertThat(ListenAddress.hostOf(ListenAddress.parse(text, "127.0.0.1:9622")))
                .isEqualTo(host);
    }
}
