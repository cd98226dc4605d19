package io.github.godwit.model.schedule.solve;

import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.schedule.MoveRequest;
import io.github.godwit.model.schedule.NetworkLink;

/** What applications send over each link at one moment and what they keep of it, in Mbit/s. It changes as VMs take their traffic along. */
final class LinkLoad {

    final double[] applications;
    final double[] lower;
    final double[] upper;
    private final Instance instance;
    private final LinkLoad initial;

    /** The load before any move. */
    LinkLoad(Instance instance) {
        this.instance = instance;
        int links = instance.links.count;
        applications = new double[links];
        lower = new double[links];
        upper = new double[links];
        double[] moving = new double[links];
        for (int i = 0; i < instance.moves; i++) {
            Traffic traffic = traffic(i);
            moving[instance.sourceOut[i]] += traffic.out().megabits();
            moving[instance.sourceIn[i]] += traffic.in().megabits();
        }
        for (int link = 0; link < links; link++) {
            NetworkLink each = instance.links.get(link);
            applications[link] = Math.max(0, each.applications().megabits() - moving[link]);
            lower[link] = Math.min(applications[link], each.slaLower().megabits());
            upper[link] = Math.min(applications[link], each.slaUpper().megabits());
        }
        for (int i = 0; i < instance.moves; i++) {
            add(i, instance.sourceOut[i], instance.sourceIn[i], 1);
        }
        initial = copy();
    }

    private LinkLoad(LinkLoad other, LinkLoad initial) {
        this.instance = other.instance;
        this.applications = other.applications.clone();
        this.lower = other.lower.clone();
        this.upper = other.upper.clone();
        this.initial = initial;
    }

    private LinkLoad copy() {
        return new LinkLoad(this, null);
    }

    /** Back to the load before any move. */
    void reset() {
        set(initial);
    }

    private void set(LinkLoad other) {
        System.arraycopy(other.applications, 0, applications, 0, applications.length);
        System.arraycopy(other.lower, 0, lower, 0, lower.length);
        System.arraycopy(other.upper, 0, upper, 0, upper.length);
    }

    /** Takes the traffic of a VM away from its source. */
    void remove(int move) {
        add(move, instance.sourceOut[move], instance.sourceIn[move], -1);
    }

    /** Puts the traffic of a VM back on its source. */
    void restore(int move) {
        add(move, instance.sourceOut[move], instance.sourceIn[move], 1);
    }

    /** Whether a VM has traffic at all. */
    boolean matters(int move) {
        Traffic traffic = traffic(move);
        return traffic.in().bitsPerSecond() + traffic.out().bitsPerSecond() > 0;
    }

    /** Takes the traffic of a VM from its source to a destination. */
    void move(int move, int candidate) {
        if (matters(move)) {
            add(move, instance.sourceOut[move], instance.sourceIn[move], -1);
            add(move, instance.destinationOut[move][candidate], instance.destinationIn[move][candidate], 1);
        }
    }

    private void add(int move, int out, int in, int sign) {
        MoveRequest request = instance.problem.moves().get(move);
        double slaLower = request.slaLower().megabits();
        double slaUpper = request.slaUpper().megabits();
        add(out, request.traffic().out().megabits(), slaLower, slaUpper, sign);
        add(in, request.traffic().in().megabits(), slaLower, slaUpper, sign);
    }

    private void add(int link, double rate, double slaLower, double slaUpper, int sign) {
        applications[link] = Math.max(0, applications[link] + sign * rate);
        lower[link] = Math.max(0, lower[link] + sign * Math.min(rate, slaLower));
        upper[link] = Math.max(0, upper[link] + sign * Math.min(rate, slaUpper));
    }

    private Traffic traffic(int move) {
        return instance.problem.moves().get(move).traffic();
    }
}
