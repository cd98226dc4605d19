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
import io.github.godwit.lab.collect.DesignedVm.Leg;
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

/** Migrates one VM of the design back and forth between both hosts by every technique, and writes the rows. */
final class VmShuttle {

    private static final int MOST_REPEATS = 2;

    /** A memory check pauses the guest. After this time it has caught up and writes at its own rate again. */
    private static final Duration SETTLE = Duration.ofMillis(250);

    /**
     * The host drivers average rates over four seconds, about half of which profiling takes. With this pause, the earlier
     * migration is not in them.
     */
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
    private final Set<Direction> disturbedProfiles = EnumSet.noneOf(Direction.class);
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

    /** Measures all missing rows. The VM is stopped afterwards, and so is the traffic of the hosts. */
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

    /** Measures with one boot of the VM, until no row is missing or a migration went wrong; QEMU may then refuse the next. */
    @SuppressWarnings("try") // the VM is stopped at the end of the block
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

    /** A running VM. The failure to stop it does not hide an earlier failure. */
    private interface Boot extends AutoCloseable {
        @Override
        void close();
    }

    private Boot boot() throws InterruptedException {
        vms.start(
                host(0),
                vm.name(),
                vm.memory(),
                vm.vcpus(),
                leg(Direction.THERE).workload(),
                vm.dirtyRing());
        return () -> vms.stop(vm.name());
    }

    /** Whether the VM's QEMU is fit for another migration: the host driver adds notes to an outcome only when something failed. */
    private static boolean isFit(MigrationStatus ended) {
        return ended.outcome() != null && ended.outcome().notes().isEmpty();
    }

    /** Moves the VM to the side where techniques are missing, without a row. */
    private MigrationStatus pass(Direction direction) throws InterruptedException {
        MigrationStatus ended = migrate(direction, rows.quickest(), observations.get(direction));
        if (ended.phase() != Phase.COMPLETED) {
            throw new LabException("%s could not be moved to the other host: %s".formatted(vm.name(), ended.error()));
        }
        return ended;
    }

    /** Measures one row, again while other load disturbs it, and returns the last status. */
    private MigrationStatus measure(Direction direction, Turn turn) throws InterruptedException {
        Technique technique = turn.technique();
        vms.set(vm.name(), source(direction), leg(direction).workload().liveSettings());
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
                String why = "%s by %s has no outcome: %s".formatted(vm.name(), technique, ended.error());
                progress.accept(why);
                rows.done(direction, turn);
                tally.failed(why);
                return ended;
            }
            if (!disturbed || repeats == MOST_REPEATS) {
                boolean marked = disturbed || disturbedProfiles.contains(direction);
                rows.file().append(row(direction, turn, ended, load, repeats, marked));
                rows.done(direction, turn);
                tally.succeeded();
                return ended;
            }
            progress.accept("%s by %s is repeated: other processes used %.2f cores, %.2f were stolen"
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
                leg(direction).workload().kernelArguments(),
                rows.seed(),
                true,
                new Disturbance(load.foreignCores(), load.stolenCores(), load.pressure(), repeats, disturbed),
                versions.asMap(),
                ended.outcome());
    }

    /**
     * Profiles each direction once, on an idle machine and without the traffic of an earlier migration, so that all techniques
     * get the same profile. Where the patience ends first, all rows of the direction are marked as disturbed.
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
            disturbedProfiles.add(direction);
        }
        observations.put(direction, observed);
        return observed;
    }

    private MigrationStatus migrate(Direction direction, Technique technique, Observation observed)
            throws InterruptedException {
        Leg leg = leg(direction);
        HostDriverClient driver = client(source(direction));
        MigrationStatus started = driver.migrate(
                MigrationRequest.of(vm.name(), source(other(direction)).hostDriver())
                        .technique(technique)
                        .timeLimit(leg.timeLimit())
                        .downtimeLimit(leg.downtimeLimit())
                        .observed(observed)
                        .build());
        return driver.follow(started.id(), leg.timeLimit().plus(BEYOND_LIMIT), event -> {});
    }

    /** Gives a host the other load of the design; the VM for it may be left from an earlier VM of the same lab. */
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

    /** A guest that computes and writes nothing. */
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

    private Leg leg(Direction direction) {
        return direction == Direction.THERE ? vm.there() : vm.back();
    }

    private static Direction other(Direction direction) {
        return direction == Direction.THERE ? Direction.BACK : Direction.THERE;
    }

    private HostDriverClient client(LabHost host) {
        return clients.computeIfAbsent(host, lab::client);
    }
}
