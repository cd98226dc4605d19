package io.github.godwit.lab.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import org.junit.jupiter.api.Test;

class LabHostTest {

    private static final String JSON =
            "{\"name\":\"h1\",\"namespace\":\"godwit-h1\",\"address\":\"10.97.0.11\",\"agent\":\"http://10.97.0.11:9622\",\"cpus\":\"0\"}";

    private static final LabHost HOST =
            new LabHost("h1", "godwit-h1", "10.97.0.11", URI.create("http://10.97.0.11:9622"), "0");

    @Test
    void theHostDriverKeepsItsFieldNameInLabJson() throws Exception {
        ObjectMapper json = new ObjectMapper();

        assertThat(json.readValue(JSON, LabHost.class)).isEqualTo(HOST);
        assertThat(json.readTree(json.writeValueAsString(HOST))).isEqualTo(json.readTree(JSON));
    }
}
