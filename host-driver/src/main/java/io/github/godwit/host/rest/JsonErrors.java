package io.github.godwit.host.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Describes errors in a request's JSON in terms of the request, without the parser's class names. */
final class JsonErrors {

    private JsonErrors() {}

    static String describe(JsonProcessingException e) {
        if (e instanceof UnrecognizedPropertyException unknown) {
            return "Unknown property '%s'. The known ones are %s."
                    .formatted(
                            unknown.getPropertyName(),
                            unknown.getKnownPropertyIds().stream()
                                    .map(String::valueOf)
                                    .sorted()
                                    .collect(Collectors.joining(", ")));
        }
        if (e instanceof ValueInstantiationException refused && refused.getCause() instanceof RuntimeException cause) {
            return cause.getMessage();
        }
        if (e instanceof InvalidFormatException format && format.getTargetType().isEnum()) {
            return "'%s' is not a value of '%s'. Choose one of %s."
                    .formatted(
                            format.getValue(),
                            path(format),
                            Arrays.stream(format.getTargetType().getEnumConstants())
                                    .map(String::valueOf)
                                    .collect(Collectors.joining(", ")));
        }
        if (e instanceof JsonMappingException mapping) {
            return "Cannot read the value of '%s': %s.".formatted(path(mapping), firstLine(mapping));
        }
        return "The body is not JSON: %s.".formatted(firstLine(e));
    }

    private static String path(JsonMappingException e) {
        return e.getPath().stream()
                .map(reference -> reference.getFieldName() == null
                        ? Integer.toString(reference.getIndex())
                        : reference.getFieldName())
                .collect(Collectors.joining("."));
    }

    /** The parser's message without its class names and source excerpts. */
    private static String firstLine(JsonProcessingException e) {
        return e.getOriginalMessage()
                .lines()
                .findFirst()
                .orElse("no reason given")
                .replaceAll("`?(?:[a-z]\\w*\\.)+([A-Z]\\w*)`?", "$1");
    }
}
