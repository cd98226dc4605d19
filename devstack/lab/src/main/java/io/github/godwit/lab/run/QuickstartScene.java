package io.github.godwit.lab.run;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.guest.GuestWorkload;
import io.github.godwit.lab.guest.GuestWorkload.Pattern;
import io.github.godwit.lab.guest.LabVms;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The quickstart's six VMs with different workloads, five of them on the first host, and the overload of that host.
 *
 * <p>The CPU time that a guest's writes and timer cost depends on the machine and its accelerator. So the load is set by
 * measurement: high enough for the audit to find a hotspot, and low enough that QEMU's monitors do not wait for the CPU. The five
 * VMs load the host equally, so the migration of one of them ends the hotspot.
 */
public final class QuickstartScene {

    /** Share of the first host's only core that its VMs use together; a hotspot begins at 0.75. */
    private static final double HOT = 0.86;

    private static final double CLOSE_ENOUGH = 0.03;
    private static final int MOST_ROUNDS = 4;

    /** Largest share of the core that writing alone may use; the VMs write less where it would use more. */
    private static final double MOST_FOR_WRITES = 0.5;

    private static final Duration MEASURED_OVER = Duration.ofMillis(1500);

    /** A guest applies a new setting in its next time slice. */
    private static final Duration SETTLE = Duration.ofMillis(300);

    private static final int PER_MILLE = 1000;

    private final Lab lab;
    private final LabVms vms;
    private final Consumer<String> progress;

    /** One VM of the scene. */
    private record Role(String name, int host, String memory, boolean dirtyRing, GuestWorkload workload) {}

    private static final List<Role> ROLES = List.of(
            new Role("web", 0, "256M", false, workload("96M", "16M", "2M", Pattern.HOTSPOT, 0.5, 32, 0.05)),
            new Role("database", 0, "512M", false, workload("384M", "128M", "50M", Pattern.RANDOM, 0.6, 64, 0.05)),
            new Role("cache", 0, "384M", false, workload("256M", "192M", "20M", Pattern.RANDOM, 0.4, 16, 0.05)),
            new Role("stream", 0, "256M", false, workload("160M", "48M", "30M", Pattern.SEQ, 1.0, 4096, 0.05)),
            new Role("batch", 0, "256M", true, workload("128M", "64M", "10M", Pattern.SEQ, 0.3, 512, 0.05)),
            new Role("idle", 1, "128M", false, workload("32M", "4M", "0", Pattern.RANDOM, 0.5, 8, 0.02)));

    /**
     * @param lab      a lab of three hosts without VMs
     * @param progress receives progress messages for people
     */
    public QuickstartScene(Lab lab, Consumer<String> progress) {
        this.lab = lab;
        this.vms = new LabVms(lab);
        this.progress = progress;
    }

    /** Starts the VMs. */
    public void start() {
        for (Role role : ROLES) {
            String host = lab.hosts().get(role.host()).name();
            progress.accept("Starting VM %s on %s: %s".formatted(role.name(), host, describe(role)));
            vms.start(
                    lab.hosts().get(role.host()),
                    role.name(),
                    MemorySize.parse(role.memory()),
                    role.workload(),
                    role.dirtyRing());
        }
    }

    /** Overloads the first host: its VMs compute until the load of its core is {@link #HOT}. */
    public void heat() throws InterruptedException {
        List<Role> hot = ROLES.stream().filter(role -> role.host() == 0).toList();
        double writes = writeNoMoreThanTheCoreAllows(hot);
        double share = 0;
        double load = writes;
        for (int round = 0; round < MOST_ROUNDS && Math.abs(HOT - load) > CLOSE_ENOUGH; round++) {
            share = Math.max(0, Math.min(1, share + (HOT - load) / hot.size()));
            compute(hot, share);
            load = load();
        }
        progress.accept(
                "%s is overloaded: writes use %.0f %% of its core, each VM also computes %.0f %% of the time, %.0f %% in all"
                        .formatted(lab.hosts().get(0).name(), 100 * writes, 100 * share, 100 * load));
    }

    /** Has the VMs only write, at a lower rate where that alone keeps the core busy; returns the load in cores. */
    private double writeNoMoreThanTheCoreAllows(List<Role> hot) throws InterruptedException {
        compute(hot, 0);
        double load = load();
        double rate = 1;
        for (int round = 0; round < MOST_ROUNDS && load > MOST_FOR_WRITES; round++) {
            rate *= MOST_FOR_WRITES / load / 1.1;
            for (Role role : hot) {
                vms.set(
                        role.name(),
                        "dirty="
                                + Math.round(rate
                                        * role.workload().dirtyBytesPerSecond().bytes()
                                        / 1024));
            }
            progress.accept(
                    "The VMs write at %.0f %% of their rates, because more would keep the core of this machine busy"
                            .formatted(100 * rate));
            load = load();
        }
        return load;
    }

    private void compute(List<Role> roles, double share) {
        roles.forEach(role -> vms.set(role.name(), "cpu=" + Math.round(share * PER_MILLE)));
    }

    /** Measures the load of the first host's VMs, in cores. */
    private double load() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(SETTLE.toMillis());
        List<Long> processes =
                lab.client(lab.hosts().get(0)).vms().stream().map(VmStatus::pid).toList();
        long begun = System.nanoTime();
        Duration before = cpuTime(processes);
        TimeUnit.MILLISECONDS.sleep(MEASURED_OVER.toMillis());
        Duration taken = cpuTime(processes).minus(before);
        return (double) taken.toNanos() / (System.nanoTime() - begun);
    }

    private static Duration cpuTime(List<Long> processes) {
        return processes.stream()
                .map(pid -> ProcessHandle.of(pid)
                        .flatMap(process -> process.info().totalCpuDuration())
                        .orElseThrow(() ->
                                new LabException("QEMU (PID %d) of a VM of the quickstart has ended.".formatted(pid))))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static String describe(Role role) {
        GuestWorkload workload = role.workload();
        return "%s of memory, writes %s/s (%s) over %s"
                .formatted(
                        role.memory(),
                        workload.dirtyBytesPerSecond(),
                        workload.pattern().name().toLowerCase(java.util.Locale.ROOT),
                        workload.workingSet());
    }

    private static GuestWorkload workload(
            String touched, String workingSet, String rate, Pattern pattern, double entropy, int change, double cpu) {
        return new GuestWorkload(
                MemorySize.parse(touched),
                MemorySize.parse(workingSet),
                MemorySize.parse(rate),
                pattern,
                entropy,
                change,
                cpu);
    }
}
