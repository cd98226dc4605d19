package io.github.godwit.strategy.cluster;

import java.time.Duration;

/** Reads the current state of the cluster. */
@FunctionalInterface
public interface ClusterSource {

    /**
     * Reads the cluster. A host that does not answer becomes an {@link Omission}.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    ClusterModel read() throws InterruptedException;

    /** Returns the time over which its figures are averaged: a figure contains what was so long ago. */
    default Duration window() {
        return Duration.ZERO;
    }
}
