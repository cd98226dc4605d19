package io.github.godwit.model.schedule.solve;

import io.github.godwit.model.reserve.BandwidthReservation;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.schedule.HostLimit;
import io.github.godwit.model.schedule.HostNetwork;
import io.github.godwit.model.schedule.Interval;
import io.github.godwit.model.schedule.MigrationEstimator;
import io.github.godwit.model.schedule.MoveRequest;
import io.github.godwit.model.schedule.NetworkLink;
import io.github.godwit.model.schedule.RunningMigration;
import io.github.godwit.model.schedule.SchedulingProblem;
import io.github.godwit.model.schedule.Topology;
import io.github.godwit.model.schedule.solve.share.ShareTable;
import io.github.godwit.model.select.NoTechniqueException;
import io.github.godwit.model.unit.Bandwidth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A {@link SchedulingProblem} as arrays, with rates in Mbit/s. Moves have the indexes 0 to {@code moves − 1}, running migrations the ones
 * after them.
 */
final class Instance {

    /** A migration gets at least this share of a link, however busy that is: otherwise it would never end. */
    private static final double LEAST_SHARE = 0.01;

    /** Share of a link that TCP gets against one other connection. */
    private static final double TCP_SHARE = 0.5;

    final SchedulingProblem problem;
    final int moves;
    final int jobs;
    final Links links;
    final Slots slots;
    final Weights weights;

    /** Links that each candidate of each move crosses; of running migrations in their only candidate. */
    final int[][][] crossed;

    /** The source's and the destination's links that the VM's own traffic is on. */
    final int[] sourceOut;

    final int[] sourceIn;
    final int[][] destinationOut;
    final int[][] destinationIn;

    /** Slots that a migration holds, for each candidate. */
    final int[][][] held;

    final double[] reserved;
    final boolean[] keepsUpper;
    final ShareTable[][] tables;
    private final Map<Integer, List<String>> names = new HashMap<>();

