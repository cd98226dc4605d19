package io.github.godwit.strategy.cluster;

import io.github.godwit.hostapi.VmStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The cluster after moves that are planned. Pure.
 *
 * @param after the cluster as predicted
 * @param moved number of VMs that change their host
 * @param notes moves that change nothing any more, each as a sentence
 */
public record PlannedMoves(ClusterModel after, int moved, List<String> notes) {

    /**
     * Where a VM is to go.
     *
     * @param vm   name of the VM
     * @param host name of its destination
     */
    public record Target(String vm, String host) {}

    /** Copies the list. */
    public PlannedMoves {
        notes = List.copyOf(notes);
    }

    /** Predicts the cluster after moves, from what it is now. */
    public static PlannedMoves of(ClusterModel now, List<Target> moves) {
        ClusterModel after = now;
        int moved = 0;
        List<String> notes = new ArrayList<>();
        for (Target move : moves) {
            Optional<VmStatus> vm = after.findVm(move.vm());
            if (vm.isEmpty()) {
                notes.add("No host driver that answers has VM %s.".formatted(move.vm()));
            } else if (after.findHost(move.host()).isEmpty()) {
                notes.add("No host driver answers for %s, where %s is to go.".formatted(move.host(), move.vm()));
            } else if (vm.get().host().equals(move.host())) {
                notes.add("VM %s is on %s already.".formatted(move.vm(), move.host()));
            } else {
                after = after.withMove(move.vm(), move.host());
                moved++;
            }
        }
        return new PlannedMoves(after, moved, notes);
    }
}
