package io.github.godwit.strategy.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Takes snapshots of the cluster at a fixed rate. */
public final class ClusterSampler {

    /** Is notified of each snapshot. */
    @FunctionalInterface
    public interface Listener {

        /**
         * A snapshot was taken.
         *
         * @param number   number of the snapshot, from 1
         * @param of       number of snapshots that will be taken
         * @param snapshot the snapshot
         */
        void sampled(int number, int of, ClusterModel snapshot);
    }

    private final ClusterSource source;
    private final Listener listener;

    /** Creates a sampler that reads {@code source} and notifies {@code listener}. */
    public ClusterSampler(ClusterSource source, Listener listener) {
        this.source = source;
        this.listener = listener;
    }

    /**
     * Takes snapshots. Blocks for about {@code (samples - 1) * interval}.
     *
     * @param samples  number of snapshots, at least 1
     * @param interval time from the start of one snapshot to the start of the next; longer if reading takes longer
     * @throws UnreachableClusterException if a snapshot contains no host
     * @throws InterruptedException        if the thread is interrupted
     */
    public ClusterHistory sample(int samples, Duration interval) throws InterruptedException {
        List<ClusterModel> snapshots = new ArrayList<>();
        long next = System.nanoTime();
        for (int number = 1; number <= samples; number++) {
            TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
            next = System.nanoTime() + interval.toNanos();
            ClusterModel snapshot = source.read();
            if (snapshot.hosts().isEmpty()) {
                throw new UnreachableClusterException(snapshot.omissions());
            }
            snapshots.add(snapshot);
            listener.sampled(number, samples, snapshot);
        }
        return new ClusterHistory(snapshots);
    }
}
