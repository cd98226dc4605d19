package io.github.godwit.lab.collect;

import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.hostapi.DatasetRow.Disturbance;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationRequest.Observation;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.collect.DesignedVm.HostActivity;
import io.github.godwit.lab.collect.DesignedVm.Way;
import io.github.godwit.lab.collect.ForeignLoad.Load;
import io.github.godwit.lab.collect.VmRows.Direction;
import io.github.godwit.lab.collect.VmRows.Turn;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.guest.GuestWorkload;
import io.github.godwit.lab.guest.GuestWorkload.Pattern;
import io.github.godwit.lab.guest.LabVms;
import io.github.godwit.lab.net.BackgroundTraffic;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.system.CommandRunner;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Takes one VM of the design back and forth between both hosts, by every technique on each way, and keeps the rows. */
final class VmShuttle {

    private static final int MOST_REPEATS = 2;

    /** Checking its memory stops the guest's work; by then what it had to catch up is done and the pace is its own again. */
    private static final Duration SETTLE = Duration.ofMillis(250);

    /** The agents' rates look four seconds back: what went before must not be in them. The profile takes half of that. */
    private static final Duration BEFORE_PROFILE = Duration.ofMillis(2300);

    private static final Duration BEYOND_LIMIT = Duration.ofMinutes(1);
    private static final Duration TRAFFIC_AT_MOST = Duration.ofMinutes(30);
    private static final MemorySize LOAD_MEMORY = MemorySize.ofMebibytes(64);

    private final Lab lab;
    private final LabVms vms;
    private final BackgroundTraffic traffic;
    private final DesignedVm vm;
    private final VmRows rows;
    private final Collector.Tally tally;
    private final Consumer<String> progress;
    private final ForeignLoad foreign = new ForeignLoad();
    private final QuietMachine machine;
    private final Map<Direction, Observation> observations = new EnumMap<>(Direction.class);
    private final Set<Direction> disturbedLooks = EnumSet.noneOf(Direction.class);
    private final Map<LabHost, HostDriverClient> clients = new HashMap<>();
    private final Versions versions;

    VmShuttle(
            Lab lab,
            CommandRunner commands,
            DesignedVm vm,
            VmRows rows,
            Collector.Tally tally,
            Duration patience,
            Consumer<String> progress) {
        this.lab = lab;
        this.vms = new LabVms(lab);
        this.traffic = new BackgroundTraffic(commands, lab.name().peer(), lab.peerAddress());
        this.vm = vm;
        this.rows = rows;
        this.tally = tally;
        this.progress = progress;
        this.machine = new QuietMachine(foreign, patience, progress);
        this.versions = Versions.of(lab.client(lab.hosts().get(0)).host());
    }

    /** Measures all that is missing; the VM and the hosts' other load are gone afterwards. */
    void run() throws InterruptedException {
        machine.await();
        busy(0, vm.first());
        busy(1, vm.second());
        try {
            while (!rows.complete() && !tally.enough()) {
                shuttle();
            }
        } finally {
            for (LabHost host : lab.hosts()) {
                traffic.stop(host);
            }
        }
    }

    /** With one boot of the VM: until all is measured, or a migration gave no outcome, after which QEMU may take no other. */
    @SuppressWarnings("try") // the VM goes with the block
    private void shuttle() throws InterruptedException {
        try (Boot boot = boot()) {
            Direction direction = Direction.THERE;
            boolean fit = true;
            while (fit && !rows.complete() && !tally.enough()) {
                Turn turn = rows.next(direction);
                MigrationStatus ended = turn == null ? pass(direction) : measure(direction, turn);
                if (ended.phase() == Phase.COMPLETED) {
                    direction = other(direction);
                }
                fit = isFit(ended);
            }
        }
    }

    /** A VM that runs; where it cannot be stopped after something else went wrong, that is not hidden. */
    private interface Boot extends AutoCloseable {
        @Override
        void close();
    }

    private Boot boot() throws InterruptedException {
        vms.start(host(0), vm.name(), vm.memory(), way(Direction.THERE).workload(), vm.dirtyRing());
        return () -> vms.stop(vm.name());
    }

    /** Whether the VM's QEMU can be trusted with another migration: its host driver notes nothing where all went well. */
    private static boolean isFit(MigrationStatus ended) {
        return ended.outcome() != null && ended.outcome().notes().isEmpty();
    }

    /** Over to where techniques are still missing; no row. */
    private MigrationStatus pass(Direction direction) throws InterruptedException {
        MigrationStatus ended = migrate(direction, Technique.POST_COPY, observations.get(direction));
        if (ended.phase() != Phase.COMPLETED) {
            throw new LabException("%s cannot go on: %s".formatted(vm.name(), ended.error()));
        }
        return ended;
    }

