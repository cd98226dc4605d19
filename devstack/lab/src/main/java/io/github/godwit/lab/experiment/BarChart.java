package io.github.godwit.lab.experiment;

import java.util.List;
import java.util.Locale;

/**
 * A chart of horizontal bars.
 *
 * @param title what is measured, with its unit
 * @param bars  the bars, from top to bottom
 */
record BarChart(String title, List<Bar> bars) {

    /**
     * A bar.
     *
     * @param label  what it is of
     * @param value  its length, not negative
     * @param marked whether it stands out
     */
    record Bar(String label, double value, boolean marked) {}

    private static final int LABEL_WIDTH = 250;
    private static final int BAR_WIDTH = 420;
    private static final int VALUE_WIDTH = 90;
    private static final int ROW = 22;
    private static final int TOP = 40;

    /** The chart as an SVG picture that needs nothing else. */
    String svg() {
        double longest = bars.stream().mapToDouble(Bar::value).max().orElse(0);
        int width = LABEL_WIDTH + BAR_WIDTH + VALUE_WIDTH;
        int height = TOP + ROW * bars.size() + 10;
        StringBuilder svg = new StringBuilder();
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                .formatted(width, height));
        svg.append(" font-size=\"13\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        svg.append("<text x=\"10\" y=\"24\" font-size=\"16\">%s</text>\n".formatted(escaped(title)));
        int y = TOP;
        for (Bar bar : bars) {
            double length = longest == 0 ? 0 : BAR_WIDTH * bar.value() / longest;
            svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n"
                    .formatted(LABEL_WIDTH - 8, y + 15, escaped(bar.label())));
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n",
                    LABEL_WIDTH,
                    y + 2,
                    length,
                    ROW - 5,
                    bar.marked() ? "#d55e00" : "#0072b2"));
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\">%s</text>\n",
                    LABEL_WIDTH + length + 6,
                    y + 15,
                    number(bar.value())));
            y += ROW;
        }
        return svg.append("</svg>\n").toString();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.2f" : "%.1f", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
