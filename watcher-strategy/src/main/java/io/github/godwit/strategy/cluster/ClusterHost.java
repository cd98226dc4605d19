package io.github.godwit.strategy.cluster;

import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.model.hotspot.LoadSample;
import io.github.godwit.model.hotspot.SandpiperVolume;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Traffic;
import java.net.URI;

/**
 * One host of the cluster.
 *
 * @param agent  base URL of its host driver
 * @param status the host as its driver sees it, or as it is predicted to become
 */
public record ClusterHost(URI agent, HostStatus status) {

    /**
     * @throws IllegalArgumentException when a part of the status that every decision needs is missing
     */
    public ClusterHost {
        if (agent == null || status == null || status.profile() == null || status.capabilities() == null) {
            throw new IllegalArgumentException("A host needs the URL of its agent, a profile and its capabilities.");
        }
    }

    /** The host's name. */
    public String name() {
        return profile().name();
    }

    /** Load and links. */
    public HostProfile profile() {
        return status.profile();
    }

    /** CPU and memory load. */
    public LoadSample load() {
        return LoadSample.of(profile());
    }

    /** How loaded it is in all resources together. */
    public SandpiperVolume volume() {
        return SandpiperVolume.of(profile());
    }

    /**
     * The same host under another load.
     *
     * @param cpu     share of the cores; values outside 0 to 1 are clipped
     * @param memory  share of the memory, clipped likewise
     * @param traffic what goes over its NIC
     * @param threads over how many equally busy threads the CPU load is spread
     */
    public ClusterHost withLoad(double cpu, double memory, Traffic traffic, double threads) {
        HostProfile old = profile();
        HostProfile next = new HostProfile(
                old.name(), old.cores(), clipped(cpu), old.memory(), clipped(memory), old.link(), traffic, threads);
        return new ClusterHost(agent, status.withProfile(next));
    }

    private static double clipped(double load) {
        return Math.max(0, Math.min(1, load));
    }
}
