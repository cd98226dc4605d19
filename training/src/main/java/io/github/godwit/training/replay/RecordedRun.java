package io.github.godwit.training.replay;

import io.github.godwit.hostapi.Outcome;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.watch.PrecopyForecast;
import io.github.godwit.model.watch.PrecopyRound;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A pre-copy with its rounds, of which nothing was changed while it ran.
 *
 * @param id            id of the migration
 * @param rounds        the rounds, in order, with the last figures of each
 * @param totalMillis   its total time in ms; that until it was cancelled if it did not arrive
 * @param arrived       whether it came to its end
 * @param memoryBytes   memory of the VM
 * @param downtimeLimit the downtime limit
 * @param timeLimit     the time limit
 */
public record RecordedRun(
        String id,
        List<PrecopyRound> rounds,
        double totalMillis,
        boolean arrived,
        long memoryBytes,
        Duration downtimeLimit,
        Duration timeLimit) {

    /** Rounds before the third say nothing: QEMU does not know the expected downtime yet. */
    private static final int FEWEST = 3;

    /** Copies the list. */
    public RecordedRun {
        rounds = List.copyOf(rounds);
    }

    /** The run of an outcome; empty if it could not have been switched to post-copy, or its rounds are not known. */
    public static Optional<RecordedRun> of(Outcome outcome) {
        Double total = outcome.measured().get(Metric.TOTAL_TIME);
        boolean usable = outcome.precopy() != null
                && outcome.precopy().size() >= FEWEST
                && outcome.technique().traits().canFallBack()
                && outcome.incomparable() == null
                && total != null;
        return usable
                ? Optional.of(new RecordedRun(
                        outcome.migrationId(),
                        outcome.precopy(),
                        total,
                        outcome.converged(),
                        outcome.migrationCase().vm().memory().bytes(),
                        outcome.migrationCase().tuning().downtimeLimit(),
                        outcome.migrationCase().tuning().timeLimit()))
                : Optional.empty();
    }

    /**
     * What a migration costs, in ms: the time until it has ended, and once more the time that the VM waits for its pages in post-copy. A
     * migration that does not arrive costs its time twice.
     *
     * @param switchedAfter index of the round after which it is switched to post-copy; empty if it is not
     */
    public double cost(Optional<Integer> switchedAfter) {
        return switchedAfter
                .map(rounds::get)
                .map(round ->
                        round.elapsedMillis() + PrecopyForecast.switchCost(Math.max(0, round.expectedDowntimeMillis())))
                .orElse(arrived ? totalMillis : 2 * totalMillis);
    }

    /** The least that it could have cost: the best switch, or none. */
    public double hindsight() {
        double least = cost(Optional.empty());
        for (int i = 0; i < rounds.size(); i++) {
            if (rounds.get(i).number() >= FEWEST && rounds.get(i).expectedDowntimeMillis() > 0) {
                least = Math.min(least, cost(Optional.of(i)));
            }
        }
        return least;
    }
}
