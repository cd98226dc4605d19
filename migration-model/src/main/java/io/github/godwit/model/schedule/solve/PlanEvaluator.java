package io.github.godwit.model.schedule.solve;

import io.github.godwit.model.schedule.Schedule;
import io.github.godwit.model.schedule.SchedulingProblem;
import io.github.godwit.model.technique.Technique;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Predicts a given order, so that rules and plain ways can be compared with what a scheduler found. Limits of hosts and anti-affinity are
 * kept here too.
 */
public final class PlanEvaluator {

    private final Instance instance;
    private final Map<String, Integer> byVm = new HashMap<>();

    /**
     * One decision, in the order of starts.
     *
     * @param vm          name of the VM
     * @param destination one of its destinations; null for the first
     * @param technique   the technique; null for the policy's choice at the bandwidth that it gets
     * @param gate        it starts when fewer of the earlier ones that share a link with it are unfinished: 1 for one after another
     */
    public record Decision(String vm, String destination, Technique technique, int gate) {

        /** One after another, to the first destination, by the policy's choice. */
        public static Decision serial(String vm) {
            return new Decision(vm, null, null, 1);
        }

        /** At once, to the first destination, by the policy's choice. */
        public static Decision atOnce(String vm) {
            return new Decision(vm, null, null, Plan.OPEN);
        }

        /** A copy with a technique. */
        public Decision by(Technique other) {
            return new Decision(vm, destination, other, gate);
        }
    }

    /**
     * Evaluates plans for a problem, by its estimator for finalists.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    public PlanEvaluator(SchedulingProblem problem) throws InterruptedException {
        instance = new Instance(problem, problem.finalists(), Integer.MAX_VALUE);
        for (int move = 0; move < instance.moves; move++) {
            byVm.put(instance.vm(move), move);
        }
    }

    /**
     * The schedule that follows from decisions.
     *
     * @param decisions one for each move of the problem
     * @param method    what made them
     * @throws IllegalArgumentException when a move has no decision, more than one, or one with an unknown destination or a gate below 1
     * @throws InterruptedException     when the thread is interrupted
     */
    public Schedule schedule(List<Decision> decisions, String method) throws InterruptedException {
        int[] order = new int[instance.moves];
        int[] candidate = new int[instance.moves];
        int[] gate = new int[instance.moves];
        Technique[] technique = new Technique[instance.moves];
        List<Integer> positions = new ArrayList<>();
        for (Decision each : decisions) {
            Integer move = byVm.get(each.vm());
            if (move == null || positions.contains(move) || each.gate() < 1) {
                throw new IllegalArgumentException(
                        "Decision %s must be for a move of the problem, once, with a gate of 1 or more."
                                .formatted(each));
            }
            order[positions.size()] = move;
            positions.add(move);
            candidate[move] = candidate(move, each.destination());
            gate[move] = each.gate();
            technique[move] = each.technique();
        }
        if (positions.size() < instance.moves) {
            throw new IllegalArgumentException(
                    "There are %d decisions for %d moves. Decide each.".formatted(positions.size(), instance.moves));
        }
        return new ScheduleWriter(instance, technique).write(new Plan(order, candidate, gate), method);
    }

    private int candidate(int move, String destination) {
        if (destination == null) {
            return 0;
        }
        int found = -1;
        for (int candidate = 0; candidate < instance.candidates(move); candidate++) {
            if (instance.destination(move, candidate).equals(destination)) {
                found = candidate;
            }
        }
        if (found < 0) {
            throw new IllegalArgumentException("VM '%s' cannot go to '%s'. Choose one of %s."
                    .formatted(
                            instance.vm(move),
                            destination,
                            Arrays.toString(instance.problem
                                    .moves()
                                    .get(move)
                                    .destinations()
                                    .toArray())));
        }
        return found;
    }
}
