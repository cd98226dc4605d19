package io.github.godwit.training.data;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.github.godwit.hostapi.DatasetRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Datasets that others have published, as rows. What such a dataset does not tell is left out of the row's metrics. */
public final class PublishedRows {

    private PublishedRows() {}

    /** The formats that can be read. */
    public enum Format {
        /**
         * The CSV of Jo et al., "A machine learning approach to live migration modeling", SoCC 2017, which its authors give out:
         * columns by the names of their notebook.
         */
        SOCC17,
        /** {@code evaluation_runs.csv} of a PostgreSQL VM under YCSB (2026), which ships with Godwit. */
        QEMU_POSTGRES
    }

    /** One line of a published table. */
    interface Reader {
        /** The row, or nothing where the line is no migration by a technique that there is here. */
        Optional<DatasetRow> row(Line line);
    }

    /**
     * Reads a table.
     *
     * @param format which
     * @param file   CSV with a header
     * @throws IOException when it cannot be read, or a column is missing or no number; the message says which
     */
    public static List<DatasetRow> read(Format format, Path file) throws IOException {
        Reader reader = format == Format.SOCC17 ? new Socc17Rows() : new PostgresRows();
        CsvMapper mapper =
                CsvMapper.builder().enable(CsvParser.Feature.TRIM_SPACES).build();
        List<DatasetRow> rows = new ArrayList<>();
        int number = 1;
        try (MappingIterator<java.util.Map<String, String>> lines = mapper.readerForMapOf(String.class)
                .with(CsvSchema.emptySchema().withHeader())
                .readValues(file.toFile())) {
            while (lines.hasNext()) {
                number++;
                reader.row(new Line(lines.next(), number)).ifPresent(rows::add);
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
        }
        return rows;
    }

    /**
     * A line by the names of its columns.
     *
     * @param fields the fields
     * @param number its number in the file
     */
    record Line(java.util.Map<String, String> fields, int number) {

        String text(String column) {
            String value = fields.get(column);
            if (value == null) {
                throw new IllegalArgumentException("Line %d has no column '%s'.".formatted(number, column));
            }
            return value.strip();
        }

        double number(String column) {
            return optional(column)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "The column '%s' of line %d is empty.".formatted(column, number)));
        }

        Optional<Double> optional(String column) {
            String value = text(column);
            try {
                return value.isEmpty() || value.equalsIgnoreCase("nan")
                        ? Optional.empty()
                        : Optional.of(Double.parseDouble(value));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "The column '%s' of line %d is no number: %s".formatted(column, number, value), e);
            }
        }
    }
}
