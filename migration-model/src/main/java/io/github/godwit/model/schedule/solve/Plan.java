package io.github.godwit.model.schedule.solve;

import java.util.Arrays;

/**
 * What a scheduler decides; the simulation turns it into times.
 *
 * <p>A move starts as soon as fewer than its {@code gate} of the moves before it that share a link with it are unfinished, and its hosts
 * have room. Gate 1 is one after another; gate 2 beside one other; {@link #OPEN} at once. A group that runs in parallel and waits for the
 * group before it has the gates 1, 2, 3 and so on.
 */
final class Plan {

    private final int[] order;
    private final int[] candidate;
    private final int[] gate;

    /**
     * Creates a plan of these arrays, which stay changeable.
     *
     * @param order     indexes of moves, first to start first
     * @param candidate index of the chosen destination of each move
     * @param gate      gate of each move, at least 1
     */
    Plan(int[] order, int[] candidate, int[] gate) {
        this.order = order;
        this.candidate = candidate;
        this.gate = gate;
    }

    int[] order() {
        return order;
    }

    int[] candidate() {
        return candidate;
    }

    int[] gate() {
        return gate;
    }

    /** Waits for nobody. */
    static final int OPEN = Integer.MAX_VALUE;

    /** Every move to its first destination, in the order of the problem, all with the same gate. */
    static Plan uniform(int moves, int gate) {
        int[] order = new int[moves];
        Arrays.setAll(order, i -> i);
        int[] gates = new int[moves];
        Arrays.fill(gates, gate);
        return new Plan(order, new int[moves], gates);
    }

    /** A copy that can be changed alone. */
    Plan copy() {
        return new Plan(order.clone(), candidate.clone(), gate.clone());
    }

    /** Takes over everything from a plan of the same size. */
    void set(Plan other) {
        System.arraycopy(other.order, 0, order, 0, order.length);
        System.arraycopy(other.candidate, 0, candidate, 0, candidate.length);
        System.arraycopy(other.gate, 0, gate, 0, gate.length);
    }
}
