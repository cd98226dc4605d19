package io.github.godwit.strategy.replay;

/**
 * Whether Godwit moves at most half as often as a baseline, at no more hot minutes, and undoes nothing within two hours.
 *
 * @param godwit     name of Godwit's contender
 * @param baseline   name of the baseline
 * @param movesRatio Godwit's moves by those of the baseline; null if that moved nothing
 * @param hotRatio   Godwit's hot minutes by those of the baseline; null if that had none
 * @param met        whether all of that holds
 */
public record Comparison(String godwit, String baseline, Double movesRatio, Double hotRatio, boolean met) {

    private static final double MOST_MOVES = 0.5;

    static Comparison of(ReplayResult godwit, ReplayResult baseline) {
        return new Comparison(
                godwit.name(),
                baseline.name(),
                ratio(godwit.moves(), baseline.moves()),
                ratio(godwit.hotMinutes(), baseline.hotMinutes()),
                godwit.moves() <= MOST_MOVES * baseline.moves()
                        && godwit.hotMinutes() <= baseline.hotMinutes()
                        && godwit.undoneIn2Hours() == 0);
    }

    private static Double ratio(double ours, double theirs) {
        return theirs == 0 ? null : ours / theirs;
    }
}
