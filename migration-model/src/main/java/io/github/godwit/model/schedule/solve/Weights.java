package io.github.godwit.model.schedule.solve;

import io.github.godwit.model.schedule.MoveRequest;
import io.github.godwit.model.schedule.Objective;
import io.github.godwit.model.schedule.SchedulingProblem;
import java.util.List;

/**
 * The objective as a sum: so much for each second of the end, for each second of the end of a single VM, for each second that a VM is in
 * migration, and for each unit of violation. All but the first decide among schedules whose ends are about equal.
 */
final class Weights {

    /** Most by which priorities may delay the end of all, as a share of it. */
    private static final double PRIORITY = 0.05;

    /**
     * Most by which the end of all may be delayed, as a share of it, so that VMs are in migration for a shorter time. A VM is slower while it
     * is in migration. On a full link, migrations that run side by side end no earlier than one after another, but each of them takes longer.
     */
    private static final double IN_MIGRATION = 0.1;

    /** Decides among equal schedules: the mean end of a VM, relative to the end of all. */
    private static final double TIE = 0.001;

    /** Decides among equal schedules: a second against a violation of 1, and the other way round. */
    private static final double OTHER_OBJECTIVE = 1e-4;

    final double end;
    final double[] ofEnd;

    /** For each second between the start and the end of a move. */
    final double inMigration;

    final double violation;
    final double[] ofViolation;

    Weights(SchedulingProblem problem) {
        List<MoveRequest> moves = problem.moves();
        end = problem.objective() == Objective.EMPTY_TIME ? 1 : OTHER_OBJECTIVE;
        violation = problem.objective() == Objective.EMPTY_TIME ? OTHER_OBJECTIVE : 1;
        inMigration = end * IN_MIGRATION / Math.max(1, moves.size());
        ofEnd = new double[moves.size()];
        ofViolation = new double[moves.size()];
        double least = moves.stream().mapToInt(MoveRequest::priority).min().orElse(0);
        double sum = moves.stream().mapToDouble(each -> each.priority() - least).sum();
        for (int i = 0; i < moves.size(); i++) {
            double priority = sum == 0 ? 0 : (moves.get(i).priority() - least) / sum;
            ofEnd[i] = end * (PRIORITY * priority + TIE / moves.size());
            ofViolation[i] = moves.get(i).weight();
        }
    }
}
