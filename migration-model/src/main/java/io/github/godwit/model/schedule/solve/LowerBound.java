package io.github.godwit.model.schedule.solve;

import io.github.godwit.model.schedule.solve.share.ShareTable;
import io.github.godwit.model.schedule.solve.share.SpeedHull;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A lower bound of what is still to come when some moves are left: the longest of them alone, what they send over a link that all of them
 * must cross, and what they need of a place on a host. Optimistic about traffic: all others have left.
 */
final class LowerBound {

    private final Instance instance;
    private final int[] members;

    /** Least seconds of each member, by member. */
    private final double[] seconds;

    /** Least seconds times Mbit/s of each member, by member. */
    private final double[] megabits;

    private final double[] violation;
    private final SpeedHull[] hull;
    private final double[][] rate;
    /** The most that any member gets of each link. */
    private final double[] fastest;

    /** The members by seconds on a link for each unit of weight. */
    private final int[] bySmith;

    private final double[] bySubset;

    /** The bound for subsets of these moves, at most 16. */
    LowerBound(Instance instance, int[] members) {
        this.instance = instance;
        this.members = members;
        seconds = new double[members.length];
        megabits = new double[members.length];
        violation = new double[members.length];
        hull = new SpeedHull[members.length];
        rate = new double[members.length][instance.links.count];
        LinkLoad load = new LinkLoad(instance);
        for (int move : members) {
            load.remove(move);
        }
        for (int m = 0; m < members.length; m++) {
            prepare(m, load);
        }
        fastest = new double[instance.links.count];
        for (double[] each : rate) {
            for (int link = 0; link < fastest.length; link++) {
                fastest[link] = Math.max(fastest[link], each[link]);
            }
        }
        bySmith = IntStream.range(0, members.length)
                .boxed()
                .sorted(Comparator.comparingDouble(m -> megabits[m] / instance.weights.ofEnd[members[m]]))
                .mapToInt(Integer::intValue)
                .toArray();
        bySubset = new double[1 << members.length];
        Arrays.fill(bySubset, -1);
    }

    private void prepare(int m, LinkLoad load) {
        int move = members[m];
        boolean stays = true;
        for (ShareTable table : instance.tables[move]) {
            stays &= !table.mayLeaveAtOnce();
        }
        if (stays) {
            load.restore(move);
        }
        int candidates = instance.candidates(move);
        seconds[m] = Double.POSITIVE_INFINITY;
        megabits[m] = Double.POSITIVE_INFINITY;
        violation[m] = Double.POSITIVE_INFINITY;
        int[] crossing = new int[instance.links.count];
        List<double[]> speeds = new ArrayList<>();
        for (int candidate = 0; candidate < candidates; candidate++) {
            double most = Double.POSITIVE_INFINITY;
            for (int link : instance.crossed[move][candidate]) {
                crossing[link]++;
                rate[m][link] = instance.ceiling(move, link, load);
                most = Math.min(most, rate[m][link]);
            }
            ShareTable table = instance.tables[move][candidate];
            seconds[m] = Math.min(seconds[m], table.leastSeconds(most));
            megabits[m] = Math.min(megabits[m], table.leastMegabits(most));
            violation[m] = Math.min(violation[m], table.leastViolation());
            table.speeds(most, speeds);
        }
        hull[m] = new SpeedHull(speeds);
        for (int link = 0; link < crossing.length; link++) {
            if (crossing[link] < candidates) {
                rate[m][link] = 0;
            }
        }
        if (stays) {
            load.remove(move);
        }
    }

    /** Least objective of what a subset of the members still adds, if nothing else happens. */
    double of(int subset) {
        if (bySubset[subset] < 0) {
            bySubset[subset] = compute(subset);
        }
        return bySubset[subset];
    }

    private double compute(int subset) {
        double longest = 0;
        double ends = 0;
        double violations = 0;
        double inMigration = 0;
        double[] inSlots = new double[instance.slots.count()];
        for (int m = 0; m < members.length; m++) {
            if ((subset >> m & 1) == 0) {
                continue;
            }
            int move = members[m];
            longest = Math.max(longest, seconds[m]);
            ends += instance.weights.ofEnd[move] * seconds[m];
            violations += instance.weights.ofViolation[move] * violation[m];
            inMigration += instance.weights.inMigration * seconds[m];
            for (int slot : instance.held[move][0]) {
                if (heldAnyway(move, slot)) {
                    inSlots[slot] += seconds[m] / instance.slots.most(slot);
                }
            }
        }
        for (double each : inSlots) {
            longest = Math.max(longest, each);
        }
        for (int link = 0; link < instance.links.count; link++) {
            double sent = 0;
            double endsOnLink = 0;
            // one after another at full speed by Smith's rule: no other way gives a smaller weighted sum of ends
            for (int m : bySmith) {
                if ((subset >> m & 1) == 1 && rate[m][link] > 0) {
                    sent += megabits[m] / fastest[link];
                    endsOnLink += instance.weights.ofEnd[members[m]] * sent;
                }
            }
            longest = Math.max(longest, Math.max(sent, together(subset, link, sent)));
            ends = Math.max(ends, endsOnLink);
        }
        return instance.weights.end * longest + ends + inMigration + instance.weights.violation * violations;
    }

    /**
     * Least time in which members that share a link end if the fixed part of each, which needs no bandwidth, passes beside the others. Each
     * member obeys 1 ≤ a·used + c·time by a line of its hull; divided by a and summed up, what they use is at most the link's rate times the
     * time, so that the time is at least Σ(1/a) / (rate + Σ(c/a)).
     */
    private double together(int subset, int link, double sent) {
        double needed = 0;
        double beside = fastest[link];
        for (int m = 0; m < members.length; m++) {
            if ((subset >> m & 1) == 1 && rate[m][link] > 0) {
                double[] line = hull[m].line(megabits[m] / sent);
                needed += 1 / line[0];
                beside += line[1] / line[0];
            }
        }
        return needed == 0 ? 0 : needed / beside;
    }

    private boolean heldAnyway(int move, int slot) {
        for (int[] held : instance.held[move]) {
            if (Arrays.stream(held).noneMatch(each -> each == slot)) {
                return false;
            }
        }
        return true;
    }
}
