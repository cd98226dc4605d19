package io.github.godwit.training.replay;

import io.github.godwit.model.watch.PrecopyRound;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * KubeVirt's stall detector (VEP 248, alpha in 1.9), to compare with. A migration has stalled when no less remains after a round than after
 * the best one of those that ended at least {@code window} before. It is then switched in the first round after which hardly more remains
 * than after the best one since then. If that does not come within the window, the next larger of these amounts suffices, and the window
 * halves.
 *
 * @param window {@code stallProgressTimeout}
 */
record StallDetector(Duration window) {

    /** With KubeVirt's defaults. */
    static final StallDetector DEFAULT = new StallDetector(Duration.ofSeconds(40));

    /** {@code stallMargin}, its default. */
    private static final double MARGIN = 0.04;

    /** {@code patienceWindowDecayFactor}. */
    private static final double DECAY = 0.5;

    /** The default is forty times as long as the first round of a small VM; here it is twice as long as that of this VM. */
    static StallDetector scaledTo(RecordedRun run) {
        return new StallDetector(Duration.ofMillis(2 * run.rounds().get(0).elapsedMillis()));
    }

    Optional<Integer> switchesAfter(List<PrecopyRound> rounds) {
        int stalledSince = -1;
        List<Long> levels = new ArrayList<>();
        long target = 0;
        double patience = window.toMillis();
        long waitingSince = 0;
        for (int i = 0; i < rounds.size(); i++) {
            PrecopyRound round = rounds.get(i);
            long remains = round.expectedDowntimeMillis();
            if (remains <= 0) {
                continue;
            }
            if (stalledSince < 0) {
                int best = bestBefore(rounds, round.elapsedMillis() - window.toMillis());
                if (best < 0 || remains < rounds.get(best).expectedDowntimeMillis() * (1 - MARGIN)) {
                    continue;
                }
                stalledSince = best;
                for (int j = best; j <= i; j++) {
                    levels.add(rounds.get(j).expectedDowntimeMillis());
                }
                levels.removeIf(level -> level <= 0);
                levels.sort(null);
                target = levels.remove(0);
                waitingSince = round.elapsedMillis();
            } else {
                levels.add(remains);
                levels.sort(null);
            }
            if (round.elapsedMillis() - waitingSince > patience && !levels.isEmpty()) {
                target = Math.max(target, levels.remove(0));
                patience *= DECAY;
                waitingSince = round.elapsedMillis();
            }
            if (remains <= target * (1 + MARGIN)) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    /** Index of the round with the least that remained, of those that ended until then; -1 if there is none. */
    private static int bestBefore(List<PrecopyRound> rounds, long untilMillis) {
        int best = -1;
        for (int i = 0; i < rounds.size() && rounds.get(i).elapsedMillis() <= untilMillis; i++) {
            long remains = rounds.get(i).expectedDowntimeMillis();
            if (remains > 0
                    && rounds.get(i).number() > 2
                    && (best < 0 || remains < rounds.get(best).expectedDowntimeMillis())) {
                best = i;
            }
        }
        return best;
    }
}
