package io.github.godwit.model.schedule.solve;

/**
 * Max-min fair shares of links by progressive filling: all migrations grow alike until one has what it can use or a link is full. Reuses
 * its arrays; not safe for use by several threads.
 */
final class FairShares {

    private final double[] left;
    private final int[] growing;
    private final double[] largest;
    private final boolean[] seen;
    private final int[] touched;
    private int touchedCount;

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
     * @param jobs   jobs to serve, each with its links, the most it can use, and the most it may get of each link
     * @param shares receives the share of each job, by its index
     */
    void divide(Jobs jobs, double[] shares) {
        touchedCount = 0;
        for (int at = 0; at < jobs.count; at++) {
            int job = jobs.index[at];
            int[] way = jobs.links[at];
            shares[job] = -1;
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
            int link = touched[i];
            left[link] = largest[link];
            seen[link] = false;
        }
        for (int open = jobs.count; open > 0; ) {
            double level = Double.POSITIVE_INFINITY;
            for (int i = 0; i < touchedCount; i++) {
                int link = touched[i];
                if (growing[link] > 0) {
                    level = Math.min(level, left[link] / growing[link]);
                }
            }
            open -= freeze(jobs, shares, level);
        }
    }

    /** Fixes the share of every job that can use no more than the level, or else of those on a link that is full at it. */
    private int freeze(Jobs jobs, double[] shares, double level) {
        int frozen = 0;
        for (int at = 0; at < jobs.count; at++) {
            if (shares[jobs.index[at]] < 0 && jobs.most[at] <= level) {
                take(jobs, at, jobs.most[at], shares);
                frozen++;
            }
        }
        if (frozen > 0) {
            return frozen;
        }
        double full = level * (1 + 1e-9);
        for (int i = 0; i < touchedCount; i++) {
            seen[touched[i]] = growing[touched[i]] > 0 && left[touched[i]] <= full * growing[touched[i]];
        }
        for (int at = 0; at < jobs.count; at++) {
            if (shares[jobs.index[at]] < 0 && crossesSeen(jobs.links[at])) {
                take(jobs, at, level, shares);
                frozen++;
            }
        }
        for (int i = 0; i < touchedCount; i++) {
            seen[touched[i]] = false;
        }
        return frozen;
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

    /** The jobs that share links. Reused from one division to the next. */
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
    }
}
