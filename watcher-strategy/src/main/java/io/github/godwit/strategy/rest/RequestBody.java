package io.github.godwit.strategy.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.TextRule;
import io.github.godwit.strategy.common.Times;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Reads the JSON bodies of requests, with limits on size and depth. Unknown members are rejected. */
public final class RequestBody {

    /** Maximum size of a body, in bytes. */
    public static final int MAX_BYTES = 1 << 20;

    private static final int MAX_DEPTH = 64;

    private static final ObjectReader READER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(MAX_BYTES)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(com.fasterxml.jackson.core.JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build()
            .reader();

    private RequestBody() {}

    /**
     * Reads a body of any JSON type.
     *
     * @throws ServiceRefusal if the body is empty or larger than {@link #MAX_BYTES}
     * @throws IOException    if the body cannot be received, or is not JSON
     */
    public static JsonNode read(InputStream stream) throws IOException {
        byte[] bytes = stream.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw ServiceRefusal.invalid("The body is larger than %d bytes.".formatted(MAX_BYTES));
        }
        if (bytes.length == 0) {
            throw ServiceRefusal.invalid("The body is empty; send JSON.");
        }
        JsonNode body = READER.readTree(utf8(bytes));
        if (body == null || body.isMissingNode()) {
            throw ServiceRefusal.invalid("The body is empty; send JSON.");
        }
        throwUnlessStorable("/", body);
        return body;
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ServiceRefusal.invalid("The body is not UTF-8 (%s). Send JSON in UTF-8.".formatted(e.getMessage()));
        }
    }

    /** Whatever a route does with a text or a number, it can be kept and sent again. */
    private static void throwUnlessStorable(String path, JsonNode node) {
        if (node.isTextual()) {
            TextRule.requireStorable(path, node.textValue());
        }
        if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
            throw ServiceRefusal.invalid(
                    "Invalid input for field/attribute %s. The number is too large. Write one below 1e308."
                            .formatted(path));
        }
        String below = path.endsWith("/") ? path : path + "/";
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            TextRule.requireStorable(below, member.getKey());
            throwUnlessStorable(below + member.getKey(), member.getValue());
        }
        if (node.isArray()) {
            for (JsonNode item : node) {
                throwUnlessStorable(path, item);
            }
        }
    }

    /**
     * Reads a body that must be an object.
     *
     * @param known names of the members that it may have
     * @throws ServiceRefusal if the body is not an object or has another member
     * @throws IOException    if the body cannot be received, or is not JSON
     */
    public static JsonNode object(InputStream stream, String... known) throws IOException {
        JsonNode body = read(stream);
        if (!body.isObject()) {
            throw ServiceRefusal.invalid("The body must be an object");
        }
        List<String> names = Arrays.asList(known);
        body.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                throw ServiceRefusal.invalid("Unknown attribute: %s. The known attributes are: %s"
                        .formatted(name, String.join(", ", known)));
            }
        });
        return body;
    }

    /**
     * Returns a string member, or null if it is missing or null.
     *
     * @throws ServiceRefusal if the member is not a string
     */
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
     * Returns a mandatory string member.
     *
     * @throws ServiceRefusal if the member is missing or blank
     */
    public static String required(JsonNode body, String name) {
        String value = text(body, name);
        if (value == null || value.isBlank()) {
            throw ServiceRefusal.invalid("'/%s' is a mandatory attribute and can not be removed".formatted(name));
        }
        return value;
    }

    /** Returns a string or an integer as text, or null if it is missing: Watcher's clients send an interval as either. */
    public static String textOrNumber(JsonNode body, String name) {
        JsonNode value = body.path(name);
        return value.isIntegralNumber() ? value.asText() : text(body, name);
    }

    /**
     * Returns a boolean member, which may also be the string {@code true} or {@code false}; false if it is missing.
     *
     * @throws ServiceRefusal if the member is anything else
     */
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

    /**
     * Returns a member that is a time in ISO 8601, or null if it is missing or empty.
     *
     * @throws ServiceRefusal if the member is not a time
     */
    public static Instant time(JsonNode body, String name) {
        String text = text(body, name);
        return text == null || text.isEmpty() ? null : Times.parse(name, text);
    }

    /** Returns a member of any JSON type, or null if it is missing or null. */
    public static JsonNode json(JsonNode body, String name) {
        JsonNode value = body.path(name);
        return value.isMissingNode() || value.isNull() ? null : value;
    }

    private static ServiceRefusal wrongType(String name, JsonNode value, JsonNodeType expected) {
        return ServiceRefusal.invalid("Invalid input for field/attribute %s. Value: '%s'. It must be a %s"
                .formatted(name, value, expected.name().toLowerCase(java.util.Locale.ROOT)));
    }
}
