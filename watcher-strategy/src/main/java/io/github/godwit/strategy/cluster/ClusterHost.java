package io.github.godwit.strategy.cluster;

import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.model.hotspot.LoadSample;
import io.github.godwit.model.hotspot.SandpiperVolume;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;
import java.net.URI;

/**
 * One host of the cluster.
 *
 * @param url  base URL of its host driver
 * @param status its status as its host driver reported it, or as predicted after moves
 */
public record ClusterHost(URI url, HostStatus status) {

    /**
     * Checks the status.
     *
     * @throws IllegalArgumentException if the URL, the profile or the capabilities are missing
     */
    public ClusterHost {
        if (url == null || status == null || status.profile() == null || status.capabilities() == null) {
            throw new IllegalArgumentException(
                    "A host needs the URL of its host driver, a profile and its capabilities.");
        }
    }

    /** Returns the name of the host. */
    public String name() {
        return profile().name();
    }

    /** Returns the size, load and traffic of the host. */
    public HostProfile profile() {
        return status.profile();
    }

    /** Returns the same without the traffic of migrations that run now, as far as that is known. */
    public HostProfile applications() {
        return status.applications();
    }

    /** Returns the same with the traffic of applications that is expected when a plan of this moment is carried out. */
    public HostProfile expected() {
        return status.expected();
    }

    /**
     * Returns the host as a migration by one of its NICs finds it: with the rate and the traffic of that one. The usual NIC, and one of
     * which no name is known, change nothing.
     */
    public ClusterHost by(PeerNic nic) {
        return uses(nic) ? new ClusterHost(url, status.by(nic.name(), nic.link(), nic.traffic())) : this;
    }

    /** Whether this is another NIC than the usual one. */
    public boolean uses(PeerNic nic) {
        return nic != null && nic.name() != null && !nic.name().equals(status.nic());
    }

    /** Returns the CPU and memory load, each from 0 to 1. */
    public LoadSample load() {
        return LoadSample.of(profile());
    }

    /** Returns the Sandpiper volume, which combines the load of CPU, memory and network; migrations do not make a host hot. */
    public SandpiperVolume volume() {
        return SandpiperVolume.of(applications());
    }

    /**
     * Returns the same host with another load.
     *
     * @param cpu     share of the cores in use, limited to 0 to 1
     * @param memory  share of the memory in use, limited to 0 to 1
     * @param traffic traffic of its NIC
     * @param threads number of equally busy threads that cause the CPU load
     */
    public ClusterHost withLoad(double cpu, double memory, Traffic traffic, double threads) {
        HostProfile old = profile();
        HostProfile next = new HostProfile(
                old.name(),
                old.cores(),
                clipped(cpu),
                old.memory(),
                clipped(memory),
                old.link(),
                traffic,
                threads,
                old.hypervisor());
        return new ClusterHost(url, status.withProfile(next));
    }

    private static double clipped(double load) {
        return Math.max(0, Math.min(1, load));
    }

    /**
     * The NIC of a host by which its migrations to one other host leave, and those from there arrive.
     *
     * @param name    name of the device, or null if the host driver does not say
     * @param link    its rate
     * @param traffic traffic on it, that of migrations included
     */
    public record PeerNic(String name, Bandwidth link, Traffic traffic) {

        /** The NIC of a status that a host driver reports towards a peer. */
        public static PeerNic of(HostStatus towards) {
            return new PeerNic(
                    towards.nic(), towards.profile().link(), towards.profile().traffic());
        }
    }
}
