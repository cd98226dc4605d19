package io.github.godwit.strategy.replay;

import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.HostStatus.ReservationSupport;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import io.github.godwit.model.unit.Version;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.replay.watcher.WatcherSnapshot;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A simulated cluster whose VMs use what a trace has recorded. A VM that starts is placed on the enabled host with the most free memory, as
 * Nova's scheduler does by default. VMs on a host that is short of CPU each get the same share of what they want. What is measured is what
 * they got. A move takes effect for the whole next step, and the work of migrating is not simulated.
 */
final class SimulatedCluster {

    /** Of the memory of each VM, which traces of CPU use do not tell. */
    private static final double RESIDENT = 0.5;

    private static final Bandwidth LINK = Bandwidth.ofMegabits(10_000);
    private static final double PERCENT = 100;
    private static final long MIB_PER_GIB = 1024;
    private static final Duration HOST_PERIOD = Duration.ofMinutes(10);
    private static final Duration VM_PERIOD = Duration.ofMinutes(12);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int NOWHERE = -1;

    private final LoadTrace trace;
    private final ClusterSize size;
    private final int[] hostOf;
    private final double[][] hostLoad;
    private final double[][] vmUse;
    private final Set<String> disabled = new TreeSet<>();
    private final double threshold;
    private int step;
    private long hotSteps;
    private long overloadedSteps;
    private long usedHostSteps;

    /**
     * @param threshold share of the cores above which a host counts as hot
     * @throws IllegalArgumentException if a VM is larger than a host
     */
    SimulatedCluster(LoadTrace trace, ClusterSize size, double threshold) {
        this.trace = trace;
        this.size = size;
        this.threshold = threshold;
        this.hostOf = new int[trace.vms().size()];
        Arrays.fill(hostOf, NOWHERE);
        this.hostLoad = new double[size.hosts()][trace.steps()];
        this.vmUse = new double[trace.vms().size()][trace.steps()];
        for (VmLoad vm : trace.vms()) {
            if (vm.memoryMib() > size.memoryGib() * MIB_PER_GIB || vm.cores() > size.cores()) {
                throw new IllegalArgumentException(
                        "VM '%s' (%d cores, %d MiB) is larger than a host (%d cores, %d GiB). Choose larger hosts."
                                .formatted(vm.name(), vm.cores(), vm.memoryMib(), size.cores(), size.memoryGib()));
            }
        }
        startAndStop();
    }

    /** Returns the number of the next step, from 0: decisions are made before it, by what was measured until then. */
    int step() {
        return step;
    }

    /** Returns whether the trace has ended. */
    boolean ended() {
        return step == trace.steps();
    }

    /** Returns the simulated time. */
    Instant now() {
        return Instant.EPOCH.plus(trace.step().multipliedBy(step));
    }

    LoadTrace trace() {
        return trace;
    }

    /** Returns for how many steps hosts were hot, all hosts together: their VMs wanted more than the threshold. */
    long hotSteps() {
        return hotSteps;
    }

    /** Returns for how many steps VMs wanted more than a host had, all hosts together. */
    long overloadedSteps() {
        return overloadedSteps;
    }

    /** Returns for how many steps hosts had VMs, all hosts together. */
    long usedHostSteps() {
        return usedHostSteps;
    }

    /** Lets the next step pass. */
    void advance() {
        double[] wanted = new double[size.hosts()];
        boolean[] used = new boolean[size.hosts()];
        for (int vm = 0; vm < hostOf.length; vm++) {
            if (hostOf[vm] != NOWHERE) {
                wanted[hostOf[vm]] += load(vm).use(step);
                used[hostOf[vm]] = true;
            }
        }
        for (int host = 0; host < wanted.length; host++) {
            hostLoad[host][step] = Math.min(1, wanted[host] / size.cores());
            hotSteps += wanted[host] / size.cores() > threshold ? 1 : 0;
            overloadedSteps += wanted[host] > size.cores() ? 1 : 0;
            usedHostSteps += used[host] ? 1 : 0;
        }
        for (int vm = 0; vm < hostOf.length; vm++) {
            if (hostOf[vm] != NOWHERE) {
                double got = Math.min(1, size.cores() / Math.max(1e-9, wanted[hostOf[vm]]));
                vmUse[vm][step] = load(vm).use(step) * got;
            }
        }
        step++;
        if (!ended()) {
            startAndStop();
        }
    }

    private VmLoad load(int vm) {
        return trace.vms().get(vm);
    }

    private void startAndStop() {
        for (int vm = 0; vm < hostOf.length; vm++) {
            boolean runs = load(vm).runs(step);
            if (runs && hostOf[vm] == NOWHERE) {
                hostOf[vm] = roomiest(load(vm));
            } else if (!runs) {
                hostOf[vm] = NOWHERE;
            }
        }
    }

