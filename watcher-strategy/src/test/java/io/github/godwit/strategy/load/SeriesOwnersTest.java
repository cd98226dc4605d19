package io.github.godwit.strategy.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.nova.Prometheus.Sample;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.DrawnCluster;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeriesOwnersTest {

    private static final String ONE = "07340a1d-be0c-4394-a3f4-4a49d56a853b";
    private static final String OTHER = "fd61c06e-7912-4931-ac49-202865eb8dcf";
    private static final String ELSEWHERE = "5c6b2fe9-037a-4b97-95ea-5521414e0ff0";

    /** Two cells: both servers have the same instance name. */
    private static final ClusterModel CLUSTER = DrawnCluster.draw("""
            host h1
              vm %s
              vm plain
            host h2
              vm %s
            """.formatted(ONE, OTHER));

    private static Sample series(String... labels) {
        Map<String, String> map = new java.util.HashMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            map.put(labels[i], labels[i + 1]);
        }
        return new Sample(map, 1);
    }

    private static SeriesOwners hosts(Sample... info) {
        return new SeriesOwners(
                new HostNames(CLUSTER.hosts(), PrometheusTerms.HOST_LABELS)::of,
                new InfoLabels(List.of(info), PrometheusTerms.HOST_LABELS, List.of(Set.of("instance"))));
    }

    private static SeriesOwners vms(Map<String, String> domains, Sample... info) {
        List<String> labels = VmExporter.LIBVIRT.labels();
        return new SeriesOwners(
                new VmNames(CLUSTER.vms(), domains, labels)::of,
                new InfoLabels(List.of(info), labels, List.of(Set.of("domain", "instance"), Set.of("domain"))));
    }

    @Test
    void theNodenameIsThatOfTheSameExporter() {
        SeriesOwners owners = hosts(
                series("instance", "10.0.0.1:9100", "job", "node", "nodename", "h1"),
                series("instance", "10.0.0.2:9100", "job", "node", "nodename", "h2"));
        assertThat(owners.of(series("instance", "10.0.0.2:9100", "job", "node")))
                .containsExactly("h2");
        assertThat(owners.of(series("instance", "10.0.0.1:9100"))).containsExactly("h1");
        assertThat(owners.of(series("instance", "10.0.0.3:9100", "job", "node")))
                .isEmpty();
    }

    /** A recording rule has dropped or added labels. */
    @Test
    void theInstanceSufficesWhereOtherLabelsDiffer() {
        SeriesOwners owners = hosts(series("instance", "10.0.0.1:9100", "job", "node", "nodename", "h1"));
        assertThat(owners.of(series("instance", "10.0.0.1:9100", "job", "node", "rule", "cpu")))
                .containsExactly("h1");
    }

    /** Each host's agent scrapes its own exporter; only its external label tells them apart. */
    @Test
    void exportersOfTheSameAddressAreToldApartByTheirOtherLabels() {
        SeriesOwners owners = hosts(
                series("instance", "localhost:9100", "agent", "a", "nodename", "h1"),
                series("instance", "localhost:9100", "agent", "b", "nodename", "h2"));
        assertThat(owners.of(series("instance", "localhost:9100", "agent", "b")))
                .containsExactly("h2");
        assertThat(owners.of(series("instance", "localhost:9100"))).containsExactlyInAnyOrder("h1", "h2");
    }

    @Test
    void twoJobsForOneExporterNameItTwiceTheSame() {
        SeriesOwners owners = hosts(
                series("instance", "10.0.0.1:9100", "job", "node", "nodename", "h1"),
                series("instance", "10.0.0.1:9100", "job", "federate", "nodename", "h1"));
        assertThat(owners.of(series("instance", "10.0.0.1:9100"))).containsExactly("h1");
    }

    @Test
    void vmsAreFoundByUuidOrByDomain() {
        SeriesOwners owners = vms(Map.of(ONE, "instance-000073be"));
        assertThat(owners.of(series("domain", "instance-000073be"))).containsExactly(ONE);
        assertThat(owners.of(series("domain", "instance-00000001", "instanceId", OTHER)))
                .containsExactly(OTHER);
        assertThat(owners.of(series("domain", "x", "uuid", ONE.toUpperCase(java.util.Locale.ROOT))))
                .containsExactly(ONE);
        assertThat(owners.of(series("domain", "plain", "uuid", ELSEWHERE))).containsExactly("plain");
        assertThat(owners.of(series("domain", "instance-000000ff"))).isEmpty();
    }

    /** A server may have any display name, also the UUID or the domain of another one. */
    @Test
    void displayNamesNameNobody() {
        SeriesOwners owners = vms(Map.of(ONE, "instance-000073be"));
        for (String label : List.of("instance_name", "instanceName", "name", "resource_name")) {
            assertThat(owners.of(series("domain", "x", label, ONE))).isEmpty();
            assertThat(owners.of(series("domain", "x", label, "instance-000073be")))
                    .isEmpty();
        }
    }

    @Test
    void theUuidOfADomainComesFromAnInfoMetric() {
        SeriesOwners owners = vms(
                Map.of(),
                series("domain", "instance-00000001", "instance", "h1:9177", "uuid", ONE, "instance_name", "web"),
                series("domain", "instance-00000001", "instance", "h2:9177", "instance_id", OTHER));
        assertThat(owners.of(series("domain", "instance-00000001", "instance", "h1:9177")))
                .containsExactly(ONE);
        assertThat(owners.of(series("domain", "instance-00000001", "instance", "h2:9177")))
                .containsExactly(OTHER);
        assertThat(owners.of(series("domain", "instance-00000001"))).containsExactlyInAnyOrder(ONE, OTHER);
    }

    @Test
    void aDomainOfTwoCellsMayBeEither() {
        SeriesOwners owners = vms(Map.of(ONE, "instance-00000001", OTHER, "instance-00000001"));
        assertThat(owners.of(series("domain", "instance-00000001"))).containsExactlyInAnyOrder(ONE, OTHER);
    }

    @Test
    void aDomainWithTheUuidOfAServerElsewhereIsNotOneOfThese() {
        SeriesOwners owners = vms(Map.of(ONE, "instance-00000001"));
        assertThat(owners.of(series("domain", "instance-00000001", "uuid", ELSEWHERE)))
                .isEmpty();
    }
}
