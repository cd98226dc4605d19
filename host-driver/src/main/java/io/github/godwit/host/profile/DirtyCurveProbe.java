package io.github.godwit.host.profile;

import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.profile.VmProfile.DirtySource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the dirty curve of one VM by QEMU's {@code calc-dirty-rate} with several windows. Not safe for several threads.
 *
 * <p>It chooses the mode by measurements with QEMU 10.0.2 and guests that write at a known rate to random pages of a working set
 * of 16,384 pages:
 * <ul>
 *   <li>dirty-bitmap with KVM is exact to 2 % as long as the guest keeps its pace: at 60 MiB/s it counted 1,485 of 1,466 pages
 *       in 100 ms, and 9,984 of 9,968 in 1 s. But every first write to a page traps. Without hardware dirty logging a guest
 *       that writes 200 MiB/s falls to half its pace in a window of 100 ms.
 *   <li>page-sampling does not slow the guest (94 to 100 % of its pace). With the maximum number of samples its error at 60 MiB/s is
 *       some 20 % in 100 ms and 10 % in 1 s. It is used for TCG, where dirty-bitmap returns 0, and for fast writers, whose
 *       writes change enough samples.
 *   <li>dirty-ring does not count unique pages. It returned 90 MiB/s in place of 60 for every window, and 34 MiB/s for a guest that
 *       wrote nothing (KVM without hardware support; probably pages that KVM itself writes count every time). It is not
 *       used. QEMU refuses dirty-bitmap for a VM with a dirty ring, so page-sampling is used for these as well.
 * </ul>
 *
 * <p>If the guest has a heartbeat, windows are converted to the guest's time: a window of 100 ms in which the guest had 57 % of its
 * pace counts as 57 ms. With this correction the results of dirty-bitmap at 200 MiB/s were within 7 % of the truth, except for one of
 * twelve (20 %). The pace is relative to the time just before the measurement; if the host was busy then as well, the
 * correction is too small.
 */
public final class DirtyCurveProbe {

    private static final Logger LOG = LoggerFactory.getLogger(DirtyCurveProbe.class);

    /** 100 MiB/s: from this rate on, write traps slow the guest. */
    private static final double FAST_PAGES_PER_SECOND = 25_600;

    private final DirtyRateQuery query;
    private final HeartbeatPace pace;
    private final Deadline deadline;
    private final String vm;
    private final List<Integer> windows = new ArrayList<>();
    private final TreeMap<Double, Double> pages = new TreeMap<>();
    private DirtySource source;

    DirtyCurveProbe(RunningVm vm, Monitor qmp, HeartbeatPace pace, Deadline deadline) {
        this.deadline = deadline;
        this.query = new DirtyRateQuery(qmp, vm.definition().memory());
        this.pace = pace;
        this.vm = vm.definition().name();
        boolean bitmap = vm.definition().accelerator() == Accelerator.KVM
                && vm.definition().dirtyRingSize() == 0;
        this.source = bitmap ? DirtySource.DIRTY_BITMAP : DirtySource.PAGE_SAMPLING;
    }

    /**
     * Measures several windows in sequence. If QEMU refuses dirty-bitmap, or if it would slow the guest, all windows are measured
     * again by page-sampling.
     *
     * @param windowsMillis lengths of the windows in ms, at least 50 each (QEMU's minimum)
     * @throws QmpException if QEMU cannot measure
     */
    void measure(int... windowsMillis) throws QmpException, InterruptedException {
        for (int window : windowsMillis) {
            windows.add(window);
            if (!measureWindow(window)) {
                samplePages();
            }
        }
    }

    /** Measures all windows again by page-sampling, for example if dirty-bitmap counted no pages of a VM that does write. */
    void samplePages() throws QmpException, InterruptedException {
        if (source == DirtySource.PAGE_SAMPLING) {
            return;
        }
        source = DirtySource.PAGE_SAMPLING;
        pages.clear();
        for (int window : windows) {
            measureWindow(window);
        }
    }

    /** Measures one window; returns false if the mode is unsuitable for this VM. */
    private boolean measureWindow(int windowMillis) throws QmpException, InterruptedException {
        Instant start = pace.now();
        DirtyRateQuery.Answer answer;
        try {
            answer = query.measure(source, windowMillis, deadline);
        } catch (QmpException e) {
            if (!e.refused() || source == DirtySource.PAGE_SAMPLING) {
                throw e;
            }
            LOG.info("VM '{}': QEMU refuses to measure by {}, sampling pages instead: {}", vm, source, e.getMessage());
            return false;
        }
        double guestSeconds = answer.windowSeconds() * pace.since(start);
        pages.merge(guestSeconds, answer.pages(), Math::max);
        return source == DirtySource.PAGE_SAMPLING || answer.pages() / guestSeconds < FAST_PAGES_PER_SECOND;
    }

    /** The mode by which the curve was measured. */
    DirtySource source() {
        return source;
    }

    /** The largest number of pages of all windows. */
    double mostPages() {
        return pages.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }

    /**
     * The dirty curve through all windows.
     *
     * @param limitPages the number of pages that the VM can dirty at most: its non-zero pages
     */
    DirtyCurve curve(long limitPages) {
        List<DirtyCurve.Point> points = new ArrayList<>();
        for (Map.Entry<Double, Double> point : pages.entrySet()) {
            points.add(new DirtyCurve.Point(point.getKey(), point.getValue()));
        }
        return new DirtyCurve(points, limitPages);
    }
}
