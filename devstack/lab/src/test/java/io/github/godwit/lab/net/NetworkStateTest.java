package io.github.godwit.lab.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.lab.LabException;
import io.github.godwit.lab.LabName;
import org.junit.jupiter.api.Test;

/** The answers are in the format of iproute2 6.1. */
class NetworkStateTest {

    private static NetworkState where(String output) {
        return new NetworkState(command -> output);
    }

    @Test
    void onlyTheLabsOwnNamespacesAreFound() {
        NetworkState state = where("""
                [{"name":"godwit-h1","id":2},{"name":"godwit2-h1"},{"name":"other"},{"name":"godwit-wire"}]""");

        assertThat(state.namespaces(LabName.DEFAULT)).containsExactly("godwit-h1", "godwit-wire");
    }

    @Test
    void noOutputIsNoNamespace() {
        assertThat(where("").namespaces(LabName.DEFAULT)).isEmpty();
    }

    @Test
    void theDefaultRouteIsNotARoutedNetwork() {
        NetworkState state = where("""
                [{"dst":"default","gateway":"192.0.2.1"},{"dst":"192.0.2.0/24"},{"type":"local","dst":"127.0.0.1"}]""");

        assertThat(state.routedNetworks()).containsExactly(Subnet.parse("192.0.2.0/24"), Subnet.parse("127.0.0.1/32"));
    }

    @Test
    void theManagementInterfaceIsKnownByItsName() {
        assertThat(where("[{\"ifname\":\"godwit-mgmt\"}]").hasManagementInterface(LabName.DEFAULT))
                .isTrue();
        assertThat(where("[{},{\"ifname\":\"veth0\"}]").hasManagementInterface(LabName.DEFAULT))
                .isFalse();
    }

    @Test
    void anIpWithoutJsonIsReported() {
        assertThatThrownBy(() -> where("godwit-h1 (id: 2)").namespaces(LabName.DEFAULT))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("too old");
    }
}
