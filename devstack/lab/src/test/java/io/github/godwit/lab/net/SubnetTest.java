package io.github.godwit.lab.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubnetTest {

    @Test
    void addressesAreCountedFromTheStart() {
        Subnet subnet = Subnet.parse("10.97.0.0/24");

        assertThat(subnet.address(11)).isEqualTo("10.97.0.11");
        assertThat(subnet).hasToString("10.97.0.0/24");
    }

    @Test
    void bitsAfterThePrefixAreCleared() {
        assertThat(Subnet.parse("192.168.7.33/24")).isEqualTo(Subnet.parse("192.168.7.0/24"));
    }

    @Test
    void anAddressAloneIsANetworkOfOne() {
        assertThat(Subnet.parse("10.0.0.5").prefixLength()).isEqualTo(32);
    }

    @ParameterizedTest
    @CsvSource({
        "10.97.0.0/24, 10.97.0.77/32, true",
        "10.97.0.0/24, 10.0.0.0/8, true",
        "10.97.0.0/24, 0.0.0.0/0, true",
        "10.97.0.0/24, 10.97.1.0/24, false",
        "200.0.0.0/8, 10.0.0.0/8, false"
    })
    void networksOverlapWhenTheyHaveAnAddressInCommon(String one, String other, boolean overlap) {
        assertThat(Subnet.parse(one).overlaps(Subnet.parse(other))).isEqualTo(overlap);
        assertThat(Subnet.parse(other).overlaps(Subnet.parse(one))).isEqualTo(overlap);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.97.0/24", "10.97.0.0/33", "10.97.0.256/24", "fd00::/64", "h1"})
    void textThatIsNotAnIpv4NetworkIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Subnet.parse(text));
    }
}
