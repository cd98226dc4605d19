package io.github.godwit.strategy.replay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The moves of a replay, in order. */
final class MoveLog {

    private record Made(int step, String vm, String from, String to) {}

    private final Duration step;
    private final List<Made> moves = new ArrayList<>();
    private int refused;

    /**
     * @param step how long a step is
     */
    MoveLog(Duration step) {
        this.step = step;
    }

    /** A VM was moved before a step. */
    void moved(int before, String vm, String from, String to) {
        moves.add(new Made(before, vm, from, to));
    }

    /** Placement refused a move. */
    void refused() {
        refused++;
    }

    /** Returns the number of moves. */
    int moves() {
        return moves.size();
    }

    /** Returns the number of moves that Placement refused. */
    int refusals() {
        return refused;
    }

    /** Returns how many moves were undone within a time: the VM was moved again, to the host that it had left. */
    int undoneWithin(Duration time) {
        int undone = 0;
        for (int i = 0; i < moves.size(); i++) {
            Made move = moves.get(i);
            undone += undone(move, moves.subList(i + 1, moves.size()), time) ? 1 : 0;
        }
        return undone;
    }

    private boolean undone(Made move, List<Made> later, Duration time) {
        for (Made next : later) {
            if (step.multipliedBy(next.step() - move.step()).compareTo(time) > 0) {
                return false;
            }
            if (next.vm().equals(move.vm()) && next.to().equals(move.from())) {
                return true;
            }
        }
        return false;
    }
}
