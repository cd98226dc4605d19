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

/** Reads datasets published by others as rows. Metrics that a dataset does not contain are missing in the rows. */
public final class PublishedRows {

    private PublishedRows() {}

    /** The formats of published datasets. */
    public enum Format {
        /**
         * The CSV of Jo et al., "A machine learning approach to live migration modeling", SoCC 2017, which its authors distribute; the
         * columns have the names of their notebook.
         */
        SOCC17,
        /** {@code evaluation_runs.csv} of a PostgreSQL VM under YCSB (2026), which ships with Godwit. */
        QEMU_POSTGRES
    }

    /** One line of a published table. */
    interface Reader {
        /** Returns the row, or empty when the line is not a migration by a technique that Godwit knows. */
        Optional<DatasetRow> row(Line line);
    }

    /**
     * Reads a table.
     *
     * @param format format of the table
     * @param file   CSV file with a header
     * @throws IOException when the file cannot be read, or a column is missing or not a number; the message names it
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
     * A line with its fields by the names of the columns.
     *
     * @param fields the fields
     * @param number number of the line in the file
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
                        "The column '%s' of line %d is not a number: %s".formatted(column, number, value), e);
            }
        }
    }
}
