package io.github.godwit.strategy.decide;

import java.util.List;

/**
 * What a strategy found.
 *
 * @param moves   what to do, in order; perhaps nothing
 * @param verdict in sentences: what the moves achieve and what they do not, or why there are none
 * @param solved  whether nothing is left that this strategy would want changed
 */
public record Solution(List<Move> moves, String verdict, boolean solved) {

    /** Copies the list. */
    public Solution {
        moves = List.copyOf(moves);
    }
}
