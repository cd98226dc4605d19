package io.github.godwit.nova;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/** Reads lists, maps and strings from OpenStack's responses. */
final class OpenStackJson {

    private OpenStackJson() {}

    static <T> List<T> list(JsonNode array, Function<JsonNode, T> reader) {
        return StreamSupport.stream(array.spliterator(), false).map(reader).toList();
    }

    /** Returns a string member of an object, or null if it is missing or empty. */
    static String text(JsonNode object, String member) {
        JsonNode value = object.path(member);
        return value.isTextual() && !value.textValue().isEmpty() ? value.textValue() : null;
    }

    static Map<String, String> texts(JsonNode object) {
        return map(object, JsonNode::asText);
    }

    static <T> Map<String, T> map(JsonNode object, Function<JsonNode, T> reader) {
        Map<String, T> map = new HashMap<>();
        object.properties().forEach(entry -> map.put(entry.getKey(), reader.apply(entry.getValue())));
        return Map.copyOf(map);
    }
}
