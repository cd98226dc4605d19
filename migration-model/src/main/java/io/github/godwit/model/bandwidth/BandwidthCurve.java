package io.github.godwit.model.bandwidth;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;
import java.util.List;

/**
 * The bandwidth of a migration as a function of the traffic beside it, in linear pieces ([Thesis 2025], section 3.3). Rates are shares
 * of the link's rate, so that the curve applies to links of any rate.
 *
 * @param breakpoints the ends of the pieces, ascending, from 0 to 1; one more than there are pieces
 * @param pieces      the pieces, at least one
 * @param origin      where the curve comes from
 */
public record BandwidthCurve(List<Double> breakpoints, List<Piece> pieces, Origin origin) {

    /** Even where the curve says less, a connection of TCP is not starved completely. */
    private static final double LEAST = 0.01;

    /**
     * A linear piece.
     *
     * @param slope     change of the migration's rate for each unit of other traffic
     * @param intercept the piece's value without other traffic, as a share of the link
     */
    public record Piece(double slope, double intercept) {

        private double at(double traffic) {
            return slope * traffic + intercept;
        }
    }

    /**
     * Where a curve comes from.
     *
     * @param source who measured it
     * @param rows   number of migrations that it is fitted to; 0 if that was not published
     * @param link   rate of the link that it was measured on
     * @param date   when it was measured, such as 2025-04 or 2025-04-30
     */
    public record Origin(String source, int rows, Bandwidth link, String date) {

        /**
         * @throws IllegalArgumentException when a value is missing or negative, or the link has no rate
         */
        public Origin {
            Checks.named("source", source);
            Checks.notNegative("rows", rows);
            Checks.positive("link", Checks.present("link", link).bitsPerSecond());
            Checks.named("date", date);
        }

        /** In words, as a clause after "by the curve". */
        public String describe() {
            String measured =
                    rows == 0 ? "of " + source : "that was fitted to %d migrations (%s)".formatted(rows, source);
            return "%s, %s, on a link of %.0f Mbit/s".formatted(measured, date, link.megabits());
        }
    }

    /**
     * @throws IllegalArgumentException when there is no piece, or breakpoints are not ascending from 0 to 1 or do not match the pieces
     */
    public BandwidthCurve {
        breakpoints = List.copyOf(breakpoints);
        pieces = List.copyOf(pieces);
        Checks.present("origin", origin);
        if (pieces.isEmpty() || breakpoints.size() != pieces.size() + 1) {
            throw new IllegalArgumentException(
                    "A curve of %d pieces needs %d breakpoints, and at least one piece; there are %d."
                            .formatted(pieces.size(), pieces.size() + 1, breakpoints.size()));
        }
        for (int i = 0; i < breakpoints.size(); i++) {
            Checks.inRange("breakpoint", breakpoints.get(i), i == 0 ? 0 : Math.nextUp(breakpoints.get(i - 1)), 1);
        }
        for (Piece piece : pieces) {
            if (!Double.isFinite(piece.slope()) || !Double.isFinite(piece.intercept())) {
                throw new IllegalArgumentException(
                        "The piece (%s) must have a finite slope and intercept.".formatted(piece));
            }
        }
    }

    /**
     * The share of the link that a migration gets, above 0 and up to 1. A breakpoint belongs to the piece that begins there. Outside the
     * measured range the value at its end holds.
     *
     * @param traffic the other traffic, as a share of the link
     */
    public double at(double traffic) {
        double within = Math.max(breakpoints.get(0), Math.min(breakpoints.get(pieces.size()), traffic));
        int index = 0;
        while (index < pieces.size() - 1 && within >= breakpoints.get(index + 1)) {
            index++;
        }
        return Math.max(LEAST, Math.min(1, pieces.get(index).at(within)));
    }
}