    /** One row, repeated while something disturbs it; tells how the last ended. */
    private MigrationStatus measure(Direction direction, Turn turn) throws InterruptedException {
        Technique technique = turn.technique();
        vms.set(vm.name(), source(direction), way(direction).workload().liveSettings());
        TimeUnit.MILLISECONDS.sleep(SETTLE.toMillis());
        Observation observed = observe(direction);
        for (int repeats = 0; ; repeats++) {
            ForeignLoad.Sample before = foreign.sample();
            MigrationStatus ended = migrate(direction, technique, observed);
            Load load = foreign.sample().since(before);
            boolean disturbed = load.disturbs();
            boolean moved = ended.phase() == Phase.COMPLETED;
            String answer = vms.verify(vm.name(), moved ? source(other(direction)) : source(direction));
            if (!LabVms.isVerified(answer)) {
                throw new LabException(
                        "The memory of %s was damaged by %s: %s".formatted(vm.name(), technique, answer));
            }
            if (ended.outcome() == null) {
                String why = "%s by %s gave no outcome: %s".formatted(vm.name(), technique, ended.error());
                progress.accept(why);
                rows.done(direction, turn);
                tally.failed(why);
                return ended;
            }
            if (!disturbed || repeats == MOST_REPEATS) {
                boolean marked = disturbed || disturbedLooks.contains(direction);
                rows.file().append(row(direction, turn, ended, load, repeats, marked));
                rows.done(direction, turn);
                tally.succeeded();
                return ended;
            }
            progress.accept("%s by %s is repeated: others used %.2f cores, %.2f were stolen"
                    .formatted(vm.name(), technique, load.foreignCores(), load.stolenCores()));
            if (!isFit(ended)) {
                return ended;
            }
            machine.await();
            if (moved) {
                pass(other(direction));
            }
        }
    }

    private DatasetRow row(
            Direction direction, Turn turn, MigrationStatus ended, Load load, int repeats, boolean disturbed) {
        return new DatasetRow(
                rows.id(direction, turn),
                rows.caseId(direction, turn),
                vm.family().name(),
                way(direction).workload().kernelArguments(),
                rows.seed(),
                true,
                new Disturbance(load.foreignCores(), load.stolenCores(), load.pressure(), repeats, disturbed),
                versions.asMap(),
                ended.outcome());
    }

    /**
     * Each way is looked at once, while nothing disturbs: what is the same for all techniques, and without the traffic before.
     * Where patience ends before that, all rows of the way are marked.
     */
    private Observation observe(Direction direction) throws InterruptedException {
        Observation known = observations.get(direction);
        if (known != null) {
            return known;
        }
        Observation observed;
        Load load;
        long deadline = machine.deadline();
        do {
            machine.await();
            ForeignLoad.Sample before = foreign.sample();
            TimeUnit.MILLISECONDS.sleep(BEFORE_PROFILE.toMillis());
            observed = new Observation(
                    client(source(direction)).profile(vm.name()),
                    client(source(direction)).host().profile(),
                    client(source(other(direction))).host().profile());
            load = foreign.sample().since(before);
        } while (load.disturbs() && System.nanoTime() - deadline < 0);
        if (load.disturbs()) {
            disturbedLooks.add(direction);
        }
        observations.put(direction, observed);
        return observed;
    }

    private MigrationStatus migrate(Direction direction, Technique technique, Observation observed)
            throws InterruptedException {
        Way way = way(direction);
        HostDriverClient agent = client(source(direction));
        MigrationStatus started = agent.migrate(new MigrationRequest(
                vm.name(),
                source(other(direction)).agent(),
                technique,
                null,
                null,
                way.timeLimit(),
                way.downtimeLimit(),
                observed,
                null,
                null));
        return agent.follow(started.id(), way.timeLimit().plus(BEYOND_LIMIT), event -> {});
    }

    /** Has a host do what the design says beside this VM; another VM of the same lab may have left one that works. */
    private void busy(int index, HostActivity activity) throws InterruptedException {
        LabHost host = host(index);
        String name = "load-" + host.name();
        if (client(host).vms().stream().anyMatch(status -> status.name().equals(name))) {
            vms.set(name, host, "cpu=" + Math.round(1000 * activity.cpu()));
        } else if (activity.cpu() > 0) {
            vms.start(host, name, LOAD_MEMORY, working(activity.cpu()), false);
        }
        if (activity.traffic().bitsPerSecond() > 0) {
            traffic.start(host, activity.out(), activity.traffic(), Math.toIntExact(TRAFFIC_AT_MOST.toSeconds()));
        }
    }

    /** Computes and writes nothing. */
    private static GuestWorkload working(double cpu) {
        return new GuestWorkload(
                MemorySize.ofMebibytes(4), MemorySize.ofMebibytes(1), new MemorySize(0), Pattern.RANDOM, 0.5, 64, cpu);
    }

    private LabHost host(int index) {
        return lab.hosts().get(index);
    }

    private LabHost source(Direction direction) {
        return host(direction == Direction.THERE ? 0 : 1);
    }

    private Way way(Direction direction) {
        return direction == Direction.THERE ? vm.there() : vm.back();
    }

    private static Direction other(Direction direction) {
        return direction == Direction.THERE ? Direction.BACK : Direction.THERE;
    }

    private HostDriverClient client(LabHost host) {
        return clients.computeIfAbsent(host, lab::client);
    }
}
