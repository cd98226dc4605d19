package io.github.godwit.strategy.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    /** A series of snapshots that are taken one after another, by whoever waits for the time of the next one. */
    public static final class Series {

        private final ClusterSource source;
        private final int samples;
        private final Duration interval;
        private final List<ClusterModel> snapshots = new ArrayList<>();
        private long next = System.nanoTime();

        /**
         * @param source   is read for each snapshot
         * @param samples  number of snapshots, at least 1
         * @param interval time from the start of one snapshot to the start of the next; longer if reading takes longer
         */
        public Series(ClusterSource source, int samples, Duration interval) {
            this.source = source;
            this.samples = samples;
            this.interval = interval;
        }

        /**
         * Takes the next snapshot now.
         *
         * @throws UnreachableClusterException if it contains no host
         * @throws InterruptedException        if the thread is interrupted
         */
        public ClusterModel take() throws InterruptedException {
            next = System.nanoTime() + interval.toNanos();
            ClusterModel snapshot = source.read();
            if (snapshot.hosts().isEmpty()) {
                throw new UnreachableClusterException(snapshot.omissions());
            }
            snapshots.add(snapshot);
            return snapshot;
        }

        /** Returns the time until the next snapshot, or nothing if all have been taken. */
        public Optional<Duration> untilNext() {
            return snapshots.size() < samples
                    ? Optional.of(Duration.ofNanos(Math.max(0, next - System.nanoTime())))
                    : Optional.empty();
        }

        /** Returns the snapshots that have been taken, at least one. */
        public ClusterHistory history() {
            return new ClusterHistory(snapshots);
        }
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
        Series series = new Series(source, samples, interval);
        int number = 0;
        for (Optional<Duration> pause = series.untilNext(); pause.isPresent(); pause = series.untilNext()) {
            TimeUnit.NANOSECONDS.sleep(pause.get().toNanos());
            number++;
            listener.sampled(number, samples, series.take());
        }
        return series.history();
    }
}
