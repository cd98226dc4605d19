package io.github.godwit.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.github.godwit.model.api.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads recorded outcomes: one JSON object a line, as host drivers and {@code lab measure} write them. */
final class OutcomeFile {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .enable(DeserializationFeature.READ_ENUMS_USING_TO_STRING)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private OutcomeFile() {}

    /**
     * Reads all rows.
     *
     * @throws IOException when the file cannot be read or a line is not an outcome; the message names the line
     */
    static List<Outcome> read(Path file) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                outcomes.add(JSON.readValue(line, Outcome.class));
            } catch (JsonProcessingException e) {
                throw new IOException(
                        "Line %d of %s is not an outcome: %s".formatted(number, file, e.getOriginalMessage()), e);
            }
        }
        return outcomes;
    }
}