    private int roomiest(VmLoad vm) {
        return IntStream.range(0, size.hosts())
                .boxed()
                .filter(host -> !disabled.contains(name(host)))
                .filter(host -> freeMib(host) >= vm.memoryMib())
                .max(Comparator.<Integer>comparingLong(this::freeMib).thenComparing(Comparator.reverseOrder()))
                .or(() -> IntStream.range(0, size.hosts())
                        .boxed()
                        .filter(host -> freeMib(host) >= vm.memoryMib())
                        .findFirst())
                .orElseThrow(() -> new IllegalArgumentException(
                        "No host has %d MiB left for VM '%s'. Choose more hosts, or larger ones."
                                .formatted(vm.memoryMib(), vm.name())));
    }

    private long freeMib(int host) {
        long free = size.memoryGib() * MIB_PER_GIB;
        for (int vm = 0; vm < hostOf.length; vm++) {
            free -= hostOf[vm] == host ? load(vm).memoryMib() : 0;
        }
        return free;
    }

    private static String name(int host) {
        return "h%03d".formatted(host + 1);
    }

    private static int number(String host) {
        return Integer.parseInt(host.substring(1)) - 1;
    }

    /** Moves a VM; returns whether the host has the memory for it. Otherwise Placement refuses, and the VM stays. */
    boolean move(String vmName, String to) {
        int vm = IntStream.range(0, hostOf.length)
                .filter(i -> load(i).name().equals(vmName))
                .findFirst()
                .orElseThrow();
        if (hostOf[vm] == NOWHERE || freeMib(number(to)) < load(vm).memoryMib()) {
            return false;
        }
        hostOf[vm] = number(to);
        return true;
    }

    /** Enables some hosts for Nova, and disables others. */
    void enable(Set<String> enabled, Set<String> nowDisabled) {
        disabled.addAll(nowDisabled);
        disabled.removeAll(enabled);
    }

    /** Returns what host drivers would report now, averaged over the last step. Before the first step there is no load. */
    ClusterModel model() {
        List<ClusterHost> hosts = new ArrayList<>();
        for (int host = 0; host < size.hosts(); host++) {
            hosts.add(host(host));
        }
        List<VmStatus> vms = new ArrayList<>();
        for (int vm = 0; vm < hostOf.length; vm++) {
            if (hostOf[vm] != NOWHERE) {
                vms.add(vm(vm));
            }
        }
        return new ClusterModel(hosts, vms, List.of());
    }

    private ClusterHost host(int host) {
        String name = name(host);
        double resident = 0;
        for (int vm = 0; vm < hostOf.length; vm++) {
            resident += hostOf[vm] == host ? RESIDENT * load(vm).memoryMib() : 0;
        }
        HostProfile profile = new HostProfile(
                name,
                size.cores(),
                step == 0 ? 0 : hostLoad[host][step - 1],
                MemorySize.ofMebibytes(size.memoryGib() * MIB_PER_GIB),
                resident / (size.memoryGib() * MIB_PER_GIB),
                LINK,
                Traffic.NONE);
        return new ClusterHost(
                URI.create("http://%s:9622".formatted(name)),
                new HostStatus(
                        profile,
                        new HostCapabilities(name, new Version(10, 0, 2), null, Map.of()),
                        "10.0.0.1",
                        ReservationSupport.of("", ""),
                        "simulated",
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
    }

    private VmStatus vm(int vm) {
        VmLoad load = load(vm);
        VmDefinition definition = new VmDefinition(
                load.name(),
                MemorySize.ofMebibytes(load.memoryMib()),
                load.cores(),
                "simulated",
                "",
                Accelerator.KVM,
                0,
                0);
        return new VmStatus(
                load.name(),
                name(hostOf[vm]),
                "running",
                definition,
                1,
                step == 0 ? 0 : vmUse[vm][step - 1],
                MemorySize.ofMebibytes(Math.round(RESIDENT * load.memoryMib())),
                Traffic.NONE,
                null,
                null,
                Map.of(),
                null,
                null,
                null);
    }

    /** Returns what Watcher would read now. */
    WatcherSnapshot snapshot() {
        List<WatcherSnapshot.Host> hosts = new ArrayList<>();
        for (int host = 0; host < size.hosts(); host++) {
            hosts.add(new WatcherSnapshot.Host(
                    name(host),
                    size.cores(),
                    size.memoryGib() * MIB_PER_GIB,
                    !disabled.contains(name(host)),
                    PERCENT * mean(hostLoad[host], HOST_PERIOD)));
        }
        List<WatcherSnapshot.Vm> vms = new ArrayList<>();
        for (int vm = 0; vm < hostOf.length; vm++) {
            if (hostOf[vm] != NOWHERE) {
                VmLoad load = load(vm);
                vms.add(new WatcherSnapshot.Vm(
                        load.name(),
                        name(hostOf[vm]),
                        load.cores(),
                        load.memoryMib(),
                        PERCENT * mean(vmUse[vm], VM_PERIOD) / load.cores(),
                        PERCENT * mean(vmUse[vm], HOUR) / load.cores(),
                        RESIDENT * load.memoryMib()));
            }
        }
        return new WatcherSnapshot(hosts, vms);
    }

    private double mean(double[] values, Duration period) {
        int first = (int) Math.max(
                0,
                step
                        - Math.max(
                                1,
                                Math.round(period.toSeconds()
                                        / (double) trace.step().toSeconds())));
        return Arrays.stream(values, first, step).average().orElse(0);
    }
}
