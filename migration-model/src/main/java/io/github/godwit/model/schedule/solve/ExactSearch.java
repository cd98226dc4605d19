package io.github.godwit.model.schedule.solve;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * The best sequence of groups for a few moves: a group runs in parallel and begins when the one before it has ended. Best-first search over
 * the set of moved VMs and where their traffic is, with a lower bound of the rest; two ways to the same state are compared and only the
 * better one is followed. What is not better than a known plan is left out.
 *
 * <p>Considers every partition into groups, every order of groups and every destination, for moves without running migrations.
 */
final class ExactSearch {

    /** More groups are never simulated, so that the time is bounded; the result is then the best found. */
    private static final int MOST_SIMULATIONS = 12_000;

    /** As many groups are followed at most, most of which were simulated before. */
    private static final int MOST_FOLLOWED = 80_000;

    /** A plan that is not better by this share is not looked for: predictions are far less exact. */
    private static final double LESS = 0.998;

    private final Instance instance;
    private final int[] members;
    private final Simulation simulation;
    private final LowerBound bound;
    private final Map<Integer, Double> reached = new HashMap<>();
    private final Map<Long, Outcome> outcomes = new HashMap<>();
    private final PriorityQueue<Node> open = new PriorityQueue<>((a, b) -> Double.compare(a.estimate, b.estimate));
    private final Plan scratch;
    private final boolean[] carriesTraffic;
    private final int[] inSlots;
    private final boolean[] moved;
    private double incumbent;
    private int simulations;
    private int followed;
    private Node node;
    private Node best;

    /** The objective that a group adds, and how long it takes. */
    private record Outcome(double objective, double seconds) {}

    /** A set of moves that have ended, and how. Bits are members. */
    private static final class Node {
        private final Node parent;
        private final int done;
        private final int group;
        private final int[] candidate;
        private final double cost;
        private final double estimate;

        Node(Node parent, int done, int group, int[] candidate, double cost, double estimate) {
            this.parent = parent;
            this.done = done;
            this.group = group;
            this.candidate = candidate;
            this.cost = cost;
            this.estimate = estimate;
        }
    }

    /**
     * Prepares a search.
     *
     * @param members indexes of the moves, at most 8; they share nothing with other moves of the instance
     */
    ExactSearch(Instance instance, int[] members) {
        this.instance = instance;
        this.members = members;
        this.simulation = new Simulation(instance, null);
        this.bound = new LowerBound(instance, members);
        this.scratch = Plan.uniform(instance.moves, Plan.OPEN);
        this.inSlots = new int[instance.slots.count()];
        this.moved = new boolean[instance.moves];
        LinkLoad load = new LinkLoad(instance);
        carriesTraffic = new boolean[members.length];
        for (int m = 0; m < members.length; m++) {
            carriesTraffic[m] = load.matters(members[m]);
        }
    }

    /** Whether the result is proven to be the best of its kind. */
    boolean proven() {
        return simulations < MOST_SIMULATIONS && followed < MOST_FOLLOWED;
    }

    /**
     * Finds a better plan for the members.
     *
     * @param below     objective of a known plan
     * @param candidate receives the destinations
     * @return the groups in their order, each as indexes of moves; null if none is better than {@code below}
     */
    int[][] groups(double below, int[] candidate) throws InterruptedException {
        incumbent = below;
        int all = (1 << members.length) - 1;
        open.add(new Node(null, 0, 0, new int[members.length], 0, bound.of(all)));
        while (!open.isEmpty() && proven()) {
            node = open.poll();
            if (node.estimate >= incumbent * LESS) {
                break;
            }
            if (node.cost <= reached.getOrDefault(key(node.done, node.candidate), Double.POSITIVE_INFINITY)) {
                grow(0, 0, 0, all & ~node.done, node.candidate.clone());
            }
        }
        return best == null ? null : groups(best, candidate);
    }

    private int[][] groups(Node last, int[] candidate) {
        Deque<int[]> groups = new ArrayDeque<>();
        for (int m = 0; m < members.length; m++) {
            candidate[members[m]] = last.candidate[m];
        }
        for (Node each = last; each.parent != null; each = each.parent) {
            int group = each.group;
            groups.addFirst(IntStream.range(0, members.length)
                    .filter(m -> (group >> m & 1) == 1)
                    .map(m -> members[m])
                    .toArray());
        }
        return groups.toArray(new int[0][]);
    }

