package io.github.godwit.strategy.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;

/** Reads what clients send: nothing huge, nothing deep, and no member that nobody asked for. */
public final class RequestBody {

    /** Most bytes of a body. */
    public static final int MOST_BYTES = 1 << 20;

    private static final int MOST_DEPTH = 64;

    private static final ObjectReader READER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MOST_DEPTH)
                            .maxStringLength(MOST_BYTES)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(com.fasterxml.jackson.core.JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build()
            .reader();

    private RequestBody() {}

    /**
     * Reads a body.
     *
     * @throws ServiceRefusal     when it is too large or not JSON
     * @throws IOException when it does not arrive
     */
    public static JsonNode read(InputStream stream) throws IOException {
        byte[] bytes = stream.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw ServiceRefusal.invalid("The body is over %d bytes.".formatted(MOST_BYTES));
        }
        if (bytes.length == 0) {
            throw ServiceRefusal.invalid("The body is empty; send JSON.");
        }
        JsonNode body = READER.readTree(new String(bytes, StandardCharsets.UTF_8));
        if (body == null || body.isMissingNode()) {
            throw ServiceRefusal.invalid("The body is empty; send JSON.");
        }
        return body;
    }

    /**
     * An object with no members but these.
     *
     * @throws ServiceRefusal when it is something else
     */
    public static JsonNode object(InputStream stream, String... known) throws IOException {
        JsonNode body = read(stream);
        if (!body.isObject()) {
            throw ServiceRefusal.invalid("The body must be an object");
        }
        List<String> names = Arrays.asList(known);
        body.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                throw ServiceRefusal.invalid(
                        "Unknown attribute: %s. Known are %s".formatted(name, String.join(", ", known)));
            }
        });
        return body;
    }

    /** A text, or null. */
    public static String text(JsonNode body, String name) {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw wrongType(name, value, JsonNodeType.STRING);
        }
        return value.textValue();
    }

    /**
     * A text that must be there.
     *
     * @throws ServiceRefusal when it is missing or blank
     */
    public static String required(JsonNode body, String name) {
        String value = text(body, name);
        if (value == null || value.isBlank()) {
            throw ServiceRefusal.invalid("'/%s' is a mandatory attribute and can not be removed".formatted(name));
        }
        return value;
    }

    /** A text or a number as text, or null: Watcher's clients send an interval as either. */
    public static String textOrNumber(JsonNode body, String name) {
        JsonNode value = body.path(name);
        return value.isIntegralNumber() ? value.asText() : text(body, name);
    }

    /** A boolean; false where it is missing. */
    public static boolean flag(JsonNode body, String name) {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return false;
        }
        if (value.isTextual()
                && ("true".equalsIgnoreCase(value.textValue()) || "false".equalsIgnoreCase(value.textValue()))) {
            return "true".equalsIgnoreCase(value.textValue());
        }
        if (!value.isBoolean()) {
            throw wrongType(name, value, JsonNodeType.BOOLEAN);
        }
        return value.booleanValue();
    }

    /** A time in ISO 8601, in UTC where it does not say; or null. */
    public static Instant time(JsonNode body, String name) {
        String text = text(body, name);
        return text == null || text.isEmpty() ? null : time(name, text);
    }

    public static Instant time(String name, String text) {
        String iso = text.strip().replace(' ', 'T');
        try {
            return iso.matches(".*([Zz]|[+-]\\d\\d:?\\d\\d)")
                    ? OffsetDateTime.parse(iso).toInstant()
                    : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw ServiceRefusal.invalid(
                    "Invalid input for field/attribute %s. Value: '%s'. Write a time such as 2026-01-31T14:00:00"
                            .formatted(name, text));
        }
    }

    /** JSON of any kind, or null. */
    public static JsonNode json(JsonNode body, String name) {
        JsonNode value = body.path(name);
        return value.isMissingNode() || value.isNull() ? null : value;
    }

    private static ServiceRefusal wrongType(String name, JsonNode value, JsonNodeType wanted) {
        return ServiceRefusal.invalid("Invalid input for field/attribute %s. Value: '%s'. It must be a %s"
                .formatted(name, value, wanted.name().toLowerCase(java.util.Locale.ROOT)));
    }
}
