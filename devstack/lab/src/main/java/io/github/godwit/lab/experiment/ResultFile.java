package io.github.godwit.lab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.lab.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The results of an experiment: one JSON object, which is written after each run, so that a killed experiment loses one run. */
final class ResultFile {

    private static final ObjectMapper JSON = WireJson.mapper();

    private final Path file;
    private final ObjectNode content;

    /**
     * Opens a file of results, or begins a new one.
     *
     * @param file  the file
     * @param setup see {@link #share}
     * @throws IllegalArgumentException when the file has results of another setup
     * @throws LabException             when it cannot be read
     */
    ResultFile(Path file, ObjectNode setup) {
        this.file = file.toAbsolutePath();
        this.content = read(this.file);
        share(setup);
    }

    /**
     * Sets members that all runs in the file share. A file that lacks one gets it with its next run.
     *
     * @throws IllegalArgumentException when the file has another value of one
     */
    void share(ObjectNode setup) {
        for (var member : setup.properties()) {
            JsonNode before = content.path(member.getKey());
            if (!before.isMissingNode() && !before.equals(member.getValue())) {
                throw new IllegalArgumentException("%s has results with %s %s, not %s. Choose another file."
                        .formatted(
                                file,
                                member.getKey(),
                                before.asText(),
                                member.getValue().asText()));
            }
        }
        content.setAll(setup);
    }

    static ObjectNode read(Path file) {
        if (!Files.isDirectory(file.getParent())) {
            throw new IllegalArgumentException(
                    "The results cannot be written to %s. Choose a directory that exists.".formatted(file));
        }
        if (!Files.exists(file)) {
            return JSON.createObjectNode();
        }
        try {
            return (ObjectNode) JSON.readTree(file.toFile());
        } catch (IOException | ClassCastException e) {
            throw new LabException("%s has no results of an experiment: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** The results, to be changed and then saved. */
    ObjectNode content() {
        return content;
    }

    /** Replaces the file. */
    void save() {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        try {
            JSON.writerWithDefaultPrettyPrinter().writeValue(draft.toFile(), content);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LabException("%s cannot be written: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** The median of a member of several runs; 0 of none. */
    static double median(JsonNode runs, String member) {
        return median(runs.findValues(member).stream());
    }

    /** The median of several numbers; 0 of none. */
    static double median(JsonNode numbers) {
        return median(StreamSupport.stream(numbers.spliterator(), false));
    }

    /** The median of several numbers; 0 of none. */
    static double median(List<JsonNode> numbers) {
        return median(numbers.stream());
    }

    private static double median(Stream<JsonNode> numbers) {
        double[] sorted = numbers.mapToDouble(JsonNode::asDouble).sorted().toArray();
        int half = sorted.length / 2;
        if (sorted.length == 0) {
            return 0;
        }
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
