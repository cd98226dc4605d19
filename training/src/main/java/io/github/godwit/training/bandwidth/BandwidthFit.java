package io.github.godwit.training.bandwidth;

import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.model.bandwidth.BandwidthCurve;
import io.github.godwit.model.bandwidth.BandwidthCurve.Origin;
import io.github.godwit.model.bandwidth.BandwidthModel;
import io.github.godwit.model.bandwidth.BandwidthModelForm;
import io.github.godwit.model.bandwidth.TechniqueFamily;
import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.unit.Bandwidth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A bandwidth model of one's own, fitted to measured migrations beside traffic. A curve replaces the published one if enough rows over a
 * wide enough range of traffic belong to it, and if it is at least as good as the published one on rows that it was not fitted to.
 */
public final class BandwidthFit {

    /** A curve needs this many rows. */
    static final int LEAST_ROWS = 20;
    /** The rows must cover this much of the link. */
    static final double LEAST_RANGE = 0.25;

    /** Rates of links are alike up to this factor. */
    private static final double LIKE = 2;
    /** One of this many rows is held out. */
    private static final int HOLD_OUT = 4;

    private static final String SOURCE = "measured migrations";
    private static final List<TrafficClass> DIRECTIONS =
            List.of(TrafficClass.INBOUND, TrafficClass.OUTBOUND, TrafficClass.MIXED);

    private final List<BandwidthPoint> points;
    private final Bandwidth link;
    private final String date;
    private final Map<TechniqueFamily, Map<TrafficClass, BandwidthCurve>> curves = new EnumMap<>(TechniqueFamily.class);
    private final List<CurveReport> reports = new ArrayList<>();

    /**
     * Fits a model.
     *
     * @param rows measured migrations; those that cannot be used are left out
     * @param date the date that the model gets
     */
    public BandwidthFit(List<DatasetRow> rows, String date) {
        List<BandwidthPoint> measured =
                rows.stream().map(BandwidthPoint::of).flatMap(Optional::stream).toList();
        this.link = medianLink(measured);
        this.points =
                measured.stream().filter(point -> isLike(point.link(), link)).toList();
        this.date = date;
        for (TechniqueFamily family : TechniqueFamily.values()) {
            for (TrafficClass direction : DIRECTIONS) {
                fit(family, direction);
            }
        }
    }

    /** The rate of most links; rows of links of another rate are left out. */
    public Bandwidth link() {
        return link;
    }

    /** Number of rows that could be used. */
    public int rows() {
        return points.size();
    }

    /** What became of each curve, also of those that stay as published. */
    public List<CurveReport> reports() {
        return Collections.unmodifiableList(reports);
    }

    /** Whether any curve is one's own. */
    public boolean isEmpty() {
        return curves.isEmpty();
    }

    /** The model in the form of its file, which {@code --bandwidth-model} reads. */
    public Map<String, Object> form() {
        return BandwidthModelForm.write(curves, origin(points.size()));
    }

    private void fit(TechniqueFamily family, TrafficClass direction) {
        List<BandwidthPoint> all = points.stream()
                .filter(point -> point.family() == family && point.curve() == direction)
                .toList();
        double from = all.stream().mapToDouble(BandwidthPoint::traffic).min().orElse(0);
        double to = all.stream().mapToDouble(BandwidthPoint::traffic).max().orElse(0);
        if (all.size() < LEAST_ROWS) {
            stays(family, direction, all.size(), "it needs %d rows".formatted(LEAST_ROWS));
        } else if (to - from < LEAST_RANGE) {
            stays(
                    family,
                    direction,
                    all.size(),
                    "the rows cover traffic from %.0f to %.0f %% of the link, which is less than %.0f %%"
                            .formatted(100 * from, 100 * to, 100 * LEAST_RANGE));
        } else {
            compare(family, direction, all, from, to);
        }
    }

    private void compare(
            TechniqueFamily family, TrafficClass direction, List<BandwidthPoint> all, double from, double to) {
        List<BandwidthPoint> heldOut =
                all.stream().filter(BandwidthFit::isHeldOut).toList();
        List<BandwidthPoint> fitted =
                all.stream().filter(point -> !isHeldOut(point)).toList();
        if (heldOut.isEmpty() || fitted.size() < LEAST_ROWS / 2) {
            stays(family, direction, all.size(), "the rows are of too few VMs to hold some of them out");
            return;
        }
        double own = error(PiecewiseFit.of(fitted).curve(from, to, origin(fitted.size())), heldOut);
        double published = error(BandwidthModel.published().curve(family, direction), heldOut);
        PiecewiseFit whole = PiecewiseFit.of(all);
        boolean used = own <= published;
        if (used) {
            curves.computeIfAbsent(family, any -> new EnumMap<>(TrafficClass.class))
                    .put(direction, whole.curve(from, to, origin(all.size())));
        }
        reports.add(new CurveReport(
                family.technique().id(),
                direction.name().toLowerCase(Locale.ROOT),
                all.size(),
                heldOut.size(),
                own,
                published,
                whole.breakpoints().size(),
                used,
                used ? "its error on held-out rows is smaller" : "the published curve is better on held-out rows"));
    }

    private void stays(TechniqueFamily family, TrafficClass direction, int rows, String reason) {
        reports.add(new CurveReport(
                family.technique().id(),
                direction.name().toLowerCase(Locale.ROOT),
                rows,
                0,
                null,
                null,
                null,
                /* used= */ false,
                reason));
    }

    /** On a link that is much faster or slower, something else than the link may be the limit, such as the CPU. */
    private static boolean isLike(Bandwidth rate, Bandwidth usual) {
        double ratio = (double) rate.bitsPerSecond() / usual.bitsPerSecond();
        return 1 / LIKE <= ratio && ratio <= LIKE;
    }

    private static boolean isHeldOut(BandwidthPoint point) {
        return Math.floorMod(point.group().hashCode(), HOLD_OUT) == 0;
    }

    private static double error(BandwidthCurve curve, List<BandwidthPoint> on) {
        return on.stream()
                .mapToDouble(point -> Math.abs(curve.at(point.traffic()) - point.value()))
                .average()
                .orElseThrow();
    }

    private Origin origin(int rows) {
        return new Origin(SOURCE, rows, link, date);
    }

    /** In whole Mbit/s, in which the model's file gives rates. */
    private static Bandwidth medianLink(List<BandwidthPoint> points) {
        double[] rates = points.stream()
                .mapToDouble(point -> point.link().megabits())
                .sorted()
                .toArray();
        return rates.length == 0
                ? Bandwidth.ofMegabits(1_000)
                : Bandwidth.ofMegabits(Math.max(1, Math.rint(rates[rates.length / 2])));
    }
}