    /**
     * Compiles a problem.
     *
     * @param estimator      the estimator to use
     * @param mostCandidates destinations of a move beyond this number are left out
     * @throws InterruptedException if the thread is interrupted
     */
    Instance(SchedulingProblem problem, MigrationEstimator estimator, int mostCandidates) throws InterruptedException {
        this.problem = problem;
        this.moves = problem.moves().size();
        this.jobs = moves + problem.running().size();
        this.links = new Links(problem);
        this.slots = new Slots(problem);
        this.crossed = new int[jobs][][];
        this.sourceOut = new int[moves];
        this.sourceIn = new int[moves];
        this.destinationOut = new int[moves][];
        this.destinationIn = new int[moves][];
        this.held = new int[jobs][][];
        this.reserved = new double[moves];
        this.keepsUpper = new boolean[moves];
        this.tables = new ShareTable[moves][];
        Map<String, HostNetwork> hosts = problem.topology().byName();
        Topology.Ways topology = problem.topology().ways();
        for (int i = 0; i < moves; i++) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            compile(i, problem.moves().get(i), hosts, topology, estimator, mostCandidates);
        }
        for (int i = moves; i < jobs; i++) {
            RunningMigration running = problem.running().get(i - moves);
            crossed[i] = new int[][] {crossed(topology, running.source(), running.destination())};
            held[i] = new int[][] {slots.held(running.vm(), running.source(), running.destination())};
        }
        this.weights = new Weights(problem);
    }

    private void compile(
            int i,
            MoveRequest move,
            Map<String, HostNetwork> hosts,
            Topology.Ways topology,
            MigrationEstimator estimator,
            int mostCandidates) {
        HostNetwork source = hosts.get(move.source());
        sourceOut[i] = links.index(source.out());
        sourceIn[i] = links.index(source.in());
        reserved[i] = reservedShare(move.urgency());
        keepsUpper[i] = move.urgency() == Urgency.LOW;
        List<int[]> ways = new ArrayList<>();
        List<int[]> places = new ArrayList<>();
        List<ShareTable> tablesOfMove = new ArrayList<>();
        List<int[]> ends = new ArrayList<>();
        NoTechniqueException impossible = null;
        for (String name : move.destinations()) {
            if (ways.size() == mostCandidates) {
                break;
            }
            HostNetwork destination = hosts.get(name);
            int[] way = crossed(topology, move.source(), name);
            double top = Double.POSITIVE_INFINITY;
            for (int link : way) {
                top = Math.min(top, links.capacity[link]);
            }
            ShareTable table = new ShareTable(estimator, move.vm(), name, top);
            try {
                table.chosen(top);
            } catch (NoTechniqueException e) {
                impossible = e;
                continue;
            }
            ways.add(way);
            places.add(slots.held(move.vm(), move.source(), name));
            tablesOfMove.add(table);
            ends.add(new int[] {
                links.index(destination.out()),
                links.index(destination.in()),
                move.destinations().indexOf(name)
            });
        }
        if (ways.isEmpty()) {
            throw impossible;
        }
        crossed[i] = ways.toArray(new int[0][]);
        held[i] = places.toArray(new int[0][]);
        tables[i] = tablesOfMove.toArray(new ShareTable[0]);
        destinationOut[i] = ends.stream().mapToInt(end -> end[0]).toArray();
        destinationIn[i] = ends.stream().mapToInt(end -> end[1]).toArray();
        names.put(i, ends.stream().map(end -> move.destinations().get(end[2])).toList());
    }

    private int[] crossed(Topology.Ways topology, String source, String destination) {
        return topology.crossed(source, destination).stream()
                .mapToInt(links::index)
                .toArray();
    }

    /** The share of the link that is reserved at most, by the urgency. */
    private static double reservedShare(Urgency urgency) {
        Bandwidth whole = Bandwidth.ofMegabits(1000);
        Bandwidth ideal = Bandwidth.ofMegabits(1000 * ReservationTerms.DEFAULT.idealShare());
        return new BandwidthReservation(urgency, Bandwidth.ZERO, Bandwidth.ZERO)
                        .reserve(ideal, whole, Bandwidth.ZERO)
                        .orElse(Bandwidth.ZERO)
                        .megabits()
                / whole.megabits();
    }

    int candidates(int move) {
        return crossed[move].length;
    }

    String vm(int job) {
        return job < moves
                ? problem.moves().get(job).vm()
                : problem.running().get(job - moves).vm();
    }

    /** Bandwidth of a running migration, in Mbit/s. */
    double rate(int job) {
        return problem.running().get(job - moves).bandwidth().megabits();
    }

    /** Seconds that are left of a running migration. */
    Interval remaining(int job) {
        return problem.running().get(job - moves).remaining();
    }

    /** Name of a candidate of a move. */
    String destination(int move, int candidate) {
        return names.get(move).get(candidate);
    }

    /**
     * The most that one migration gets of a link, in Mbit/s ([Thesis 2025], algorithm 2): what is free, or what its urgency reserves, and
     * never what the applications must keep.
     *
     * @param load what is on the links now
     */
    double ceiling(int move, int link, LinkLoad load) {
        double capacity = links.capacity[link];
        double free = capacity - load.applications[link];
        double ceiling;
        if (links.reservable[link]) {
            double kept = keepsUpper[move] ? load.upper[link] : load.lower[link];
            double wanted = Math.min(reserved[move] * capacity, capacity - kept);
            ceiling = Math.min(Math.max(free, wanted), capacity - load.lower[link]);
        } else {
            ceiling = Math.max(free, TCP_SHARE * capacity);
        }
        return Math.max(ceiling, LEAST_SHARE * capacity);
    }

    /** The links with their fixed properties. */
    static final class Links {
        final int count;
        final double[] capacity;
        final boolean[] reservable;
        private final List<NetworkLink> all = new ArrayList<>();
        private final Map<String, Integer> byName = new HashMap<>();

        Links(SchedulingProblem problem) {
            problem.topology().links().forEach(this::add);
            count = all.size();
            capacity =
                    all.stream().mapToDouble(each -> each.capacity().megabits()).toArray();
            reservable = new boolean[count];
            for (int link = 0; link < count; link++) {
                reservable[link] = all.get(link).reservable();
            }
        }

        private void add(NetworkLink link) {
            byName.put(link.name(), all.size());
            all.add(link);
        }

        int index(NetworkLink link) {
            return byName.get(link.name());
        }

        NetworkLink get(int link) {
            return all.get(link);
        }
    }

    /** What only so many migrations hold at once: the hosts' own limits and anti-affinity groups. */
    static final class Slots {
        private final Map<String, Integer> byName = new HashMap<>();
        private final List<Integer> most = new ArrayList<>();
        private final List<Set<String>> apart;

        Slots(SchedulingProblem problem) {
            for (HostLimit limit : problem.limits()) {
                add("from " + limit.host(), limit.outgoing());
                add("to " + limit.host(), limit.incoming());
            }
            apart = problem.apart();
            for (int group = 0; group < apart.size(); group++) {
                add("apart " + group, 1);
            }
        }

        private void add(String name, int limit) {
            if (limit > 0) {
                byName.put(name, most.size());
                most.add(limit);
            }
        }

        int count() {
            return most.size();
        }

        int most(int slot) {
            return most.get(slot);
        }

        int[] held(String vm, String source, String destination) {
            List<Integer> held = new ArrayList<>();
            addIfLimited(held, "from " + source);
            addIfLimited(held, "to " + destination);
            for (int group = 0; group < apart.size(); group++) {
                if (apart.get(group).contains(vm)) {
                    held.add(byName.get("apart " + group));
                }
            }
            return held.stream().mapToInt(Integer::intValue).toArray();
        }

        private void addIfLimited(List<Integer> held, String name) {
            Integer slot = byName.get(name);
            if (slot != null) {
                held.add(slot);
            }
        }
    }
}
