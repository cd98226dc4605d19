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
 * Measures one VM's dirty curve by QEMU's {@code calc-dirty-rate} with several windows. For one thread.
 *
 * <p>Which mode, by what QEMU 10.0.2 answers for guests that write a known amount at random (16,384 pages of working set):
 * <ul>
 *   <li>dirty-bitmap under KVM is exact to 2 % as long as the guest keeps its pace: 1,485 pages for 1,466 within 100 ms,
 *       9,984 for 9,968 within 1 s at 60 MiB/s. But every first write traps: without hardware dirty logging a guest that
 *       writes 200 MiB/s falls to half its pace in a window of 100 ms.
 *   <li>page-sampling does not slow the guest (94 to 100 % of its pace), and with as many samples as QEMU takes it is within
 *       some 20 % for 100 ms at 60 MiB/s and 10 % for 1 s: so it is for TCG, where the bitmap answers 0, and for fast
 *       writers, of whom it sees enough.
 *   <li>dirty-ring does not count unique pages. It answered 90 MiB/s for 60 at any window, and 34 MiB/s for a guest that
 *       wrote nothing (KVM without hardware support; probably pages that KVM itself writes count every time). It gives no
 *       curve, and the bitmap is refused with a ring, so page-sampling is for those as well.
 * </ul>
 *
 * <p>Windows are given in the guest's own time where it has a heartbeat: a window of 100 ms through which the guest had 57 %
 * of its pace is one of 57 ms. With that the bitmap's answers for 200 MiB/s were within 7 % of the truth again, but for one of
 * twelve (20 %). The pace is relative to just before: a host that was busy then as well makes the guest look slower than it
 * is.
 */
public final class DirtyCurveProbe {

    private static final Logger LOG = LoggerFactory.getLogger(DirtyCurveProbe.class);

    /** 100 MiB/s: from here on write traps would slow the guest. */
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
     * Measures through windows one after the other; changes to page-sampling and begins again when QEMU refuses the better
     * way or it would slow the guest.
     *
     * @param windowsMillis lengths of the windows, at least 50 ms each
     * @throws QmpException when QEMU cannot measure
     */
    void measure(int... windowsMillis) throws QmpException, InterruptedException {
        for (int window : windowsMillis) {
            windows.add(window);
            if (!measured(window)) {
                samplePages();
            }
        }
    }

    /** Begins again by page-sampling, for example when the bitmap saw nothing of a VM that clearly writes. */
    void samplePages() throws QmpException, InterruptedException {
        if (source == DirtySource.PAGE_SAMPLING) {
            return;
        }
        source = DirtySource.PAGE_SAMPLING;
        pages.clear();
        for (int window : windows) {
            measured(window);
        }
    }

    /** Whether the way of measuring turned out to be good enough. */
    private boolean measured(int windowMillis) throws QmpException, InterruptedException {
        Instant start = pace.now();
        DirtyRateQuery.Answer answer;
        try {
            answer = query.measure(source, windowMillis, deadline);
        } catch (QmpException e) {
            if (!e.refused() || source == DirtySource.PAGE_SAMPLING) {
                throw e;
            }
            LOG.info("VM '{}': no dirty rate by {}, sampling pages instead", vm, source, e);
            return false;
        }
        double guestSeconds = answer.windowSeconds() * pace.since(start);
        pages.merge(guestSeconds, answer.pages(), Math::max);
        return source == DirtySource.PAGE_SAMPLING || answer.pages() / guestSeconds < FAST_PAGES_PER_SECOND;
    }

    /** How the curve was measured. */
    DirtySource source() {
        return source;
    }

    /** The most pages that any window saw. */
    double mostPages() {
        return pages.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }

    /**
     * The curve through all windows.
     *
     * @param limitPages the most that the VM can dirty: its non-zero pages
     */
    DirtyCurve curve(long limitPages) {
        List<DirtyCurve.Point> points = new ArrayList<>();
        for (Map.Entry<Double, Double> point : pages.entrySet()) {
            points.add(new DirtyCurve.Point(point.getKey(), point.getValue()));
        }
        return new DirtyCurve(points, limitPages);
    }
}
