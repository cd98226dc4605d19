package io.github.godwit.model.schedule.solve.share;

import java.util.Arrays;

/**
 * Max-min fair shares of links by progressive filling: all migrations grow alike until one has what it can use or a link is full. A link
 * has as much for migrations as the one of them gets that may have most of it. Looks in each step only at what is full next, so that many
 * migrations and links cost little more than in proportion. Reuses its arrays; not safe for use by several threads.
 */
public final class FairShares {

    private static final double FULL = 1 + 1e-9;

    /** More than the rounding of a division. */
    private static final double ROUNDING = 1 + 1e-12;

    private static final int NONE = -1;

    private final double[] left;
    private final int[] growing;
    private final double[] largest;
    private final int[] place;
    private final int[] touched;
    private final int[] full;
    private final int[] firstOnLink;
    private final MinTree levels = new MinTree();
    private final MinTree wishes = new MinTree();
    private int touchedCount;
    private Jobs jobs;

    /** Jobs that share links, each with its links, the most it can use, and the most it may get of each link. */
    public static final class Jobs {
        public final int[] index;
        public final int[][] links;
        public final double[] most;
        public final double[][] ceiling;
        public int count;

        /** The next job on the same link, by job and hop; the first ones are with the links. */
        private final int[] nextOnLink;

        /** Jobs by place: those that still grow come first. And the place of each, or that it has its share. */
        private final int[] order;

        private final int[] place;
        private final int[] found;
        private final int hops;

        /** Room for this many jobs with at most so many links each. */
        public Jobs(int most, int links) {
            this.index = new int[most];
            this.links = new int[most][];
            this.most = new double[most];
            this.ceiling = new double[most][links];
            this.nextOnLink = new int[most * links];
            this.order = new int[most];
            this.place = new int[most];
            this.found = new int[most];
            this.hops = links;
        }
    }

    /** Shares on this many links. */
    public FairShares(int links) {
        left = new double[links];
        growing = new int[links];
        largest = new double[links];
        place = new int[links];
        touched = new int[links];
        full = new int[links];
        firstOnLink = new int[links];
        Arrays.fill(place, NONE);
    }

    /**
     * Divides the links among jobs.
     *
     * @param served jobs to serve
     * @param shares receives the share of each job, by its index
     */
    public void divide(Jobs served, double[] shares) {
        jobs = served;
        prepare();
        // the jobs from 0 to open − 1, in their order, still grow
        for (int open = jobs.count; open > 0; ) {
            double level = Math.max(0, levels.least());
            int content = wishes.upTo(level, jobs.found);
            open = content > 0 ? take(content, open, Double.NaN, shares) : take(onFull(level), open, level, shares);
        }
        for (int i = 0; i < touchedCount; i++) {
            place[touched[i]] = NONE;
        }
    }

    private void prepare() {
        touchedCount = 0;
        wishes.reset(jobs.count);
        for (int job = 0; job < jobs.count; job++) {
            jobs.order[job] = job;
            jobs.place[job] = job;
            wishes.put(job, jobs.most[job]);
            int[] way = jobs.links[job];
            for (int hop = 0; hop < way.length; hop++) {
                int link = way[hop];
                if (place[link] == NONE) {
                    place[link] = touchedCount;
                    touched[touchedCount++] = link;
                    growing[link] = 0;
                    largest[link] = 0;
                    firstOnLink[link] = NONE;
                }
                growing[link]++;
                largest[link] = Math.max(largest[link], jobs.ceiling[job][hop]);
                jobs.nextOnLink[job * jobs.hops + hop] = firstOnLink[link];
                firstOnLink[link] = job * jobs.hops + hop;
            }
        }
        wishes.build();
        levels.reset(touchedCount);
        for (int i = 0; i < touchedCount; i++) {
            int link = touched[i];
            left[link] = largest[link];
            levels.put(i, left[link] / growing[link]);
        }
        levels.build();
    }

    /** Finds the jobs that still grow on links that are full at a level; returns their number. */
    private int onFull(double level) {
        int links = levels.upTo(level * FULL * ROUNDING, full);
        int count = 0;
        for (int i = 0; i < links; i++) {
            int link = touched[full[i]];
            if (left[link] > level * FULL * growing[link]) {
                continue;
            }
            for (int at = firstOnLink[link]; at != NONE; at = jobs.nextOnLink[at]) {
                int job = at / jobs.hops;
                if (jobs.place[job] >= 0) {
                    jobs.place[job] = ~jobs.place[job]; // found
                    jobs.found[count++] = job;
                }
            }
        }
        return count;
    }

    /**
     * Gives found jobs their shares, the last in their order first.
     *
     * @param share the share; not a number for what each of them can use
     * @return how many jobs still grow then
     */
    private int take(int count, int open, double share, double[] shares) {
        for (int i = 0; i < count; i++) {
            int at = jobs.place[jobs.found[i]];
            jobs.found[i] = at < 0 ? ~at : at;
        }
        Arrays.sort(jobs.found, 0, count);
        int still = open;
        for (int i = count - 1; i >= 0; i--) {
            int at = jobs.found[i];
            int job = jobs.order[at];
            take(job, Double.isNaN(share) ? jobs.most[job] : share, shares);
            int last = jobs.order[--still];
            jobs.order[at] = last;
            jobs.place[last] = jobs.place[last] < 0 ? ~at : at;
            jobs.order[still] = job;
            jobs.place[job] = ~still;
        }
        return still;
    }

    private void take(int job, double share, double[] shares) {
        shares[jobs.index[job]] = share;
        wishes.set(job, Double.POSITIVE_INFINITY);
        for (int link : jobs.links[job]) {
            left[link] -= share;
            growing[link]--;
            levels.set(place[link], growing[link] == 0 ? Double.POSITIVE_INFINITY : left[link] / growing[link]);
        }
    }
}
