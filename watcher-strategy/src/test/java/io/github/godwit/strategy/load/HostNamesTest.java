package io.github.godwit.strategy.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.DrawnCluster;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostNamesTest {

    private static final List<String> LABELS = List.of("nodename", "instance");

    private static HostNames names(String cluster) {
        return new HostNames(DrawnCluster.draw(cluster).hosts(), LABELS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "h1                   | h1",
                "H1                   | h1",
                "h1.example.org       | h1",
                "h1.example.org.      | h1",
                "h1:9100              | h1",
                "h1.example.org:9100  | h1",
                "c1                   | c1.example.org",
                "c1.example.org:9100  | c1.example.org",
                "c1.other.org         | -",
                "h                    | -",
                "10.0.0.1:9100        | -",
                "10                   | 10",
                "[fd00::1]:9100       | -",
            })
    void aShortNameAndOneWithADomainAreTheSameHost(String value, String host) {
        HostNames names = names("host h1\nhost c1.example.org\nhost 10");
        assertThat(names.of(Map.of("instance", value))).isEqualTo(host == null ? Set.of() : Set.of(host));
    }

    @Test
    void aShortNameOfTwoHostsNamesBoth() {
        HostNames names = names("host c1.a.org\nhost c1.b.org");
        assertThat(names.of(Map.of("nodename", "c1"))).containsExactlyInAnyOrder("c1.a.org", "c1.b.org");
        assertThat(names.of(Map.of("nodename", "c1.b.org"))).containsExactly("c1.b.org");
    }

    /** The first label that names a host of the cluster decides; external labels of a Prometheus come later. */
    @Test
    void labelsCountInTheirOrder() {
        HostNames names = names("host h1\nhost h2");
        assertThat(names.of(Map.of("nodename", "h2", "instance", "h1:9100"))).containsExactly("h2");
        assertThat(names.of(Map.of("nodename", "ip-10-0-0-1", "instance", "h1:9100")))
                .containsExactly("h1");
        assertThat(names.of(Map.of("job", "h1"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "192.0.2.1:9100       | h1",
                "192.0.2.1            | h1",
                "[2001:db8::1]:9177   | h2",
                "2001:db8::1          | h2",
                "127.0.0.1:9100       | -",
                "mgmt3.example.org:1  | h3",
            })
    void anAddressIsThatOfAHostDriver(String value, String host) {
        List<ClusterHost> hosts = new ArrayList<>();
        Map<String, String> urls = Map.of(
                "h1", "http://192.0.2.1:9622",
                "h2", "http://[2001:db8::1]:9622",
                "h3", "http://mgmt3.example.org:9622",
                "h4", "http://127.0.0.1:9622");
        urls.forEach((name, url) -> hosts.add(new ClusterHost(
                URI.create(url),
                DrawnCluster.draw("host " + name).hosts().get(0).status())));
        assertThat(new HostNames(hosts, LABELS).of(Map.of("instance", value)))
                .isEqualTo(host == null ? Set.of() : Set.of(host));
    }

    /** Another site has the same address. */
    @Test
    void anAddressDoesNotCountForAHostOfAnotherName() {
        ClusterHost host = DrawnCluster.draw("host h1").hosts().get(0);
        URI url = URI.create("http://192.0.2.1:9622");
        HostNames names = new HostNames(List.of(new ClusterHost(url, host.status())), LABELS);
        assertThat(names.of(Map.of("instance", "192.0.2.1:9100"))).containsExactly("h1");
        assertThat(names.of(Map.of("instance", "192.0.2.1:9100", "nodename", "elsewhere")))
                .isEmpty();
    }

    @Test
    void anAddressOfSeveralHostsNamesNone() {
        ClusterHost one = DrawnCluster.draw("host h1").hosts().get(0);
        ClusterHost other = DrawnCluster.draw("host h2").hosts().get(0);
        URI shared = URI.create("http://192.0.2.1:9622");
        HostNames names = new HostNames(
                List.of(new ClusterHost(shared, one.status()), new ClusterHost(shared, other.status())), LABELS);
        assertThat(names.of(Map.of("instance", "192.0.2.1:9100"))).isEmpty();
    }
}
