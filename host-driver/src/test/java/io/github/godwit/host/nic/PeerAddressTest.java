package io.github.godwit.host.nic;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerAddressTest {

    @ParameterizedTest
    @CsvSource({"10.0.0.2,10.0.0.2", "fd00::2,fd00:0:0:0:0:0:0:2", "[fd00::2],fd00:0:0:0:0:0:0:2"})
    void anAddressIsRead(String text, String address) {
        assertThat(PeerAddress.find(text)).map(InetAddress::getHostAddress).contains(address);
    }

    /** The text comes from other hosts. */
    @ParameterizedTest
    @ValueSource(
            strings = {"", "h2", "localhost", "10.0.2", "10.0.0.256", "abc", "fd00::2::3", "10.0.0.2; reboot", "-6"})
    void nothingElseIsAndNoNameIsLookedUp(String text) {
        assertThat(PeerAddress.find(text)).isEmpty();
    }

    @Test
    void noneIsNone() {
        assertThat(PeerAddress.find(null)).isEmpty();
    }
}
