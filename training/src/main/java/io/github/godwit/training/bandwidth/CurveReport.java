package io.github.godwit.training.bandwidth;

/**
 * What became of one curve.
 *
 * @param technique      technique that names its family
 * @param traffic        class of the traffic beside the migrations: inbound, outbound or mixed
 * @param rows           number of migrations that belong to it
 * @param heldOut        number of those that the errors are computed from
 * @param ownError       mean absolute error of the curve fitted to the other rows, as a share of the link; null if there are too few rows
 * @param publishedError mean absolute error of the published curve on the same rows; null likewise
 * @param breakpoints    number of breakpoints of the curve fitted to all rows; null likewise
 * @param used           whether the curve of one's own is used
 * @param reason         why, as a clause
 */
public record CurveReport(
        String technique,
        String traffic,
        int rows,
        int heldOut,
        Double ownError,
        Double publishedError,
        Integer breakpoints,
        boolean used,
        String reason) {}
