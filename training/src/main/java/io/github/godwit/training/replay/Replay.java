package io.github.godwit.training.replay;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the watching rules would have decided during recorded migrations.
 *
 * @param runs  number of migrations
 * @param rules the scores, by the name of the rule
 */
public record Replay(int runs, Map<String, Score> rules) {

    /**
     * How a rule did.
     *
     * @param switched     migrations that it switches to post-copy
     * @param needless     of those, the ones that would have been as cheap without
     * @param missed       migrations that it does not switch, although they do not arrive without
     * @param meanCost     mean cost in ms ({@link RecordedRun#cost})
     * @param meanRegret   mean of what it costs more than the best decision in hindsight, in ms
     */
    public record Score(int switched, int needless, int missed, double meanCost, double meanRegret) {}

    /** Replays migrations with all rules. */
    public static Replay of(List<RecordedRun> runs) {
        Map<String, Score> scores = new LinkedHashMap<>();
        WatchRule.all().forEach((name, rule) -> scores.put(name, score(runs, rule)));
        return new Replay(runs.size(), scores);
    }

    private static Score score(List<RecordedRun> runs, WatchRule rule) {
        int switched = 0;
        int needless = 0;
        int missed = 0;
        double cost = 0;
        double regret = 0;
        for (RecordedRun run : runs) {
            Optional<Integer> after = rule.switchesAfter(run);
            double its = run.cost(after);
            switched += after.isPresent() ? 1 : 0;
            needless += after.isPresent() && its >= run.cost(Optional.empty()) ? 1 : 0;
            missed += after.isEmpty() && !run.arrived() ? 1 : 0;
            cost += its;
            regret += its - run.hindsight();
        }
        int count = Math.max(1, runs.size());
        return new Score(switched, needless, missed, cost / count, regret / count);
    }
}
