package io.github.godwit.strategy.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.Texts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The input of actions that move servers, as users may write it. */
class MigrateParametersTest {

    private static final JsonNode LIVE = Texts.tree("""
            {"migration_type": "live", "resource_id": "db", "source_node": "h1", "destination_node": "h2",
             "policy": "ensure_performance"}""");
    private static final JsonNode COLD =
            Texts.tree("{\"migration_type\": \"cold\", \"resource_id\": \"db\", \"source_node\": \"h1\"}");

    private static JsonNode with(JsonNode input, String name, String text) {
        return ((ObjectNode) input.deepCopy()).put(name, text);
    }

    @Test
    void completeInputIsRead() {
        assertThat(MigrateParameters.read(LIVE).resourceId()).isEqualTo("db");
        assertThat(ColdMigrateParameters.read(COLD)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"resource_id", "source_node", "destination_node", "policy"})
    void whatIsBlankIsMissing(String name) {
        for (String blank : new String[] {null, "", " ", "\t\r\n"}) {
            assertThatThrownBy(() -> MigrateParameters.read(with(LIVE, name, blank)))
                    .as("'%s'", blank)
                    .isInstanceOf(ServiceRefusal.class)
                    .hasMessageContaining("needs");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"resource_id", "source_node"})
    void whatIsBlankIsMissingForColdMigrationToo(String name) {
        assertThatThrownBy(() -> ColdMigrateParameters.read(with(COLD, name, "\t")))
                .isInstanceOf(ServiceRefusal.class)
                .hasMessageContaining("needs resource_id and source_node");
        assertThatThrownBy(() -> ColdMigrateParameters.read(((ObjectNode) COLD.deepCopy()).put(name, 5)))
                .isInstanceOf(ServiceRefusal.class);
    }
}
