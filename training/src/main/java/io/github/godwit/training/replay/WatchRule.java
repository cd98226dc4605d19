package io.github.godwit.training.replay;

import io.github.godwit.model.watch.DowntimeRamp;
import io.github.godwit.model.watch.MigrationWatch;
import io.github.godwit.model.watch.PrecopyRound;
import io.github.godwit.model.watch.WatchChange.StartPostcopy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A rule that decides when a migration is switched to post-copy. */
@FunctionalInterface
public interface WatchRule {

    /** Index of the round of a run after which this rule switches to post-copy; empty if it does not. */
    Optional<Integer> switchesAfter(RecordedRun run);

    /**
     * The rules that are compared, by name: none; Godwit's; KubeVirt's stall detector with its defaults (VEP 248), and with a time that
     * is scaled to short migrations; and a switch at a fixed time for the size, as Nova and KubeVirt do without it.
     */
    static Map<String, WatchRule> all() {
        Map<String, WatchRule> rules = new LinkedHashMap<>();
        rules.put("none", run -> Optional.empty());
        rules.put("godwit", WatchRule::byGodwit);
        rules.put("kubevirt", run -> StallDetector.DEFAULT.switchesAfter(run.rounds()));
        rules.put("kubevirt_scaled", run -> StallDetector.scaledTo(run).switchesAfter(run.rounds()));
        rules.put("timeout", WatchRule::byTimeout);
        return rules;
    }

    private static Optional<Integer> byGodwit(RecordedRun run) {
        MigrationWatch watch = new MigrationWatch(DowntimeRamp.NONE, true, run.timeLimit());
        MigrationWatch.State state = MigrationWatch.initial(run.downtimeLimit());
        for (int i = 0; i < run.rounds().size(); i++) {
            MigrationWatch.Decision decision = watch.next(run.rounds().get(i), state);
            if (decision.change().filter(StartPostcopy.class::isInstance).isPresent()) {
                return Optional.of(i);
            }
            state = decision.state();
        }
        return Optional.empty();
    }

    /** KubeVirt's {@code completionTimeoutPerGiB} of 150 s. */
    private static Optional<Integer> byTimeout(RecordedRun run) {
        double limit = Duration.ofSeconds(150).toMillis() * Math.max(1, run.memoryBytes() / (double) (1 << 30));
        List<PrecopyRound> rounds = run.rounds();
        for (int i = 0; i < rounds.size(); i++) {
            if (rounds.get(i).elapsedMillis() >= limit) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }
}
