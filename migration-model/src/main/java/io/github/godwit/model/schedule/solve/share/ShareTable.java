package io.github.godwit.model.schedule.solve.share;

import io.github.godwit.model.schedule.MigrationEstimate;
import io.github.godwit.model.schedule.MigrationEstimator;
import io.github.godwit.model.schedule.TechniqueEstimates;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The estimates of one VM and one destination on a geometric grid of shares, made when they are first needed. Between two points the speed
 * (migrations a second) is interpolated linearly, which is exact for a migration that sends a fixed amount of data; below the grid it is
 * proportional to the share.
 */
@SuppressWarnings("EnumOrdinal") // indexes of arrays that live as long as the enum
public final class ShareTable {

    /** Ratio of neighbouring shares. */
    private static final double RATIO = 1.4;

    /** Points of the grid: from the capacity down to about a sixtieth. */
    private static final int POINTS = 13;

    /** A larger share that shortens a migration by less is useless to it. */
    private static final double GAIN = 1.02;

    private static final int TECHNIQUES = Technique.values().length;

    private final MigrationEstimator estimator;
    private final String vm;
    private final String destination;
    private final double[] share = new double[POINTS];
    private final TechniqueEstimates[] estimates = new TechniqueEstimates[POINTS];
    private final double[] seconds = new double[POINTS * TECHNIQUES];
    private final double[] violation = new double[POINTS * TECHNIQUES];
    private final double[] useful = new double[TECHNIQUES];

    /**
     * Creates an empty table.
     *
     * @param top largest share, in Mbit/s
     */
    public ShareTable(MigrationEstimator estimator, String vm, String destination, double top) {
        this.estimator = estimator;
        this.vm = vm;
        this.destination = destination;
        for (int point = 0; point < POINTS; point++) {
            share[point] = top / Math.pow(RATIO, point);
        }
    }

    /** The estimates at the point of the grid that is nearest to a share. */
    public TechniqueEstimates at(double megabits) {
        int point = cell(megabits);
        boolean nextIsNearer = point + 1 < POINTS && megabits * megabits < share[point] * share[point + 1];
        return point(nextIsNearer ? point + 1 : point);
    }

    /** The technique with which a migration begins that has this share, in Mbit/s. */
    public Technique chosen(double megabits) {
        return at(megabits).chosen();
    }

    /** Total time of a technique at a share in Mbit/s, in seconds. */
    public double seconds(Technique technique, double megabits) {
        return interpolated(seconds, technique, megabits, true);
    }

    /** SLO violation of a technique at a share in Mbit/s. */
    public double violation(Technique technique, double megabits) {
        return interpolated(violation, technique, megabits, false);
    }

    /** The estimate of a technique at the point nearest to a share in Mbit/s. */
    public MigrationEstimate estimate(Technique technique, double megabits) {
        TechniqueEstimates nearest = at(megabits);
        MigrationEstimate estimate = nearest.byTechnique().get(technique);
        return estimate == null ? nearest.byTechnique().get(nearest.chosen()) : estimate;
    }

    /**
     * The smallest share, in Mbit/s, with which a technique is about as fast as with the largest.
     *
     * @param technique the technique; null for the one that is chosen for the largest share
     */
    public double useful(Technique technique) {
        Technique asked = technique == null ? point(0).chosen() : technique;
        if (useful[asked.ordinal()] == 0) {
            double limit = GAIN * secondsAt(0, asked);
            int last = 0;
            while (last + 1 < POINTS && secondsAt(last + 1, asked) <= limit) {
                last++;
            }
            useful[asked.ordinal()] = share[last];
        }
        return useful[asked.ordinal()];
    }

    /**
     * Least total time of any technique that is chosen at some share, in seconds.
     *
     * @param most largest share to consider, in Mbit/s
     */
    public double leastSeconds(double most) {
        double least = Double.POSITIVE_INFINITY;
        for (Technique technique : chosenAnywhere()) {
            least = Math.min(least, seconds(technique, most));
            for (int point = 0; point < POINTS; point++) {
                if (share[point] <= most) {
                    least = Math.min(least, secondsAt(point, technique));
                }
            }
        }
        return least;
    }

