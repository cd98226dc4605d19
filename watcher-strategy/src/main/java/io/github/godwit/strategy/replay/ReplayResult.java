package io.github.godwit.strategy.replay;

import java.time.Duration;

/**
 * What one contender did in a replay.
 *
 * @param name              name of the contender
 * @param moves             number of moves
 * @param movesPerVmAndDay  the same, for each VM that runs on average, and each day
 * @param undoneIn30Minutes moves that were undone within 30 minutes: the VM returned to the host that it had left
 * @param undoneIn2Hours    moves that were undone within 120 minutes
 * @param hotMinutes        minutes in which hosts were hot, all hosts together
 * @param overloadedMinutes minutes in which the VMs of a host wanted more CPU than it has, all hosts together
 * @param usedHosts         hosts that had VMs, on average
 * @param refused           moves that Placement refused, because the memory of the destination did not suffice
 */
public record ReplayResult(
        String name,
        int moves,
        double movesPerVmAndDay,
        int undoneIn30Minutes,
        int undoneIn2Hours,
        double hotMinutes,
        double overloadedMinutes,
        double usedHosts,
        int refused) {

    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);
    private static final Duration TWO_HOURS = Duration.ofHours(2);
    private static final double SECONDS_PER_MINUTE = 60;

    static ReplayResult of(String name, SimulatedCluster cluster, MoveLog log) {
        LoadTrace trace = cluster.trace();
        double minutes = trace.step().toSeconds() / SECONDS_PER_MINUTE;
        double vmDays = trace.vms().stream()
                        .mapToDouble(vm -> {
                            int running = 0;
                            for (int step = 0; step < vm.steps(); step++) {
                                running += vm.runs(step) ? 1 : 0;
                            }
                            return running;
                        })
                        .sum()
                / trace.stepsPerDay();
        return new ReplayResult(
                name,
                log.moves(),
                log.moves() / vmDays,
                log.undoneWithin(HALF_AN_HOUR),
                log.undoneWithin(TWO_HOURS),
                minutes * cluster.hotSteps(),
                minutes * cluster.overloadedSteps(),
                cluster.usedHostSteps() / (double) trace.steps(),
                log.refusals());
    }
}
