package io.github.godwit.host.profile;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.vm.HeartbeatSource;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.model.DirtyCurve;
import io.github.godwit.model.MemorySize;
import io.github.godwit.model.Traffic;
import io.github.godwit.model.VmProfile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Profiles a QEMU VM in some two seconds: the dirty curve in windows of 50 ms to 1 s, and in the same time two looks at a
 * sample of its memory, the CPU use of its vCPUs and its heartbeat.
 */
public final class QemuVmProfiler implements VmProfiler {

    /** Between both looks at the memory. */
    private static final int[] SHORT_WINDOWS_MILLIS = {50, 100, 250, 500};

    private static final int LONG_WINDOW_MILLIS = 1000;

    /** 2 MiB: a VM of which so much changed in a second does write. */
    private static final double CLEARLY_CHANGED_PAGES = 512;

    private static final int LOCKS = 256;

    private final Object[] locks = Stream.generate(Object::new).limit(LOCKS).toArray();
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

    @Override
    public VmProfile profile(RunningVm vm, Monitor qmp, Consumer<VmProfile> early)
            throws IOException, InterruptedException {
        // QEMU measures a dirty rate for one who asks: a second look at the same VM waits for the first.
        synchronized (locks[(int) (vm.pid() % LOCKS)]) {
            return look(vm, qmp, early);
        }
    }

    private VmProfile look(RunningVm vm, Monitor qmp, Consumer<VmProfile> early)
            throws IOException, InterruptedException {
        MemorySize memory = vm.definition().memory();
        HeartbeatPace pace = new HeartbeatPace(heartbeats.apply(vm), clock);
        ProcessMeter meter = new ProcessMeter(proc, vm.pid());
        List<Long> vcpus = vcpuThreads(qmp);
        CpuSample before = meter.cpuOf(vcpus);
        DirtyCurveProbe probe = new DirtyCurveProbe(vm, qmp, pace);
        MemoryFindings findings;
        try (MemorySampler sampler = new MemorySampler(proc, vm.pid(), RamBlock.of(qmp, memory), seed)) {
            sampler.look();
            probe.measure(SHORT_WINDOWS_MILLIS);
            findings = sampler.lookAgain();
        }
        early.accept(put(vm, meter, probe, findings, meter.cpuOf(vcpus).coresSince(before), pace.ratePerSecond()));
        probe.measure(LONG_WINDOW_MILLIS);
        if (probe.mostPages() == 0 && findings.changedPages() > CLEARLY_CHANGED_PAGES) {
            probe.samplePages();
        }
        return put(vm, meter, probe, findings, meter.cpuOf(vcpus).coresSince(before), pace.ratePerSecond());
    }

    private VmProfile put(
            RunningVm vm,
            ProcessMeter meter,
            DirtyCurveProbe probe,
            MemoryFindings findings,
            double cores,
            double heartbeatsPerSecond)
            throws IOException {
        MemorySize memory = vm.definition().memory();
        long nonZeroPages = Math.min(memory.pages(), findings.nonZeroPages());
        return new VmProfile(
                vm.definition().name(),
                memory,
                vm.definition().vcpus(),
                nonZeroPages,
                curve(probe, findings, nonZeroPages),
                findings.spatialLocality(),
                findings.content(),
                cores,
                heartbeatsPerSecond,
                meter.residentMemory(),
                vm.definition().dirtyRingSize() > 0,
                traffic.apply(vm),
                probe.source());
    }

    /** Where QEMU saw no write in any window but the sample clearly changed, both looks are all there is. */
    private static DirtyCurve curve(DirtyCurveProbe probe, MemoryFindings findings, long nonZeroPages) {
        if (probe.mostPages() == 0 && findings.changedPages() > CLEARLY_CHANGED_PAGES) {
            return new DirtyCurve(
                    List.of(new DirtyCurve.Point(findings.secondsBetweenLooks(), findings.changedPages())),
                    nonZeroPages);
        }
        return probe.curve(nonZeroPages);
    }

    private static List<Long> vcpuThreads(Monitor qmp) throws QmpException {
        List<Long> threads = new ArrayList<>();
        for (JsonNode vcpu : qmp.execute("query-cpus-fast")) {
            threads.add(vcpu.path("thread-id").asLong());
        }
        return threads;
    }
}
