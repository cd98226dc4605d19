package io.github.godwit.lab.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** A table for a terminal: columns of words are aligned to the left, columns of numbers to the right. */
final class TextTable {

    private static final String GAP = "  ";

    private final int words;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * @param words  number of columns of words, which come first
     * @param header names of all columns
     */
    TextTable(int words, List<String> header) {
        this.words = words;
        rows.add(header);
    }

    /** Adds a row; cells that it lacks are empty. */
    void add(List<String> row) {
        rows.add(row);
    }

    /** Whether there are only names of columns. */
    boolean isEmpty() {
        return rows.size() == 1;
    }

    /** A number with this many digits after the point. */
    static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    @Override
    public String toString() {
        int[] widths = IntStream.range(0, rows.get(0).size())
                .map(column -> rows.stream()
                        .mapToInt(row -> cell(row, column).length())
                        .max()
                        .orElse(0))
                .toArray();
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            List<String> cells = new ArrayList<>();
            for (int column = 0; column < widths.length; column++) {
                String cell = cell(row, column);
                String filler = " ".repeat(widths[column] - cell.length());
                cells.add(column < words ? cell + filler : filler + cell);
            }
            lines.add(String.join(GAP, cells).stripTrailing());
        }
        return String.join(System.lineSeparator(), lines);
    }

    private static String cell(List<String> row, int column) {
        return column < row.size() ? row.get(column) : "";
    }
}
