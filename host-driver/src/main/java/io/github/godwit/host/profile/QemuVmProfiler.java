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
 * Profiles a QEMU VM in some two seconds: the dirty curve in windows of 50 ms to 1 s, and in the same time a sample of its
 * memory, read twice, the CPU use of its vCPUs and its heartbeat.
 *
 * <p>What QEMU's monitor does not answer in time is measured without it: writes by {@link SampledWrites}, threads and memory by
 * {@link VmAnatomy}. What cannot be measured either way is missing from the profile.
 */
public final class QemuVmProfiler implements VmProfiler {

    private static final Logger LOG = LoggerFactory.getLogger(QemuVmProfiler.class);

    /** Between both readings of the memory. */
    private static final int[] SHORT_WINDOWS_MILLIS = {50, 100, 250, 500};

    private static final int LONG_WINDOW_MILLIS = 1000;
    private static final int[] ALL_WINDOWS_MILLIS = {50, 100, 250, 500, 1000};

    /** 2 MiB: a VM of which so much changed in a second does write. */
    private static final double CLEARLY_CHANGED_PAGES = 512;

    /** Where a guest's CPU use is measured over less, its scheduling decides. */
    private static final Duration LEAST_CPU_WINDOW = Duration.ofMillis(100);

    private static final int LOCKS = 256;

    private final ReentrantLock[] locks =
            Stream.generate(ReentrantLock::new).limit(LOCKS).toArray(ReentrantLock[]::new);
    private final Map<RunningVm, VmAnatomy> anatomies = new ConcurrentHashMap<>();
    private final Path proc;
    private final long seed;
    private final MonotonicClock clock;
    private final Function<RunningVm, Optional<HeartbeatSource>> heartbeats;
    private final Function<RunningVm, Traffic> traffic;

    /**
     * @param proc       where {@code /proc} is
     * @param seed       of the random sample of pages
     * @param clock      the clock that stamps the heartbeats
     * @param heartbeats a VM's heartbeats, if it is listened to
     * @param traffic    what goes over a VM's taps
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

    /** {@inheritDoc} QEMU measures a dirty rate for one who asks: a second profile of the same VM waits for the first. */
    @Override
    public VmProfile profile(RunningVm vm, Monitor qmp, Duration patience, Consumer<VmProfile> early)
            throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(patience);
        ReentrantLock lock = locks[(int) (vm.pid() % LOCKS)];
        if (!lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IOException("VM '%s' was being profiled for %d ms already."
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
        VmAnatomy anatomy = anatomy(vm, qmp, deadline);
        CpuMeter cpu = new CpuMeter(meter, anatomy.vcpuThreads(), pace);
        DirtyCurveProbe probe = new DirtyCurveProbe(vm, qmp, pace, deadline);
        boolean answers = deadline.allows(DirtyRateQuery.expected(qmp, ALL_WINDOWS_MILLIS));
        MemoryFindings findings = null;
        try (MemorySampler sampler = sampler(vm, anatomy)) {
            if (sampler != null) {
                sampler.look();
            }
            answers = answers && measured(vm, probe, SHORT_WINDOWS_MILLIS);
            if (sampler != null) {
                findings = sampler.lookAgain();
                draft.content(findings);
            }
        }
        if (answers) {
            draft.writes(curve(probe, findings, draft.limitPages()), probe.source());
            cpu.into(draft);
            early.accept(draft.profile());
            boolean longer = measured(vm, probe, LONG_WINDOW_MILLIS);
            if (longer && probe.mostPages() == 0 && clearlyChanged(findings)) {
                samplePages(vm, probe);
            }
            draft.writes(curve(probe, findings, draft.limitPages()), probe.source());
        } else if (!anatomy.memory().isEmpty()) {
            cpu.into(draft);
            early.accept(draft.profile());
            readSample(vm, anatomy, draft, deadline);
        }
        cpu.into(draft);
        return draft.profile();
    }

    /** Takes the CPU time of vCPUs from its making on. */
    private record CpuMeter(ProcessMeter meter, List<Long> threads, HeartbeatPace pace, CpuSample before) {

        CpuMeter(ProcessMeter meter, List<Long> threads, HeartbeatPace pace) throws IOException {
            this(meter, threads, pace, meter.cpuOf(threads));
        }

        void into(ProfileDraft draft) throws IOException {
            CpuSample now = meter.cpuOf(threads);
            if (!threads.isEmpty() && now.nanosSince(before) >= LEAST_CPU_WINDOW.toNanos()) {
                draft.cpu(now.coresSince(before), pace.ratePerSecond());
            }
        }
    }

    private VmAnatomy anatomy(RunningVm vm, Monitor qmp, Deadline deadline) throws IOException {
        VmAnatomy known = anatomies.get(vm);
        if (known != null) {
            return known;
        }
        anatomies.keySet().removeIf(other -> !Files.exists(proc.resolve(Long.toString(other.pid()))));
        VmAnatomy found = VmAnatomy.of(vm, qmp, proc, deadline);
        if (found.complete()) {
            anatomies.put(vm, found);
        }
        return found;
    }

    /** Null where the guest's memory cannot be read. */
    private MemorySampler sampler(RunningVm vm, VmAnatomy anatomy) {
        if (anatomy.memory().isEmpty()) {
            LOG.info(
                    "VM '{}': it is not known where its memory is",
                    vm.definition().name());
            return null;
        }
        try {
            return new MemorySampler(proc, vm.pid(), anatomy.memory(), seed);
        } catch (IOException e) {
            LOG.info("VM '{}': its memory cannot be read: {}", vm.definition().name(), e.getMessage());
            return null;
        }
    }

    /** Whether QEMU gave a rate for each window. */
    private static boolean measured(RunningVm vm, DirtyCurveProbe probe, int... windows) throws InterruptedException {
        try {
            probe.measure(windows);
            return true;
        } catch (QmpException e) {
            LOG.info("VM '{}': no dirty rate by QEMU: {}", vm.definition().name(), e.getMessage());
            return false;
        }
    }

    private static void samplePages(RunningVm vm, DirtyCurveProbe probe) throws InterruptedException {
        try {
            probe.samplePages();
        } catch (QmpException e) {
            LOG.info("VM '{}': QEMU samples no pages: {}", vm.definition().name(), e.getMessage());
        }
    }

    private void readSample(RunningVm vm, VmAnatomy anatomy, ProfileDraft draft, Deadline deadline)
            throws IOException, InterruptedException {
        try (SampledWrites sample = new SampledWrites(proc, vm.pid(), anatomy.memory(), seed)) {
            draft.writes(sample.measure(ALL_WINDOWS_MILLIS, draft.limitPages(), deadline), DirtySource.SAMPLED_READS);
        } catch (IOException e) {
            if (!Files.exists(proc.resolve(Long.toString(vm.pid())))) {
                throw e;
            }
            LOG.info(
                    "VM '{}': its writes cannot be sampled: {}", vm.definition().name(), e.getMessage());
        }
    }

    private static boolean clearlyChanged(MemoryFindings findings) {
        return findings != null && findings.changedPages() > CLEARLY_CHANGED_PAGES;
    }

    /** Where QEMU saw no write in any window but the sample clearly changed, both readings are all there is. */
    private static DirtyCurve curve(DirtyCurveProbe probe, MemoryFindings findings, long limitPages) {
        if (probe.mostPages() == 0 && clearlyChanged(findings)) {
            return new DirtyCurve(
                    List.of(new DirtyCurve.Point(findings.secondsBetweenLooks(), findings.changedPages())), limitPages);
        }
        return probe.curve(limitPages);
    }
}
