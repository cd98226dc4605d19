package io.github.godwit.training.bandwidth;

import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.model.bandwidth.BandwidthModel;
import io.github.godwit.model.bandwidth.BandwidthModel.Reading;
import io.github.godwit.model.bandwidth.TechniqueFamily;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.technique.TechniqueTraits;
import io.github.godwit.model.technique.TechniqueTraits.Compression;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.training.data.Sample;
import io.github.godwit.training.simulate.Simulator;
import java.util.Optional;

/**
 * The bandwidth that one measured migration got beside other traffic.
 *
 * @param family  family of its technique
 * @param curve   the class of traffic whose curve it belongs to
 * @param traffic the other traffic, as a share of the link
 * @param value   what the migration got: transferred data by total time, as a share of the link
 * @param link    rate of the link
 * @param group   rows of the same group depend on each other, and are held out together
 */
record BandwidthPoint(
        TechniqueFamily family, TrafficClass curve, double traffic, double value, Bandwidth link, String group) {

    /** Below this, setting up the migration takes a noticeable part of the total time. */
    private static final double LEAST_MILLIS = 1_000;

    private static final double BITS_PER_MEGABYTE = 8e6;

    /**
     * The point of a row; empty if something else than the link may have limited the migration: a reservation, the operator's limit,
     * compression, several connections, a disturbance, a migration that was cancelled or took less than a second; or if the row was not
     * measured.
     */
    static Optional<BandwidthPoint> of(DatasetRow row) {
        Outcome outcome = row.outcome();
        Double millis = outcome.measured().get(Metric.TOTAL_TIME);
        Double megabytes = outcome.measured().get(Metric.TRANSFERRED_DATA);
        if (millis == null || megabytes == null || millis < LEAST_MILLIS || megabytes <= 0 || !isFree(row)) {
            return Optional.empty();
        }
        MigrationCase found = outcome.migrationCase();
        Reading reading = BandwidthModel.published()
                .obtained(
                        outcome.technique(),
                        found.source(),
                        found.destination(),
                        found.vm().traffic());
        double link = reading.link().bitsPerSecond();
        return Optional.of(new BandwidthPoint(
                TechniqueFamily.of(outcome.technique()),
                reading.curve(),
                Math.min(1, reading.rate().bitsPerSecond() / link),
                Math.min(1, megabytes * BITS_PER_MEGABYTE / (millis / 1e3) / link),
                reading.link(),
                Sample.profileId(row.caseId())));
    }

    private static boolean isFree(DatasetRow row) {
        Outcome outcome = row.outcome();
        MigrationCase found = outcome.migrationCase();
        TechniqueTraits traits = outcome.technique().traits();
        boolean plain = traits.compression() == Compression.NONE && !traits.delta() && !traits.multifd();
        boolean measured = row.undisturbed()
                && outcome.converged()
                && outcome.diskBytes() == 0
                && !row.versions().containsKey(Simulator.MARK);
        boolean unlimited = found.link().reserved().equals(Bandwidth.ZERO)
                && found.tuning().maxBandwidth().compareTo(found.link().capacity()) >= 0;
        return plain && measured && unlimited;
    }
}
