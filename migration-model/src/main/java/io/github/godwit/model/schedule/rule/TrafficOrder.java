package io.github.godwit.model.schedule.rule;

import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Checks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The orders of [SOLive 2020], section IV, for VMs that leave a host one after another. VMs that send more than they receive come first,
 * since they free the source's link; VMs that receive more come last, since they fill the destination's. In between those that write most
 * come first, as in the best published orders.
 */
public enum TrafficOrder {
    /** Senders by ascending N/(out − in), then those with about equal traffic, then receivers by descending N/(in − out). */
    POST_COPY,
    /**
     * The same keys; but senders with a low dirty rate come before those with a high one, and receivers with a high dirty rate before those
     * with a low one.
     */
    PRE_COPY;

    /** Rates whose difference is less than this share of the larger one are about equal; and so are rates below {@link #NOTHING}. */
    private static final double ABOUT = 0.1;

    /** Rates below this, in Mbit/s, are no traffic to speak of. */
    private static final double NOTHING = 1;

    /**
     * A dirty rate is high from this part of N a second on: the memory would be written once more in 100 s. The paper calls VMs
     * memory-intensive without naming a limit; this one tells its Table I apart.
     */
    private static final double HIGH_DIRTY_SHARE = 0.01;

    /**
     * What the order depends on.
     *
     * @param vm        name of the VM
     * @param pages     N: non-zero pages, or any measure of the work that is the same for all VMs
     * @param dirtyRate S: unique pages written a second
     * @param traffic   the VM's traffic
     */
    public record Load(String vm, double pages, double dirtyRate, Traffic traffic) {

        /**
         * @throws IllegalArgumentException when a value is missing or negative
         */
        public Load {
            Checks.named("VM", vm);
            Checks.notNegative("pages of VM " + vm, pages);
            Checks.notNegative("dirty rate of VM " + vm, dirtyRate);
            Checks.present("traffic of VM " + vm, traffic);
        }

        private double sendsMore() {
            return traffic.out().megabits() - traffic.in().megabits();
        }

        private boolean balanced() {
            double larger = Math.max(traffic.out().megabits(), traffic.in().megabits());
            return larger < NOTHING || Math.abs(sendsMore()) < ABOUT * larger;
        }

        private boolean writesMuch() {
            return dirtyRate >= HIGH_DIRTY_SHARE * pages;
        }

        /** N/|out − in|. */
        private double key() {
            return pages / Math.abs(sendsMore());
        }
    }

    /** The VMs in the order in which they are to leave. */
    public List<Load> order(List<Load> vms) {
        List<Load> senders = new ArrayList<>();
        List<Load> balanced = new ArrayList<>();
        List<Load> receivers = new ArrayList<>();
        for (Load each : vms) {
            (each.balanced() ? balanced : each.sendsMore() > 0 ? senders : receivers).add(each);
        }
        Comparator<Load> ascending = Comparator.comparingDouble(Load::key);
        Comparator<Load> writers = Comparator.comparing(each -> this == PRE_COPY && each.writesMuch());
        senders.sort(writers.thenComparing(ascending));
        receivers.sort(writers.reversed().thenComparing(ascending.reversed()));
        balanced.sort(Comparator.comparing(each -> -each.dirtyRate()));
        List<Load> order = new ArrayList<>(senders);
        order.addAll(balanced);
        order.addAll(receivers);
        return order;
    }
}
