package io.github.godwit.model.schedule.solve;

import io.github.godwit.model.schedule.BandwidthStep;
import io.github.godwit.model.schedule.MigrationEstimate;
import io.github.godwit.model.schedule.Schedule;
import io.github.godwit.model.schedule.ScheduledMigration;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Turns one run of a plan into a schedule: who waits for whom, the bandwidth of each migration over time, and the intervals. */
final class ScheduleWriter implements Simulation.Observer {

    /** Two shares that differ by less, as a part of them, are the same. */
    private static final double SAME_SHARE = 1e-6;

    private final Instance instance;
    private final Technique[] forced;
    private final BitSet[] after;
    private final BitSet[] reachable;
    private final List<List<BandwidthStep>> steps = new ArrayList<>();
    private final SlotHolders holders;
    private Plan plan;

    ScheduleWriter(Instance instance, Technique[] forced) {
        this.instance = instance;
        this.forced = forced;
        this.holders = new SlotHolders(instance);
        after = new BitSet[instance.jobs];
        reachable = new BitSet[instance.jobs];
        for (int job = 0; job < instance.jobs; job++) {
            after[job] = new BitSet();
            reachable[job] = new BitSet();
            steps.add(new ArrayList<>());
        }
    }

    /** Runs a plan and writes it down. To be called once. */
    Schedule write(Plan written, String method) throws InterruptedException {
        if (instance.moves == 0) {
            return Schedule.EMPTY;
        }
        plan = written;
        Simulation simulation = new Simulation(instance, forced);
        for (int job = instance.moves; job < instance.jobs; job++) {
            holders.take(instance.held[job][0], job, after[job]);
        }
        simulation.observe(this);
        simulation.run(plan);
        simulation.observe(NONE);
        Technique[] techniques = simulation.technique.clone();
        double[] starts = simulation.start.clone();
        double[] ends = simulation.end.clone();
        double[] violations = simulation.violation.clone();
        Intervals intervals =
                Intervals.of(instance, plan, techniques, this::firstShare, starts, ends, simulation.steps());
        List<ScheduledMigration> migrations = new ArrayList<>();
        int[] groups = groups(starts);
        double violation = 0;
        for (int move = 0; move < instance.moves; move++) {
            double weighted = violations[move] * instance.weights.ofViolation[move];
            violation += weighted;
            migrations.add(new ScheduledMigration(
                    instance.vm(move),
                    instance.problem.moves().get(move).source(),
                    instance.destination(move, plan.candidate()[move]),
                    techniques[move],
                    steps.get(move),
                    intervals.start().get(move),
                    intervals.end().get(move),
                    intervals.duration().get(move),
                    names(reduced(move)),
                    groups[move],
                    lastEstimate(move, techniques[move]).downtimeMillis(),
                    weighted));
        }
        migrations.sort(Comparator.comparingDouble(
                        (ScheduledMigration each) -> each.start().value())
                .thenComparing(each -> each.end().value())
                .thenComparing(ScheduledMigration::vm));
        return new Schedule(migrations, intervals.last(), violation, method);
    }

    private double firstShare(int move) {
        return steps.get(move).get(0).bandwidth().megabits();
    }

    private MigrationEstimate lastEstimate(int move, Technique technique) {
        List<BandwidthStep> all = steps.get(move);
        return instance.tables[move][plan.candidate()[move]].estimate(
                technique, all.get(all.size() - 1).bandwidth().megabits());
    }

    @Override
    public void share(int job, double seconds, double megabits) {
        List<BandwidthStep> all = steps.get(job);
        if (!all.isEmpty()) {
            BandwidthStep last = all.get(all.size() - 1);
            if (Math.abs(last.bandwidth().megabits() - megabits) <= SAME_SHARE * megabits) {
                return;
            }
            if (last.atSeconds() == seconds) {
                all.remove(all.size() - 1);
            }
        }
        all.add(new BandwidthStep(seconds, Bandwidth.ofMegabits(megabits)));
    }

    @Override
    public void started(int job, double seconds, PlanConflicts conflicts) {
        for (int other = 0; other < instance.jobs; other++) {
            if (conflicts.waitedFor(job, other)) {
                after[job].set(other);
            }
        }
        holders.take(instance.held[job][plan.candidate()[job]], job, after[job]);
        after[job].stream().forEach(other -> {
            reachable[job].set(other);
            reachable[job].or(reachable[other]);
        });
    }

    @Override
    public void ended(int job, double seconds) {
        holders.release(instance.held[job][job < instance.moves ? plan.candidate()[job] : 0], job);
    }

    /** What a move waits for, without what something else that it waits for waits for. */
    private BitSet reduced(int move) {
        BitSet reduced = (BitSet) after[move].clone();
        after[move].stream().forEach(other -> reduced.andNot(reachable[other]));
        return reduced;
    }

    private Set<String> names(BitSet jobs) {
        return jobs.stream().mapToObj(instance::vm).collect(Collectors.toSet());
    }

    private int[] groups(double[] starts) {
        int[] groups = new int[instance.jobs];
        List<Integer> byStart = new ArrayList<>();
        for (int move = 0; move < instance.moves; move++) {
            byStart.add(move);
        }
        byStart.sort(Comparator.comparingDouble(move -> starts[move]));
        for (int move : byStart) {
            groups[move] =
                    after[move].stream().map(other -> groups[other] + 1).max().orElse(0);
        }
        return groups;
    }
}