    /**
     * Least use of a link of any technique that is chosen at some share: seconds times Mbit/s.
     *
     * @param most largest share to consider, in Mbit/s
     */
    public double leastMegabits(double most) {
        double least = Double.POSITIVE_INFINITY;
        for (Technique technique : chosenAnywhere()) {
            least = Math.min(least, seconds(technique, most) * Math.min(most, share[0]));
            for (int point = 0; point < POINTS; point++) {
                if (share[point] <= most) {
                    least = Math.min(least, secondsAt(point, technique) * share[point]);
                }
            }
        }
        return least;
    }

    /**
     * Greatest speed of any technique that is chosen at some share, at each point of the grid.
     *
     * @param most largest share to consider, in Mbit/s; it is a point too
     * @param into receives shares and speeds
     */
    public void speeds(double most, List<double[]> into) {
        for (Technique technique : chosenAnywhere()) {
            into.add(new double[] {most, 1 / seconds(technique, most)});
            for (int point = 0; point < POINTS; point++) {
                if (share[point] < most) {
                    into.add(new double[] {share[point], 1 / secondsAt(point, technique)});
                }
            }
        }
    }

    /** Least violation of any technique that is chosen at some share, at any share. */
    public double leastViolation() {
        double least = Double.POSITIVE_INFINITY;
        for (Technique technique : chosenAnywhere()) {
            for (int point = 0; point < POINTS; point++) {
                point(point);
                least = Math.min(least, violation[point * TECHNIQUES + technique.ordinal()]);
            }
        }
        return least;
    }

    /** Whether some share makes a VM leave its host at the very start of its migration. */
    public boolean mayLeaveAtOnce() {
        return chosenAnywhere().stream().anyMatch(each -> each.switchover() == Technique.Switchover.AT_ONCE);
    }

    private Set<Technique> chosenAnywhere() {
        EnumSet<Technique> chosen = EnumSet.noneOf(Technique.class);
        for (TechniqueEstimates each : all()) {
            chosen.add(each.chosen());
        }
        return chosen;
    }

    private TechniqueEstimates[] all() {
        for (int point = 0; point < POINTS; point++) {
            point(point);
        }
        return estimates;
    }

    private int cell(double megabits) {
        int point = 0;
        while (point + 1 < POINTS && share[point + 1] > megabits) {
            point++;
        }
        return point;
    }

    private double interpolated(double[] values, Technique technique, double megabits, boolean asSpeed) {
        if (megabits >= share[0]) {
            point(0);
            return values[technique.ordinal()];
        }
        int point = cell(megabits);
        point(point);
        double upper = values[point * TECHNIQUES + technique.ordinal()];
        if (point + 1 == POINTS) {
            return asSpeed ? upper * share[point] / megabits : upper;
        }
        point(point + 1);
        double lower = values[(point + 1) * TECHNIQUES + technique.ordinal()];
        double part = (megabits - share[point + 1]) / (share[point] - share[point + 1]);
        return asSpeed ? 1 / (part / upper + (1 - part) / lower) : part * upper + (1 - part) * lower;
    }

    private double secondsAt(int point, Technique technique) {
        point(point);
        return seconds[point * TECHNIQUES + technique.ordinal()];
    }

    private TechniqueEstimates point(int point) {
        if (estimates[point] == null) {
            TechniqueEstimates made =
                    estimator.estimate(vm, destination, Bandwidth.ofMegabits(Math.max(1e-6, share[point])));
            for (Technique technique : Technique.values()) {
                int index = point * TECHNIQUES + technique.ordinal();
                // a technique that cannot run at this share counts as the one that is chosen there
                MigrationEstimate estimate = made.byTechnique().get(technique);
                MigrationEstimate used = estimate == null ? made.byTechnique().get(made.chosen()) : estimate;
                seconds[index] = used.seconds().value();
                violation[index] = used.violation();
            }
            estimates[point] = made;
        }
        return estimates[point];
    }
}
