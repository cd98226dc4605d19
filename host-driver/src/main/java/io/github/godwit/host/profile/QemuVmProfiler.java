package io.github.godwit.host.profile;

import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.vm.HeartbeatSource;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.profile.VmProfile.DirtySource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Profiles a QEMU VM in some two seconds: measures the dirty curve in windows of 50 ms to 1 s, and at the same time reads a sample of
 * its memory twice, the CPU use of its vCPUs and its heartbeat rate.
 *
 * <p>What QEMU's monitor does not answer in time is measured without it: the dirty curve by {@link SampledWrites}, threads and memory
 * by {@link ProcessLayout}. A part that cannot be measured either way is missing from the profile.
 */
public final class QemuVmProfiler implements VmProfiler {

    private static final Logger LOG = LoggerFactory.getLogger(QemuVmProfiler.class);

    /** Windows that are measured between both readings of the memory. */
    private static final int[] SHORT_WINDOWS_MILLIS = {50, 100, 250, 500};

    private static final int LONG_WINDOW_MILLIS = 1000;
    private static final int[] ALL_WINDOWS_MILLIS = {50, 100, 250, 500, 1000};

    /** 2 MiB: more changed pages than this prove that the VM writes. */
    private static final double MIN_CHANGED_PAGES = 512;

    /** In a shorter time the scheduling of the vCPUs dominates their CPU use. */
    private static final Duration MIN_CPU_WINDOW = Duration.ofMillis(100);

    private static final int LOCKS = 256;

    private final ReentrantLock[] locks =
            Stream.generate(ReentrantLock::new).limit(LOCKS).toArray(ReentrantLock[]::new);
    private final Map<RunningVm, ProcessLayout> layouts = new ConcurrentHashMap<>();
    private final Path proc;
    private final long seed;
    private final MonotonicClock clock;
    private final Function<RunningVm, Optional<HeartbeatSource>> heartbeats;
    private final Function<RunningVm, Traffic> traffic;

    /**
     * Creates a profiler for all VMs of this host.
     *
     * @param proc       the mount point of procfs, {@code /proc}
     * @param seed       seed of the random sample of pages
     * @param clock      the clock of the heartbeats
     * @param heartbeats the heartbeats of a VM; empty if they are not received
     * @param traffic    the traffic of a VM's taps
     */
    public QemuVmProfiler(
            Path proc,
            long seed,
            MonotonicClock clock,
            Function<RunningVm, Optional<HeartbeatSource>> heartbeats,
            Function<RunningVm, Traffic> traffic) {
        this.proc = proc;
        this.seed = seed;
        this.clock = clock;
        this.heartbeats = heartbeats;
        this.traffic = traffic;
    }

