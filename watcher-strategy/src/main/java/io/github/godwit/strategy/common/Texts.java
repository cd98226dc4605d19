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

/** Reads JSON and YAML as trees, and writes records of the model as JSON. */
public final class Texts {

    private static final ObjectMapper MAPPER = WireJson.mapper();

    private Texts() {}

    /** Returns the mapper that reads and writes all JSON of the service. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /**
     * Writes a tree or a record as JSON.
     *
     * @throws IllegalArgumentException if it cannot be written
     */
    public static String json(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("%s cannot be written as JSON.".formatted(value.getClass()), e);
        }
    }

    /**
     * Parses JSON from the database.
     *
     * @throws IllegalStateException if it is malformed
     */
    public static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The database contains malformed JSON.", e);
        }
    }

    /**
     * Parses JSON from the database as a record. Members that the record does not have are skipped and take no memory.
     *
     * @throws IllegalStateException if it is malformed
     */
    public static <T> T read(String json, Class<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The database contains malformed JSON.", e);
        }
    }

    /** Parses YAML, with SnakeYAML's safe types only. */
    public static JsonNode yaml(String text) {
        Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        return MAPPER.valueToTree(document);
    }

    /** Parses a YAML resource in the package of a class. */
    public static JsonNode yamlResource(Class<?> beside, String name) {
        try (InputStream resource = beside.getResourceAsStream(name)) {
            return MAPPER.valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).load(resource));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
