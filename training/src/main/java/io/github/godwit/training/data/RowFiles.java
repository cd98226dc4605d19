package io.github.godwit.training.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.hostapi.WireJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Files of rows, one JSON object a line, gzipped where the name ends in .gz. An outcome recorded by a host driver is a row, too. */
public final class RowFiles {

    private RowFiles() {}

    /**
     * Reads all rows but those of migrations whose measurements cannot be compared with a prediction, for example because they include the
     * copy of local disks.
     *
     * @throws IOException when the file cannot be read or a line is not a row; the message names the line
     */
    public static List<DatasetRow> read(Path file) throws IOException {
        return read(file, row -> row.outcome().incomparable() == null);
    }

    /**
     * Reads the undisturbed rows of migrations that could be switched to post-copy while they ran, whether they were or not.
     *
     * @throws IOException when the file cannot be read or a line is not a row; the message names the line
     */
    public static List<DatasetRow> watched(List<Path> files) throws IOException {
        List<DatasetRow> rows = new ArrayList<>();
        for (Path file : files) {
            rows.addAll(read(
                    file,
                    row -> row.undisturbed()
                            && row.outcome().migrationCase().tuning().postcopyFallback()));
        }
        return rows;
    }

    private static List<DatasetRow> read(Path file, Predicate<DatasetRow> wanted) throws IOException {
        List<DatasetRow> rows = new ArrayList<>();
        try (InputStream raw = Files.newInputStream(file);
                InputStream in = isGzip(file) ? new GZIPInputStream(raw) : raw;
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            int number = 0;
            String line;
            while ((line = reader.readLine()) != null) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                DatasetRow row = row(file, line, number);
                if (wanted.test(row)) {
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    /** Reads the rows of several files. */
    public static List<DatasetRow> read(List<Path> files) throws IOException {
        List<DatasetRow> rows = new ArrayList<>();
        for (Path file : files) {
            rows.addAll(read(file));
        }
        return rows;
    }

    private static DatasetRow row(Path file, String line, int number) throws IOException {
        try {
            JsonNode node = WireJson.mapper().readTree(line);
            return node.has("outcome")
                    ? WireJson.mapper().treeToValue(node, DatasetRow.class)
                    : DatasetRow.of(WireJson.mapper().treeToValue(node, Outcome.class));
        } catch (JsonProcessingException e) {
            throw new IOException(
                    "Line %d of %s is not a row of a migration: %s".formatted(number, file, e.getOriginalMessage()), e);
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new IOException(
                    "Line %d of %s is not a row of a migration: %s".formatted(number, file, e.getMessage()), e);
        }
    }

    /** Writes rows to a file, which is replaced. */
    public static void write(Path file, List<DatasetRow> rows) throws IOException {
        try (OutputStream raw = Files.newOutputStream(file);
                OutputStream out = isGzip(file) ? new GZIPOutputStream(raw) : raw;
                Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8)) {
            for (DatasetRow row : rows) {
                writer.write(WireJson.mapper().writeValueAsString(row));
                writer.write('\n');
            }
        }
    }

    private static boolean isGzip(Path file) {
        return file.getFileName().toString().endsWith(".gz");
    }
}