    /** Tries every group that contains {@code group} and otherwise only members from {@code from} on. */
    private void grow(int from, int group, int out, int left, int[] candidate) throws InterruptedException {
        double least = node.cost + bound.of(group) + bound.of(out);
        if (least >= incumbent * LESS || !proven()) {
            return;
        }
        int m = from;
        while (m < members.length && (left >> m & 1) == 0) {
            m++;
        }
        if (m == members.length) {
            if (group != 0) {
                follow(group, out, candidate);
            }
            return;
        }
        int move = members[m];
        for (int each = 0; each < instance.candidates(move); each++) {
            if (hold(move, each)) {
                candidate[m] = each;
                grow(m + 1, group | 1 << m, out, left, candidate);
            }
            release(move, each);
        }
        candidate[m] = 0;
        grow(m + 1, group, out | 1 << m, left, candidate);
    }

    private boolean hold(int move, int candidate) {
        boolean room = true;
        for (int slot : instance.held[move][candidate]) {
            room &= ++inSlots[slot] <= instance.slots.most(slot);
        }
        return room;
    }

    private void release(int move, int candidate) {
        for (int slot : instance.held[move][candidate]) {
            inSlots[slot]--;
        }
    }

    /** Simulates a group and keeps where it leads to. */
    private void follow(int group, int rest, int[] candidate) throws InterruptedException {
        int count = 0;
        Arrays.fill(moved, false);
        for (int m = 0; m < members.length; m++) {
            scratch.candidate()[members[m]] = candidate[m];
            if ((group >> m & 1) == 1) {
                scratch.order()[count++] = members[m];
            } else if ((node.done >> m & 1) == 1) {
                moved[members[m]] = true;
            }
        }
        Outcome outcome = outcome(group, count, candidate);
        double cost = node.cost + outcome.objective();
        for (int m = 0; m < members.length; m++) {
            if ((rest >> m & 1) == 1) {
                cost += instance.weights.ofEnd[members[m]] * outcome.seconds();
            }
        }
        double estimate = cost + bound.of(rest);
        if (estimate >= incumbent * LESS) {
            return;
        }
        int done = node.done | group;
        Double known = reached.get(key(done, candidate));
        if (known != null && known <= cost) {
            return;
        }
        reached.put(key(done, candidate), cost);
        Node next = new Node(node, done, group, candidate.clone(), cost, estimate);
        if (rest == 0) {
            incumbent = cost;
            best = next;
        } else {
            open.add(next);
        }
    }

    /** What a group costs, which does not depend on the order in which others have moved before. */
    private Outcome outcome(int group, int count, int[] candidate) throws InterruptedException {
        followed++;
        long key = group;
        for (int m = 0; m < members.length; m++) {
            boolean inGroup = (group >> m & 1) == 1;
            boolean elsewhere = carriesTraffic[m] && (node.done >> m & 1) == 1;
            key |= (inGroup || elsewhere ? candidate[m] + 1L : 0) << (members.length + 3 * m);
        }
        Outcome known = outcomes.get(key);
        if (known == null) {
            simulations++;
            known = new Outcome(simulation.runGroup(scratch, count, moved), simulation.last);
            outcomes.put(key, known);
        }
        return known;
    }

    /** What decides the rest: who has moved, and where those with traffic are. */
    private int key(int done, int[] candidate) {
        int key = done;
        for (int m = 0; m < members.length; m++) {
            int where = carriesTraffic[m] && (done >> m & 1) == 1 ? candidate[m] : 0;
            key |= where << (members.length + 2 * m);
        }
        return key;
    }

    /** The gates and the order of a plan with these groups. */
    static void into(Plan plan, int[][] groups, Instance instance) {
        int position = 0;
        for (int[] group : groups) {
            for (int i = 0; i < group.length; i++) {
                int before = 0;
                for (int j = 0; j < i; j++) {
                    before += share(instance, plan, group[i], group[j]) ? 1 : 0;
                }
                plan.order()[position++] = group[i];
                plan.gate()[group[i]] = before + 1;
            }
        }
    }

    private static boolean share(Instance instance, Plan plan, int one, int other) {
        int[] way = instance.crossed[one][plan.candidate()[one]];
        int[] otherWay = instance.crossed[other][plan.candidate()[other]];
        return Arrays.stream(way).anyMatch(link -> Arrays.stream(otherWay).anyMatch(each -> each == link));
    }
}
