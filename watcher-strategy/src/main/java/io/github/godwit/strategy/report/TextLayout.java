package io.github.godwit.strategy.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Lays out text in columns and paragraphs of limited width. */
public final class TextLayout {

    private static final int NARROWEST = 5;

    private TextLayout() {}

    /**
     * Aligns rows in columns. If a row is too wide, the gaps shrink first, then the longest of the first {@code flexible}
     * columns, whose cells are truncated with a {@code ~}.
     *
     * @param width maximum width in characters
     */
    public static List<String> table(List<List<String>> rows, int width, int flexible) {
        int columns = rows.get(0).size();
        int[] widths = IntStream.range(0, columns)
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        int needed = IntStream.of(widths).sum();
        String gap = needed + 2 * (columns - 1) <= width ? "  " : " ";
        int tooMuch = needed + gap.length() * (columns - 1) - width;
        for (; tooMuch > 0; tooMuch--) {
            int longest = IntStream.range(0, flexible).reduce(0, (a, b) -> widths[b] > widths[a] ? b : a);
            if (widths[longest] <= NARROWEST) {
                break;
            }
            widths[longest]--;
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            List<String> cells = IntStream.range(0, columns)
                    .mapToObj(column -> cell(row.get(column), widths[column]))
                    .toList();
            lines.add(String.join(gap, cells).stripTrailing());
        }
        return lines;
    }

    private static String cell(String text, int width) {
        String cut = text.length() <= width ? text : text.substring(0, width - 1) + "~";
        return cut + " ".repeat(width - cut.length());
    }

    /** Wraps a paragraph at spaces; the first line starts with {@code first}, the others are indented by its length. */
    public static List<String> wrapped(String text, String first, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(first);
        int start = first.length();
        for (String word : text.trim().split("\\s+", -1)) {
            if (line.length() > start && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line = new StringBuilder(" ".repeat(first.length()));
                start = line.length();
            }
            line.append(line.length() > start ? " " : "").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
