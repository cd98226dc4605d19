package io.github.godwit.model.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class VmNicTest {

    @Test
    void theMacAddressIsInLowerCase() {
        assertThat(new VmNic("52:54:00:AB:CD:EF", "br0").mac()).isEqualTo("52:54:00:ab:cd:ef");
    }

    /** The lowest bit of the first byte marks a group address, which no interface may have. */
    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {"", "52:54:00:ab:cd", "52-54-00-ab-cd-ef", "53:54:00:ab:cd:ef", "52:54:00:ab:cd:ef,vhost=on"})
    void anAddressThatNoInterfaceMayHaveIsRefused(String mac) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VmNic(mac, "br0"))
                .withMessageContaining("unicast address");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "br 0", "-br0", "a-bridge-of-16-ch", "br/0"})
    void aBridgeThatCannotExistIsRefused(String bridge) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VmNic("52:54:00:ab:cd:ef", bridge))
                .withMessageContaining("at most 15 characters");
    }
}
