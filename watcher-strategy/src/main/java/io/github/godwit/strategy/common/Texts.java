package io.github.godwit.strategy.common;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.hostapi.WireJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** JSON and YAML as trees, and JSON of the model's records in its one form. */
public final class Texts {

    private static final ObjectMapper MAPPER = WireJson.mapper();

    private Texts() {}

    /** The mapper that reads and writes all JSON of the service. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /** A tree as text. */
    public static String json(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("%s cannot be written as JSON.".formatted(value.getClass()), e);
        }
    }

    /** Text that this service wrote as a tree. */
    public static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The database holds JSON that cannot be read.", e);
        }
    }

    /** YAML text as a tree; dates and the like stay text. */
    public static JsonNode yaml(String text) {
        Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        return MAPPER.valueToTree(document);
    }

    /** A YAML resource beside a class. */
    public static JsonNode yamlResource(Class<?> beside, String name) {
        try (InputStream resource = beside.getResourceAsStream(name)) {
            return MAPPER.valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).load(resource));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
