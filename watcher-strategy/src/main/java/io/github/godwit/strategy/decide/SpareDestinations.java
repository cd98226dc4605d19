package io.github.godwit.strategy.decide;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.strategy.cluster.ClusterModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds further destinations to the moves of a solution, from which a scheduler may choose. A host becomes a further destination of a VM only
 * if it can take all VMs that may come to it at once, those of other moves included. Therefore every choice among the destinations
 * keeps the conditions of a {@link Strategy}, in any order.
 */
final class SpareDestinations {

    /** The scheduler compares all choices up to so many moves, and searches beyond. */
    private static final int FEW_MOVES = 8;

    private static final int OTHERS_OF_FEW = 2;
    private static final int OTHERS_OF_MANY = 4;

    private final DestinationCheck check;
    private final ClusterModel before;
    private final List<String> hosts;
    private final Map<String, ClusterModel> fullest = new HashMap<>();

    /**
     * @param check  checks what a destination can take
     * @param before the cluster before the first move
     * @param hosts  names of the hosts that may receive VMs, the preferred first
     */
    SpareDestinations(DestinationCheck check, ClusterModel before, List<String> hosts) {
        this.check = check;
        this.before = before;
        this.hosts = List.copyOf(hosts);
    }

    List<Move> addedTo(List<Move> moves) {
        for (Move move : moves) {
            fullest.merge(
                    move.to(),
                    before.withMove(move.vm(), move.to()),
                    (now, unused) -> now.withMove(move.vm(), move.to()));
        }
        List<List<String>> others = new ArrayList<>();
        moves.forEach(move -> others.add(new ArrayList<>()));
        int most = moves.size() <= FEW_MOVES ? OTHERS_OF_FEW : OTHERS_OF_MANY;
        for (int place = 0;
                place < most;
                place++) { // one host for each move in turn, so that none takes the room of all
            for (int i = 0; i < moves.size(); i++) {
                next(moves.get(i), others.get(i));
            }
        }
        List<Move> added = new ArrayList<>();
        for (int i = 0; i < moves.size(); i++) {
            added.add(moves.get(i).or(others.get(i)));
        }
        return added;
    }

    private void next(Move move, List<String> others) {
        VmStatus vm = before.vm(move.vm());
        for (String host : hosts) {
            boolean tried = host.equals(move.from()) || host.equals(move.to()) || others.contains(host);
            ClusterModel there = fullest.getOrDefault(host, before);
            if (!tried && check.obstacle(there, vm, there.host(host)).isEmpty()) {
                fullest.put(host, there.withMove(move.vm(), host));
                others.add(host);
                return;
            }
        }
    }
}
