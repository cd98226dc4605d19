package io.github.godwit.model.schedule.solve;

/**
 * Max-min fair shares of links by progressive filling: all migrations grow alike until one has what it can use or a link is full. A link
 * has as much for migrations as the one of them gets that may have most of it. Reuses its arrays; not safe for use by several threads.
 */
final class FairShares {

    private static final double FULL = 1 + 1e-9;

    private final double[] left;
    private final int[] growing;
    private final double[] largest;
    private final boolean[] seen;
    private final int[] touched;
    private int touchedCount;

    /** Jobs that share links, each with its links, the most it can use, and the most it may get of each link. */
    static final class Jobs {
        final int[] index;
        final int[][] links;
        final double[] most;
        final double[][] ceiling;
        int count;

        /** Room for this many jobs with at most so many links each. */
        Jobs(int most, int links) {
            this.index = new int[most];
            this.links = new int[most][];
            this.most = new double[most];
            this.ceiling = new double[most][links];
        }

        private void swap(int one, int other) {
            int keptIndex = index[one];
            index[one] = index[other];
            index[other] = keptIndex;
            int[] keptLinks = links[one];
            links[one] = links[other];
            links[other] = keptLinks;
            double keptMost = most[one];
            most[one] = most[other];
            most[other] = keptMost;
            double[] keptCeiling = ceiling[one];
            ceiling[one] = ceiling[other];
            ceiling[other] = keptCeiling;
        }
    }

    /** Shares on this many links. */
    FairShares(int links) {
        left = new double[links];
        growing = new int[links];
        largest = new double[links];
        seen = new boolean[links];
        touched = new int[links];
    }

    /**
     * Divides the links among jobs.
     *
     * @param jobs   jobs to serve; their order changes
     * @param shares receives the share of each job, by its index
     */
    void divide(Jobs jobs, double[] shares) {
        prepare(jobs);
        // the jobs from 0 to open − 1 still grow
        for (int open = jobs.count; open > 0; ) {
            double level = level();
            int before = open;
            for (int at = open - 1; at >= 0; at--) {
                if (jobs.most[at] <= level) {
                    take(jobs, at, jobs.most[at], shares);
                    jobs.swap(at, --open);
                }
            }
            if (open == before) {
                open = freezeFull(jobs, open, level, shares);
            }
        }
    }

    private void prepare(Jobs jobs) {
        touchedCount = 0;
        for (int at = 0; at < jobs.count; at++) {
            int[] way = jobs.links[at];
            for (int hop = 0; hop < way.length; hop++) {
                int link = way[hop];
                if (!seen[link]) {
                    seen[link] = true;
                    touched[touchedCount++] = link;
                    growing[link] = 0;
                    largest[link] = 0;
                }
                growing[link]++;
                largest[link] = Math.max(largest[link], jobs.ceiling[at][hop]);
            }
        }
        for (int i = 0; i < touchedCount; i++) {
            left[touched[i]] = largest[touched[i]];
            seen[touched[i]] = false;
        }
    }

    /** The share to which all can grow until the next link is full; forgets links on which nobody grows. */
    private double level() {
        double level = Double.POSITIVE_INFINITY;
        int kept = 0;
        for (int i = 0; i < touchedCount; i++) {
            int link = touched[i];
            if (growing[link] > 0) {
                touched[kept++] = link;
                level = Math.min(level, left[link] / growing[link]);
            }
        }
        touchedCount = kept;
        return Math.max(0, level);
    }

    /** Fixes the share of those on links that are full. */
    private int freezeFull(Jobs jobs, int open, double level, double[] shares) {
        for (int i = 0; i < touchedCount; i++) {
            int link = touched[i];
            seen[link] = left[link] <= level * FULL * growing[link];
        }
        int still = open;
        for (int at = open - 1; at >= 0; at--) {
            if (crossesSeen(jobs.links[at])) {
                take(jobs, at, level, shares);
                jobs.swap(at, --still);
            }
        }
        for (int i = 0; i < touchedCount; i++) {
            seen[touched[i]] = false;
        }
        return still;
    }

    private boolean crossesSeen(int[] way) {
        for (int link : way) {
            if (seen[link]) {
                return true;
            }
        }
        return false;
    }

    private void take(Jobs jobs, int at, double share, double[] shares) {
        shares[jobs.index[at]] = share;
        for (int link : jobs.links[at]) {
            left[link] -= share;
            growing[link]--;
        }
    }
}
