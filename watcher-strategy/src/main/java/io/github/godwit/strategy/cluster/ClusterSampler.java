package io.github.godwit.strategy.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Takes pictures of the cluster at a fixed rate. */
public final class ClusterSampler {

    /** Hears of each picture. */
    @FunctionalInterface
    public interface Listener {

        /**
         * A picture was taken.
         *
         * @param number   its number, from 1
         * @param of       how many there will be
         * @param snapshot the picture
         */
        void sampled(int number, int of, ClusterModel snapshot);
    }

    private final ClusterSource source;
    private final Listener listener;

    /** Reads {@code source} and tells {@code listener}. */
    public ClusterSampler(ClusterSource source, Listener listener) {
        this.source = source;
        this.listener = listener;
    }

    /**
     * Takes a number of pictures.
     *
     * @param samples  how many, at least 1
     * @param interval from the start of one to the start of the next; longer where reading takes longer
     * @throws UnreachableClusterException when a picture shows no host at all
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
