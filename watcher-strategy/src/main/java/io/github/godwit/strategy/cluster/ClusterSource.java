package io.github.godwit.strategy.cluster;

/** Tells what the cluster looks like. */
@FunctionalInterface
public interface ClusterSource {

    /** The cluster now; what does not answer is an {@link Omission}. */
    ClusterModel read() throws InterruptedException;
}
