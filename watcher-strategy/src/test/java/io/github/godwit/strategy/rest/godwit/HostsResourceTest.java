package io.github.godwit.strategy.rest.godwit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.HostStatusBuilder;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.rest.Api;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostsResourceTest {

    private static final ClusterModel DRAWN = DrawnCluster.draw("""
            host h1 in=50 out=700
             vm a in=30 out=2
             vm b
            """);

    @Test
    void hostsAndVmsShowTheirRatesAndClasses() throws Exception {
        JsonNode host = view(DRAWN);
        assertThat(host.path("in_bits_per_second").asLong()).isEqualTo(50_000_000);
        assertThat(host.path("out_bits_per_second").asLong()).isEqualTo(700_000_000);
        assertThat(host.path("traffic_class").asText()).isEqualTo("OUTBOUND");
        assertThat(host.at("/vms/0/in_bits_per_second").asLong()).isEqualTo(30_000_000);
        assertThat(host.at("/vms/0/out_bits_per_second").asLong()).isEqualTo(2_000_000);
        assertThat(host.at("/vms/0/traffic_class").asText()).isEqualTo("INBOUND");
        assertThat(host.at("/vms/1/traffic_class").asText()).isEqualTo("IDLE");
    }

    @Test
    void migrationsThatRunAreNeitherTrafficOfApplicationsNorLoad() throws Exception {
        ClusterModel sending = sending(new Traffic(Bandwidth.ofMegabits(1), Bandwidth.ofMegabits(695)));
        JsonNode host = view(sending);
        assertThat(host.path("out_bits_per_second").asLong()).isEqualTo(700_000_000);
        assertThat(host.path("application_out_bits_per_second").asLong()).isEqualTo(5_000_000);
        assertThat(host.path("application_in_bits_per_second").asLong()).isEqualTo(49_000_000);
        assertThat(host.path("traffic_class").asText()).isEqualTo("INBOUND");
        assertThat(host.path("nic").asText()).isEqualTo("eth0");
        assertThat(sending.host("h1").applications().networkLoad()).isEqualTo(0.049);
        assertThat(sending.host("h1").volume().value())
                .isLessThan(DRAWN.host("h1").volume().value());
    }

    private static ClusterModel sending(Traffic migrations) {
        ClusterHost host = DRAWN.host("h1");
        HostStatus status = host.status();
        HostStatus known =
                HostStatusBuilder.like(status).migrations("eth0", migrations).build();
        return new ClusterModel(List.of(new ClusterHost(host.url(), known)), DRAWN.vms(), List.of());
    }

    private static JsonNode view(ClusterModel cluster) throws InterruptedException {
        Cloud cloud = mock();
        when(cloud.read()).thenReturn(cluster);
        when(cloud.hostName("h1")).thenReturn("h1");
        Api api = mock();
        when(api.cloud()).thenReturn(cloud);
        return new HostsResource(api).get("h1");
    }
}
