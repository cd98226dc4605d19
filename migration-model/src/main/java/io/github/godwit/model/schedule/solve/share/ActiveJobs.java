package io.github.godwit.model.schedule.solve.share;

import java.util.Arrays;

/**
 * The migrations that run at one moment, by link, and those of them whose shares a change may touch: all that are connected with a changed
 * link through links that they share.
 */
public final class ActiveJobs {

    private final int[][] way;
    private final int[][] onLink;
    private final int[] count;
    private final boolean[] changed;
    private final int[] changedLinks;
    private final boolean[] visited;
    private int changedCount;

    public ActiveJobs(int jobs, int links) {
        way = new int[jobs][];
        onLink = new int[links][8];
        count = new int[links];
        changed = new boolean[links];
        changedLinks = new int[links];
        visited = new boolean[jobs];
    }

    public void clear() {
        Arrays.fill(count, 0);
        for (int i = 0; i < changedCount; i++) {
            changed[changedLinks[i]] = false;
        }
        changedCount = 0;
    }

    public void add(int job, int[] links) {
        way[job] = links;
        for (int link : links) {
            if (count[link] == onLink[link].length) {
                onLink[link] = Arrays.copyOf(onLink[link], 2 * count[link]);
            }
            onLink[link][count[link]++] = job;
            change(link);
        }
    }

    public void remove(int job) {
        for (int link : way[job]) {
            int[] jobs = onLink[link];
            int at = 0;
            while (jobs[at] != job) {
                at++;
            }
            jobs[at] = jobs[--count[link]];
            change(link);
        }
    }

    /** What applications send over a link has changed. */
    public void change(int link) {
        if (!changed[link]) {
            changed[link] = true;
            changedLinks[changedCount++] = link;
        }
    }

    /**
     * The jobs whose shares may have changed since the last call.
     *
     * @param into receives them
     * @return their number
     */
    public int touched(int[] into) {
        int found = 0;
        for (int i = 0; i < changedCount; i++) {
            int link = changedLinks[i];
            for (int j = 0; j < count[link]; j++) {
                int job = onLink[link][j];
                if (!visited[job]) {
                    visited[job] = true;
                    into[found++] = job;
                    for (int other : way[job]) {
                        change(other);
                    }
                }
            }
        }
        for (int i = 0; i < found; i++) {
            visited[into[i]] = false;
        }
        for (int i = 0; i < changedCount; i++) {
            changed[changedLinks[i]] = false;
        }
        changedCount = 0;
        return found;
    }
}
