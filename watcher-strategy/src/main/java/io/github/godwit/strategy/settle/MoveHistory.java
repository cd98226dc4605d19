package io.github.godwit.strategy.settle;

import io.github.godwit.strategy.settle.PastMove.End;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Earlier moves.
 *
 * @param moves the moves, the latest first
 */
public record MoveHistory(List<PastMove> moves) {

    /** Nothing was moved. */
    public static final MoveHistory NONE = new MoveHistory(List.of());

    /** Sorts the moves. */
    public MoveHistory {
        moves = moves.stream()
                .sorted(Comparator.comparing(PastMove::at).reversed())
                .toList();
    }

    /** Returns the names of the VMs that were moved, or whose moves failed. */
    public Set<String> vms() {
        return moves.stream().map(PastMove::vm).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Returns the latest move of a VM that it made or makes, if there is one. */
    public Optional<PastMove> lastOf(String vm) {
        return moves.stream()
                .filter(move -> move.vm().equals(vm) && move.changesLoad())
                .findFirst();
    }

    /** Returns the failures of a VM's moves since the latest one that did not fail, the latest first. */
    public List<PastMove> failuresOf(String vm) {
        return failures(moves.stream().filter(move -> move.vm().equals(vm)).toList());
    }

    /** Returns the failures of moves to a host since the latest one that did not fail, the latest first. */
    public List<PastMove> failuresTo(String host) {
        return failures(moves.stream().filter(move -> move.to().equals(host)).toList());
    }

    private static List<PastMove> failures(List<PastMove> latestFirst) {
        List<PastMove> failures = new ArrayList<>();
        for (PastMove move : latestFirst) {
            if (move.end() != End.FAILED) {
                break;
            }
            failures.add(move);
        }
        return failures;
    }
}
