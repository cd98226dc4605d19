package io.github.godwit.model.analytic;

import io.github.godwit.model.DirtyCurve;
import io.github.godwit.model.MemorySize;
import io.github.godwit.model.MigrationCase;
import io.github.godwit.model.Technique;

/**
 * Replays post-copy (notes §3.9): the VM runs on the destination while its pages follow at the link's rate; a page that
 * it touches before it came is asked for and waited for.
 *
 * <p>How often it waits follows from the unique-dirty-pages curve: pages touched for the first time since the switch,
 * times the share of them that is still missing. How long it waits: without preemption, until all that is in flight has
 * gone out, some 20 ms on a link of 1 Gbit/s; with preemption, little more than a round trip. While the VM waits it does
 * not get on, so a VM that writes fast stands nearly still at first.
 *
 * <p>How soon the missing share falls depends on where the working set lies. Without preemption the source goes on from the
 * page that was asked for, so a working set in one piece comes first; with preemption the stream keeps its own order.
 */
final class PostCopySimulation {

    private static final int STEPS = 64;
    private static final double HEADER_SHARE = 8.0 / MemorySize.PAGE_BYTES;
    private static final int ZERO_PAGE_BYTES = 9;

    private final MigrationCase migration;
    private final MigrationCosts costs;
    private final PreCopySimulation preCopy;
    private final Tally tally;
    private final CpuContention left;
    private final CpuContention joined;
    private final double rate;
    private final double latencySeconds;
    private Technique technique;

    /**
     * One for all techniques, one after the other.
     *
     * @param preCopy what comes before the switch; has the same tally
     * @param tally   gets what a technique costs
     */
    PostCopySimulation(MigrationCase migration, MigrationCosts costs, PreCopySimulation preCopy, Tally tally) {
        this.migration = migration;
        this.costs = costs;
        this.preCopy = preCopy;
        this.tally = tally;
        this.latencySeconds = migration.link().latencyMillis() / 1e3;
        double used = migration.vm().vcpuUse();
        this.left = CpuContention.onSource(migration, costs);
        this.joined = CpuContention.onDestination(migration, costs);
        double link = migration.link().expected().bytesPerSecond() * costs.wireEfficiency();
        double place = costs.postcopyReceiveSecondsPerPage()
                / joined.level(1, 1, used, migration.vm().vcpus());
        this.rate = place == 0 ? link : Math.min(link, MemorySize.PAGE_BYTES / place);
    }

    void run(Technique next) {
        technique = next;
        if (next.switchover() == Technique.Switchover.AFTER_FIRST_ROUND) {
            preCopy.runFirstRound(next);
            tally.paused(preCopy.queueSeconds());
            double workingSet = Math.max(1, migration.vm().dirtyCurve().writableWorkingSetPages());
            follow(preCopy.dirtyPages(), 0, Math.min(1, preCopy.dirtyPages() / workingSet));
        } else {
            tally.clear();
            tally.memoryBytes = costs.baseMemoryBytes();
            tally.onSource(costs.setupSeconds(), 1);
            follow(migration.vm().nonZeroPages(), migration.vm().zeroPages(), 1);
        }
    }

    /**
     * The switch and all after it.
     *
     * @param missing      non-zero pages still to send
     * @param zero         zero pages still to send
     * @param missingShare share of the working set that is missing at first
     */
    private void follow(double missing, double zero, double missingShare) {
        tally.paused(costs.postcopySwitchSeconds() + latencySeconds);
        double wire = missing * MemorySize.PAGE_BYTES * (1 + HEADER_SHARE) + zero * ZERO_PAGE_BYTES;
        double cpu = missing * costs.sendSecondsPerPage() + zero * costs.zeroSecondsPerPage();
        double work = cpu + wire / MemorySize.PAGE_BYTES * costs.kernelSecondsPerPage();
        double span = Math.max(wire / rate, work / left.granted(1, 1));
        tally.wireBytes += wire;
        tally.cpuSeconds += cpu;
        tally.seconds += span + latencySeconds;
        double stalled = Math.min(span, costs.postcopyStallBytes() / rate);
        tally.guestSeconds +=
                keptByGuest(missing, span) * progress(span - stalled, missing, missingShare) + latencySeconds;
    }

    /** Share of its speed that the VM keeps while the destination's cores take its pages in, too. */
    private double keptByGuest(double missing, double span) {
        double demand = span > 0 ? missing * costs.postcopyReceiveSecondsPerPage() / span : 0;
        double used = Math.max(migration.vm().vcpuUse(), 1e-9);
        double level = joined.level(demand, 1, used, migration.vm().vcpus());
        return Math.min(1, migration.vm().vcpus() * level / used);
    }

    /** Guest seconds that the VM gets through while its pages come, in {@code span} seconds. */
    private double progress(double span, double missingPages, double missingShare) {
        DirtyCurve curve = migration.vm().dirtyCurve();
        boolean preempts = technique == Technique.POST_PREEMPT;
        double queue = preempts ? 0 : Math.min(costs.postcopyQueueBytes() / rate, span);
        double wait = costs.faultSeconds() + queue + latencySeconds + MemorySize.PAGE_BYTES / rate;
        double arrival = preempts ? span : span * WorkingSetSpread.shareOf(migration.vm(), missingPages);
        double step = span / STEPS;
        double guest = 0;
        for (int i = 0; i < STEPS && step > 0; i++) {
            double missing = missingShare * Math.max(0, 1 - (i + 0.5) * step / arrival);
            double touchesPerSecond = (curve.pagesAfter(guest + step) - curve.pagesAfter(guest)) / step;
            guest += step / (1 + touchesPerSecond * missing * wait);
        }
        return guest;
    }
}
