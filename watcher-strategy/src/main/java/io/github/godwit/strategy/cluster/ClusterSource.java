package io.github.godwit.strategy.cluster;

/** Reads the current state of the cluster. */
@FunctionalInterface
public interface ClusterSource {

    /**
     * Reads the cluster. A host that does not answer becomes an {@link Omission}.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    ClusterModel read() throws InterruptedException;
}
