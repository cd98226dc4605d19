package io.github.godwit.nova;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.nova.Nova.Server;
import io.github.godwit.nova.NovaHosts.ComputeService;
import io.github.godwit.nova.NovaHosts.Hypervisor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nova's own samples of its answers at the microversions at which they change ({@code api-samples/README.md}). */
class NovaSamplesTest {

    private final FakeOpenStack cloud = new FakeOpenStack();
    private final Nova nova = new Nova(cloud.session());

    @AfterEach
    void stop() {
        cloud.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "2.1   | ACTIVE  | c3f14e9812ad496baf92ccfb3c61e15f | fake-mini | 0 | us-west | -       | flavor",
                "2.16  | ACTIVE  | bc8efe4fdb7148a4bb921a2b03d17de6 | fake-mini | 0 | us-west | -       | flavor",
                "2.47  | ACTIVE  | compute                          | fake-mini | 1 | us-west | -       | ''",
                "2.69  | UNKNOWN | -                                | -         | 0 | -       | -       | OS-EXT-SRV-ATTR:host, flavor",
                "2.96  | ACTIVE  | -                                | -         | 1 | us-west | us-west | OS-EXT-SRV-ATTR:host",
                "2.98  | ACTIVE  | -                                | -         | 1 | us-west | us-west | OS-EXT-SRV-ATTR:host",
                "2.100 | ACTIVE  | -                                | -         | 1 | us-west | us-west | OS-EXT-SRV-ATTR:host"
            })
    void whatAServerLacksIsNamed(
            String version,
            String status,
            String host,
            String hypervisor,
            int vcpus,
            String zone,
            String pinned,
            String missing) {
        cloud.with("GET /servers/detail?all_tenants=true&limit=500", "api-samples/servers-%s.json".formatted(version));

        Server server = nova.servers().get(0);

        assertThat(nova.servers()).hasSize(1);
        assertThat(server.status()).isEqualTo(status);
        assertThat(server.host()).isEqualTo(host);
        assertThat(server.hypervisor()).isEqualTo(hypervisor);
        assertThat(server.flavor().vcpus()).isEqualTo(vcpus);
        assertThat(server.zone().current()).isEqualTo(zone);
        assertThat(server.zone().pinned()).isEqualTo(pinned);
        assertThat(String.join(", ", server.missing())).isEqualTo(missing);
    }

    @Test
    void theExtraSpecsOfTheFlavorArePartOfAServer() {
        cloud.with("GET /servers/detail?all_tenants=true&limit=500", "api-samples/servers-2.47.json");
        assertThat(nova.servers().get(0).flavor().extraSpecs()).isEqualTo(Map.of("hw:numa_nodes", "1"));
    }

    @Test
    void serversOfACellThatDoesNotAnswerAreFoundInAListWithoutLimit() {
        cloud.with("GET /servers?all_tenants=true", "api-samples/servers-list-2.69.json");
        assertThat(nova.serversInDownCells()).containsExactly("2e136db7-b4a4-4815-8a00-25d9bfe59617");
    }

    @ParameterizedTest
    @CsvSource({
        "2.1,  1,                                    fake-mini, e6a37ee802d74863ab8b91ade8f12a67, true",
        "2.28, 1,                                    fake-mini, e6a37ee802d74863ab8b91ade8f12a67, true",
        "2.33, 2,                                    host1,     host1,                            true",
        "2.53, 1bb62a04-c576-402c-8147-9e89757a09e3, host2,     host1,                            true",
        "2.88, f6d28711-9c10-470e-8b31-c03f498b0032, host2,     host2,                            false"
    })
    void hypervisorsHaveTheirCpuAsTextAsAnObjectOrNotAtAll(
            String version, String id, String name, String host, boolean cpu) {
        cloud.with("GET /os-hypervisors/detail?limit=500", "api-samples/hypervisors-%s.json".formatted(version));
        assertThat(nova.hosts().hypervisors())
                .containsExactly(new Hypervisor(
                        id,
                        name,
                        host,
                        "fake",
                        1000,
                        cpu ? new Cpu("x86_64", "Intel", "Nehalem", Set.of("pge", "clflush")) : Cpu.UNKNOWN));
    }

    @ParameterizedTest
    @CsvSource({
        "2.1,  2,                                    4",
        "2.11, 2,                                    4",
        "2.53, e81d66a4-ddd3-4aba-8a84-171d1cb4d339, 13aa304e-5340-45a7-a7fb-b6d6e914d272"
    })
    void servicesAreThoseOfNovaCompute(String version, String first, String second) {
        cloud.with("GET /os-services?binary=nova-compute", "api-samples/services-%s.json".formatted(version));
        assertThat(nova.hosts().services())
                .containsExactly(
                        new ComputeService(first, "host1", "nova", false, true, "test2"),
                        new ComputeService(second, "host2", "nova", false, false, "test4"));
    }

    @Test
    void ofServicesInACellThatDoesNotAnswerOnlyTheHostIsKnown() {
        cloud.with("GET /os-services?binary=nova-compute", "api-samples/services-2.69.json");
        assertThat(nova.hosts().services())
                .containsExactly(
                        new ComputeService("", "host1", null, false, false, null),
                        new ComputeService("", "host2", null, false, false, null))
                .allMatch(ComputeService::inDownCell);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"{\"", "null", "{}", "\"null\""})
    void aCpuThatNovaDoesNotDescribeIsUnknown(String info) {
        cloud.with("GET /os-hypervisors/detail?limit=500", 200, """
                {"hypervisors": [{"id": "a", "hypervisor_hostname": "n", "service": {"host": "h"}, "cpu_info": %s}]}""".formatted(info));
        assertThat(nova.hosts().hypervisors()).extracting(Hypervisor::cpu).isEqualTo(List.of(Cpu.UNKNOWN));
    }
}
