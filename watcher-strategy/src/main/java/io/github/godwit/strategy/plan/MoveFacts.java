package io.github.godwit.strategy.plan;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterHost.PeerNic;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.decide.Move;
import java.util.List;
import java.util.Map;

/**
 * What is known about one move before it is decided.
 *
 * @param move       the move
 * @param vm         status of the VM
 * @param profile    profile of the VM
 * @param techniques the techniques that can run, by destination; contains at least that of the move
 * @param localDisk  size of the VM's disks on its host in bytes, which Nova copies unless the hosts share their storage
 * @param nics       the NICs of both hosts towards each other, by destination, where they are known
 */
public record MoveFacts(
        Move move,
        VmStatus vm,
        VmProfile profile,
        Map<String, TechniqueAvailability> techniques,
        long localDisk,
        Map<String, Nics> nics) {

    /**
     * The NICs between two hosts. Null stands for the usual NIC of a host.
     *
     * @param source      that of the source
     * @param destination that of the destination
     */
    public record Nics(PeerNic source, PeerNic destination) {

        /** The usual ones. */
        static final Nics USUAL = new Nics(null, null);
    }

    /** Copies the maps. */
    public MoveFacts {
        techniques = Map.copyOf(techniques);
        nics = Map.copyOf(nics);
    }

    /** Returns the bytes of the VM's disks that are copied as well. */
    long diskBytes() {
        return vm.definition() == null ? 0 : vm.definition().diskBytes();
    }

    /** Returns the facts about the move to one of its hosts. */
    MoveFacts to(String host) {
        return new MoveFacts(
                move.to(host).or(List.of()),
                vm,
                profile,
                Map.of(host, techniques.get(host)),
                localDisk,
                nics.containsKey(host) ? Map.of(host, nics.get(host)) : Map.of());
    }

    /** Returns the NICs between the source and a destination. */
    Nics between(String destination) {
        return nics.getOrDefault(destination, Nics.USUAL);
    }

    /** Returns the source as the migration to a destination finds it. */
    ClusterHost source(ClusterModel cluster, String destination) {
        return cluster.host(move.from()).by(between(destination).source());
    }

    /** Returns a destination as the migration finds it. */
    ClusterHost destination(ClusterModel cluster, String destination) {
        return cluster.host(destination).by(between(destination).destination());
    }
}
