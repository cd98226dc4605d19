package io.github.godwit.model.schedule.solve;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Searches a good plan for many moves: builds plans by simple rules, then changes the best one at random places for as long as the budget
 * of simulations and steps lasts, and keeps what is better (threshold accepting). Moves that end late are changed more often. Deterministic.
 */
final class PlanSearch {

    private static final int[] FEW_GATES = {1, 2, 4, Plan.OPEN};
    private static final int[] MANY_GATES = {1, 2, 3, 4, 6, Plan.OPEN};

    /** From this number of moves on, fewer plans are built. */
    private static final int MANY_MOVES = 60;

    /** A change that makes a plan worse by this share is accepted at first. */
    private static final double FIRST_THRESHOLD = 0.02;

    /** Plans that are improved. */
    private static final int STARTS = 4;

    /** Moves that end after this share of the whole time end late. */
    private static final double LATE = 0.9;

    private final Instance instance;
    private final Simulation simulation;
    private final Random random = new Random(1);
    private final int kept;
    private final Effort effort;
    private final List<Found> best = new ArrayList<>();

    /** A plan and its objective. */
    record Found(Plan plan, double objective) {}

    /**
     * Prepares a search.
     *
     * @param kept number of plans to keep
     * @param effort bounds of the work; the first plan is kept in any case
     */
    PlanSearch(Instance instance, int kept, Effort effort) {
        this.instance = instance;
        this.simulation = new Simulation(instance, null);
        this.kept = kept;
        this.effort = effort;
    }

    /** The best plans so far, best first. */
    List<Found> best() {
        return best;
    }

    /** Takes a plan into account, as far as there is effort left. */
    void consider(Plan plan) throws InterruptedException {
        if (best.isEmpty()) {
            keep(plan, simulation.run(plan));
        } else if (goesOn()) {
            keep(plan, affordable(plan));
        }
    }

    /** The steps of all plans that were tried so far. */
    long steps() {
        return simulation.steps();
    }

    private boolean goesOn() {
        return simulation.steps() < effort.search();
    }

    /** Runs a plan; returns its objective, which is infinite if such a plan takes too many steps. */
    private double affordable(Plan plan) throws InterruptedException {
        long before = simulation.steps();
        double objective = simulation.run(plan);
        return simulation.steps() - before <= effort.run() ? objective : Double.POSITIVE_INFINITY;
    }

    /** Builds plans by rules. */
    void construct() throws InterruptedException {
        boolean many = instance.moves > MANY_MOVES;
        PlanRules rules = new PlanRules(instance);
        for (int[] order : rules.orders()) {
            int[] balanced = rules.balanced(order);
            for (int gate : many ? FEW_GATES : MANY_GATES) {
                consider(rules.plan(order, balanced, gate));
            }
            if (!many) {
                consider(rules.plan(order, new int[instance.moves], 1));
                consider(rules.plan(order, new int[instance.moves], Plan.OPEN));
            }
        }
    }

    /**
     * Improves the best plans, each for a part of the budget.
     *
     * @param simulations plans to try
     */
    void improve(int simulations) throws InterruptedException {
        int starts = instance.moves > MANY_MOVES ? 1 : Math.min(STARTS, best.size());
        List<Found> from = List.copyOf(best.subList(0, starts));
        for (Found each : from) {
            improve(each, simulations / starts);
        }
    }

    private void improve(Found from, int simulations) throws InterruptedException {
        if (!goesOn()) {
            return;
        }
        // with few steps for each move there is no time to go a longer way
        double threshold = instance.moves > MANY_MOVES ? 0 : FIRST_THRESHOLD;
        Plan current = from.plan().copy();
        double objective = simulation.run(current);
        Plan next = current.copy();
        List<Integer> late = late();
        for (int i = 0; i < simulations && goesOn(); i++) {
            next.set(current);
            change(next, late);
            if (random.nextInt(3) == 0) {
                change(next, late);
            }
            double changed = affordable(next);
            double left = 1 - (double) i / simulations;
            if (changed < objective * (1 + threshold * left * left)) {
                objective = changed;
                current.set(next);
                late = late();
                keep(next, changed);
            }
        }
    }

    private void keep(Plan plan, double objective) {
        if (objective == Double.POSITIVE_INFINITY
                || (best.size() == kept && objective >= best.get(kept - 1).objective())
                || best.stream().anyMatch(each -> each.objective() == objective)) {
            return;
        }
        best.add(new Found(plan.copy(), objective));
        best.sort(Comparator.comparingDouble(Found::objective));
        if (best.size() > kept) {
            best.remove(kept);
        }
    }

    /** Moves that ended late in the last run. */
    private List<Integer> late() {
        List<Integer> late = new ArrayList<>();
        for (int move = 0; move < instance.moves; move++) {
            if (simulation.end[move] >= LATE * simulation.last) {
                late.add(move);
            }
        }
        return late;
    }

    private void change(Plan plan, List<Integer> late) {
        int move = !late.isEmpty() && random.nextBoolean()
                ? late.get(random.nextInt(late.size()))
                : random.nextInt(instance.moves);
        switch (random.nextInt(5)) {
            case 0 -> relocate(plan, move);
            case 1 -> swap(plan, position(plan, move), random.nextInt(instance.moves));
            case 2 -> plan.candidate()[move] = random.nextInt(instance.candidates(move));
            case 3 -> plan.gate()[move] = gate();
            default -> gateOfHost(plan, move);
        }
    }

    private int gate() {
        return MANY_GATES[random.nextInt(MANY_GATES.length)];
    }

    private void gateOfHost(Plan plan, int move) {
        int gate = gate();
        for (int other = 0; other < instance.moves; other++) {
            if (instance.sourceOut[other] == instance.sourceOut[move]) {
                plan.gate()[other] = gate;
            }
        }
    }

    private static int position(Plan plan, int move) {
        int position = 0;
        while (plan.order()[position] != move) {
            position++;
        }
        return position;
    }

    private static void swap(Plan plan, int one, int other) {
        int[] order = plan.order();
        int kept = order[one];
        order[one] = order[other];
        order[other] = kept;
    }

    private void relocate(Plan plan, int move) {
        int from = position(plan, move);
        int to = random.nextInt(instance.moves);
        int[] order = plan.order();
        if (from < to) {
            System.arraycopy(order, from + 1, order, from, to - from);
        } else {
            System.arraycopy(order, to, order, to + 1, from - to);
        }
        order[to] = move;
    }
}
