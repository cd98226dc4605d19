package io.github.godwit.lab.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.lab.LabException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SubnetChooserTest {

    private static List<Subnet> routes(String... networks) {
        return Stream.of(networks).map(Subnet::parse).toList();
    }

    @Test
    void aSubnetIsChosenThatNoRouteLeadsTo() {
        Subnet first = SubnetChooser.choose(routes("192.0.2.0/24"));

        assertThat(SubnetChooser.choose(List.of(first))).isNotEqualTo(first);
        assertThat(SubnetChooser.choose(routes("10.0.0.0/8")).toString()).startsWith("192.168.");
    }

    @Test
    void whereAllSubnetsAreRoutedTheUserMustGiveOne() {
        assertThatThrownBy(() -> SubnetChooser.choose(routes("10.0.0.0/8", "192.168.0.0/16")))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("--subnet");
    }

    @Test
    void aGivenSubnetMustBeFreeAndLargeEnough() {
        Subnet wanted = Subnet.parse("10.5.0.0/24");

        assertThat(SubnetChooser.check(wanted, routes("10.6.0.0/16"))).isEqualTo(wanted);
        assertThatThrownBy(() -> SubnetChooser.check(wanted, routes("10.5.0.0/16")))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("10.5.0.0/16");
        assertThatThrownBy(() -> SubnetChooser.check(Subnet.parse("10.5.0.0/30"), List.of()))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("/24");
    }
}
