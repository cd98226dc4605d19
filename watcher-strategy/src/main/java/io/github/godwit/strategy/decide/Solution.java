package io.github.godwit.strategy.decide;

import java.util.List;

/**
 * The result of a strategy.
 *
 * @param moves   the moves, in order; may be empty
 * @param verdict what the moves achieve and what they do not, or why there are none, in sentences
 * @param solved  whether the moves achieve everything that the strategy aims at
 */
public record Solution(List<Move> moves, String verdict, boolean solved) {

    /** Copies the list. */
    public Solution {
        moves = List.copyOf(moves);
    }
}
