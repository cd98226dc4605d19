package io.github.godwit.lab.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import org.junit.jupiter.api.Test;

class LabHostTest {

    private static final String JSON =
            "{\"name\":\"h1\",\"namespace\":\"godwit-h1\",\"address\":\"10.97.0.11\",\"agent\":\"http://10.97.0.11:9622\",\"cpus\":\"0\"}";

    private static final LabHost HOST =
            new LabHost("h1", "godwit-h1", "10.97.0.11", URI.create("http://10.97.0.11:9622"), "0", null);

    @Test
    void theHostDriverKeepsItsFieldNameInLabJson() throws Exception {
        ObjectMapper json = new ObjectMapper();

        assertThat(json.readValue(JSON, LabHost.class)).isEqualTo(HOST);
        ObjectNode written = json.valueToTree(HOST);
        assertThat(written.remove("qemu").asText()).isEqualTo("qemu-system-x86_64");
        assertThat(written).isEqualTo(json.readTree(JSON));
    }
}
