package io.github.godwit.strategy.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostParametersTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode tree(String text) throws Exception {
        return JSON.readTree(text.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'maintenance_node': 'h1', 'backup_node': 'h2'} | {'maintenance_node': 'h1.full', 'backup_node': 'h2.full'}",
                "{'maintenance_node': '', 'backup_node': null}   | {'maintenance_node': '', 'backup_node': null}",
                "{'compute_nodes': [{'src_node': 'h1'}, {'src_node': 'h2', 'dst_node': 'h3'}]}"
                        + " | {'compute_nodes': [{'src_node': 'h1.full'}, {'src_node': 'h2.full', 'dst_node': 'h3.full'}]}",
                "{'destination_policy': 'fallback:h1, h2'}       | {'destination_policy': 'fallback:h1.full,h2.full'}",
                "{'destination_policy': 'least-loaded'}          | {'destination_policy': 'least-loaded'}",
                "{'policy': 'h1', 'samples': 3}                  | {'policy': 'h1', 'samples': 3}"
            })
    void hostsInParametersHaveTheirOtherName(String parameters, String named) throws Exception {
        JsonNode before = tree(parameters);
        assertThat(HostParameters.named(before, name -> name + ".full")).isEqualTo(tree(named));
        assertThat(before).as("the parameters themselves stay").isEqualTo(tree(parameters));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | []",
                "[{'compute': [{'availability_zones': [{'name': 'h1'}]}, {'exclude': [{'compute_nodes': [{'name': 'h1'}]},"
                        + " {'instances': [{'uuid': 'h1'}]}]}]}]"
                        + " | [{'compute': [{'availability_zones': [{'name': 'h1'}]}, {'exclude': [{'compute_nodes': [{'name': 'h1.full'}]},"
                        + " {'instances': [{'uuid': 'h1'}]}]}]}]"
            })
    void excludedHostsHaveTheirOtherName(String scope, String named) throws Exception {
        assertThat(HostParameters.scope(tree(scope), name -> name + ".full")).isEqualTo(tree(named));
    }
}
