package io.github.godwit.model.schedule.solve;

import io.github.godwit.model.schedule.MoveRequest;
import io.github.godwit.model.schedule.rule.TrafficOrder;
import io.github.godwit.model.schedule.rule.TrafficOrder.Load;
import io.github.godwit.model.schedule.solve.share.ShareTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Plans by simple rules, from which a search begins. */
final class PlanRules {

    private final Instance instance;
    private final double[] seconds;

    PlanRules(Instance instance) {
        this.instance = instance;
        seconds = new double[instance.moves];
        for (int move = 0; move < instance.moves; move++) {
            ShareTable table = instance.tables[move][0];
            seconds[move] = table.seconds(table.chosen(Double.MAX_VALUE), Double.MAX_VALUE);
        }
    }

    /** Orders of the moves: by traffic ([SOLive 2020], section IV-C), the longest first, the shortest first; urgent ones before all. */
    List<int[]> orders() {
        List<MoveRequest> moves = instance.problem.moves();
        List<Load> loads = new ArrayList<>();
        for (int move = 0; move < instance.moves; move++) {
            loads.add(new Load(
                    moves.get(move).vm(), seconds[move], 0, moves.get(move).traffic()));
        }
        List<Load> byTraffic = TrafficOrder.POST_COPY.order(loads);
        Comparator<Integer> priority =
                Comparator.comparing(move -> -moves.get(move).priority());
        return List.of(
                order(priority.thenComparing(move -> byTraffic.indexOf(loads.get(move)))),
                order(priority.thenComparing(move -> -seconds[move])),
                order(priority.thenComparing(move -> seconds[move])));
    }

    private int[] order(Comparator<Integer> by) {
        List<Integer> order = new ArrayList<>();
        for (int move = 0; move < instance.moves; move++) {
            order.add(move);
        }
        order.sort(by);
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Destinations that spread the moves over links in their order: each to the one whose fullest link is least full. */
    int[] balanced(int[] order) {
        double[] busy = new double[instance.links.count];
        int[] chosen = new int[instance.moves];
        for (int move : order) {
            double least = Double.POSITIVE_INFINITY;
            for (int candidate = 0; candidate < instance.candidates(move); candidate++) {
                double fullest = 0;
                for (int link : instance.crossed[move][candidate]) {
                    if (link != instance.sourceOut[move]) {
                        fullest = Math.max(fullest, busy[link] + seconds[move]);
                    }
                }
                if (fullest < least) {
                    least = fullest;
                    chosen[move] = candidate;
                }
            }
            for (int link : instance.crossed[move][chosen[move]]) {
                busy[link] += seconds[move];
            }
        }
        return chosen;
    }

    /** A plan in which all moves have the same gate. */
    Plan plan(int[] order, int[] candidate, int gate) {
        int[] gates = new int[instance.moves];
        Arrays.fill(gates, gate);
        return new Plan(order.clone(), candidate.clone(), gates);
    }
}
