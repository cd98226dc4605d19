package io.github.godwit.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabNameTest {

    @Test
    void everythingThatALabCreatesStartsWithItsNameAndADash() {
        LabName lab = new LabName("mine");

        assertThat(lab.namespace("h1")).isEqualTo("mine-h1");
        assertThat(lab.wire()).isEqualTo("mine-wire");
        assertThat(lab.peer()).isEqualTo("mine-peer");
        assertThat(lab.managementInterface()).isEqualTo("mine-mgmt");
        assertThat(lab.prefix()).isEqualTo("mine-");
    }

    @Test
    void aLabWhoseNameStartsLikeAnothersIsNotTakenForIt() {
        assertThat(new LabName("godwit2").namespace("h1")).doesNotStartWith(LabName.DEFAULT.prefix());
    }

    @Test
    void eachLabHasItsOwnStateDirectory() {
        assertThat(LabName.DEFAULT.stateDirectory()).isEqualTo(Path.of("/run/godwit/lab"));
        assertThat(new LabName("mine").stateDirectory()).isEqualTo(Path.of("/run/godwit/lab-mine"));
    }

    @Test
    void theLongestNameGivesAnInterfaceNameThatTheKernelAccepts() {
        assertThat(new LabName("abcdefghij").managementInterface()).hasSizeLessThanOrEqualTo(15);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Upper", "1st", "a-b", "a b", "../x", "elevenchars"})
    void aNameThatIsInvalidInAPathOrAnInterfaceIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LabName(name))
                .withMessageContaining("lab name")
                .withMessageContaining("up to 10 lower-case letters");
    }
}