    /** {@inheritDoc} QEMU runs one dirty rate measurement at a time, so a second profile of the same VM waits for the first. */
    @Override
    public VmProfile profile(RunningVm vm, Monitor qmp, Duration patience, Consumer<VmProfile> early)
            throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(patience);
        ReentrantLock lock = locks[(int) (vm.pid() % LOCKS)];
        if (!lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IOException("Another profile of VM '%s' did not end within %d ms."
                    .formatted(vm.definition().name(), patience.toMillis()));
        }
        try {
            VmProfile profile = measure(vm, qmp, deadline, early);
            if (profile.nothingMeasured()) {
                throw new IOException("Nothing of VM '%s' could be measured within %d ms."
                        .formatted(vm.definition().name(), patience.toMillis()));
            }
            return profile;
        } finally {
            lock.unlock();
        }
    }

    private VmProfile measure(RunningVm vm, Monitor qmp, Deadline deadline, Consumer<VmProfile> early)
            throws IOException, InterruptedException {
        ProfileDraft draft = new ProfileDraft(vm, traffic.apply(vm));
        ProcessMeter meter = new ProcessMeter(proc, vm.pid());
        draft.resident(meter.residentMemory());
        HeartbeatPace pace = new HeartbeatPace(heartbeats.apply(vm), clock);
        ProcessLayout layout = layout(vm, qmp, deadline);
        CpuMeter cpu = new CpuMeter(meter, layout.vcpuThreads(), pace);
        DirtyCurveProbe probe = new DirtyCurveProbe(vm, qmp, pace, deadline);
        boolean responds = deadline.allows(DirtyRateQuery.expected(qmp, ALL_WINDOWS_MILLIS));
        MemoryFindings findings = null;
        try (MemorySampler sampler = sampler(vm, layout)) {
            if (sampler != null) {
                sampler.readFirst();
            }
            responds = responds && measure(vm, probe, SHORT_WINDOWS_MILLIS);
            if (sampler != null) {
                findings = sampler.readAgain();
                draft.content(findings);
            }
        }
        if (responds) {
            draft.writes(curve(probe, findings, draft.limitPages()), probe.source());
            cpu.addTo(draft);
            early.accept(draft.profile());
            boolean measured = measure(vm, probe, LONG_WINDOW_MILLIS);
            if (measured && probe.mostPages() == 0 && clearlyChanged(findings)) {
                samplePages(vm, probe);
            }
            draft.writes(curve(probe, findings, draft.limitPages()), probe.source());
        } else if (!layout.memory().isEmpty()) {
            cpu.addTo(draft);
            early.accept(draft.profile());
            readSample(vm, layout, draft, deadline);
        }
        cpu.addTo(draft);
        return draft.profile();
    }

    /** Measures the CPU use of vCPUs from its creation on. */
    private record CpuMeter(ProcessMeter meter, List<Long> threads, HeartbeatPace pace, CpuSample before) {

        CpuMeter(ProcessMeter meter, List<Long> threads, HeartbeatPace pace) throws IOException {
            this(meter, threads, pace, meter.cpuOf(threads));
        }

        void addTo(ProfileDraft draft) throws IOException {
            CpuSample now = meter.cpuOf(threads);
            if (!threads.isEmpty() && now.nanosSince(before) >= MIN_CPU_WINDOW.toNanos()) {
                draft.cpu(now.coresSince(before), pace.ratePerSecond());
            }
        }
    }

    private ProcessLayout layout(RunningVm vm, Monitor qmp, Deadline deadline) throws IOException {
        ProcessLayout known = layouts.get(vm);
        if (known != null) {
            return known;
        }
        layouts.keySet().removeIf(other -> !Files.exists(proc.resolve(Long.toString(other.pid()))));
        ProcessLayout found = ProcessLayout.of(vm, qmp, proc, deadline);
        if (found.complete()) {
            layouts.put(vm, found);
        }
        return found;
    }

    /** A sampler of the guest's memory; null if that cannot be read. */
    private MemorySampler sampler(RunningVm vm, ProcessLayout layout) {
        if (layout.memory().isEmpty()) {
            LOG.info(
                    "VM '{}': its memory is not found in QEMU's address space",
                    vm.definition().name());
            return null;
        }
        try {
            return new MemorySampler(proc, vm.pid(), layout.memory(), seed);
        } catch (IOException e) {
            LOG.info("VM '{}': cannot read its memory: {}", vm.definition().name(), e.getMessage());
            return null;
        }
    }

    /** Measures windows by QEMU; returns whether QEMU had a result for each. */
    private static boolean measure(RunningVm vm, DirtyCurveProbe probe, int... windows) throws InterruptedException {
        try {
            probe.measure(windows);
            return true;
        } catch (QmpException e) {
            LOG.info(
                    "VM '{}': QEMU does not measure its dirty rate: {}",
                    vm.definition().name(),
                    e.getMessage());
            return false;
        }
    }

    private static void samplePages(RunningVm vm, DirtyCurveProbe probe) throws InterruptedException {
        try {
            probe.samplePages();
        } catch (QmpException e) {
            LOG.info(
                    "VM '{}': QEMU does not sample its pages: {}",
                    vm.definition().name(),
                    e.getMessage());
        }
    }

    private void readSample(RunningVm vm, ProcessLayout layout, ProfileDraft draft, Deadline deadline)
            throws IOException, InterruptedException {
        try (SampledWrites sample = new SampledWrites(proc, vm.pid(), layout.memory(), seed)) {
            draft.writes(sample.measure(ALL_WINDOWS_MILLIS, draft.limitPages(), deadline), DirtySource.SAMPLED_READS);
        } catch (IOException e) {
            if (!Files.exists(proc.resolve(Long.toString(vm.pid())))) {
                throw e;
            }
            LOG.info("VM '{}': cannot sample its writes: {}", vm.definition().name(), e.getMessage());
        }
    }

    private static boolean clearlyChanged(MemoryFindings findings) {
        return findings != null && findings.changedPages() > MIN_CHANGED_PAGES;
    }

    /** If QEMU counted no pages in any window although the sample changed, the curve has only the point of both readings. */
    private static DirtyCurve curve(DirtyCurveProbe probe, MemoryFindings findings, long limitPages) {
        if (probe.mostPages() == 0 && clearlyChanged(findings)) {
            return new DirtyCurve(
                    List.of(new DirtyCurve.Point(findings.secondsBetweenReads(), findings.changedPages())), limitPages);
        }
        return probe.curve(limitPages);
    }
}
