package io.github.godwit.model.predict.analytic;

import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.MemorySize;

/**
 * Replays post-copy (notes §3.9): the VM runs on the destination while its pages follow at the link's rate; a page that
 * it touches before it came is asked for and waited for.
 *
 * <p>Without preemption it waits until all that is in flight has come, and the source goes on from the page that was asked for. A VM
 * that writes here and there is held up as {@link FaultReplay} tells; one that writes in the order of addresses asks where it
 * is and where its next round begins, and follows the stream in between, at most as fast as that. {@link WriteLocality} tells how likely it is which.
 *
 * <p>With preemption it waits little longer than a round trip, and the stream keeps its order. How often follows from the
 * unique-dirty-pages curve: pages touched for the first time since the switch, times the share of them that is still missing. The profile
 * does not know where in memory the working set lies; it is taken to lie where the stream begins.
 */
final class PostCopySimulation {

    private static final int STEPS = 64;
    private static final double HEADER_SHARE = 8.0 / MemorySize.PAGE_BYTES;
    private static final int ZERO_PAGE_BYTES = 9;
    private static final double ASKED_IN_ORDER = 2;
    private static final double LEAST_SECONDS = 1e-9;

    private final MigrationCase migration;
    private final MigrationCosts costs;
    private final PreCopySimulation preCopy;
    private final Tally tally;
    private final CpuContention left;
    private final CpuContention joined;
    private final WriteLocality locality;
    private final double rate;
    private final double latencySeconds;
    private final FaultReplay replay = new FaultReplay();
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
        this.locality = WriteLocality.of(migration.vm());
        double used = migration.vm().vcpuUse();
        this.left = CpuContention.onSource(migration, costs);
        this.joined = CpuContention.onDestination(migration, costs);
        double link = migration.link().expected().bytesPerSecond() * costs.wireEfficiency();
        double place = costs.postcopyReceiveSecondsPerPage()
                / joined.granted(1, 1, joined.level(1, 1, used, migration.vm().vcpus()));
        this.rate = place == 0 ? link : Math.min(link, MemorySize.PAGE_BYTES / place);
    }

    void run(Technique next) {
        technique = next;
        if (next.switchover() == Technique.Switchover.AFTER_FIRST_ROUND) {
            preCopy.runFirstRound(next);
            tally.stalled(preCopy.queueSeconds());
            double workingSet = Math.max(1, migration.vm().dirtyCurve().writableWorkingSetPages());
            follow(preCopy.dirtyPages(), 0, Math.min(1, preCopy.dirtyPages() / workingSet));
        } else {
            tally.clear();
            tally.memoryBytes = costs.baseMemoryBytes();
            tally.onSource(costs.setupSeconds(), 1);
            follow(start(migration.vm().nonZeroPages()), migration.vm().zeroPages(), 1);
        }
    }

    /** What is sent before a switch at once; tells how many of the pages are left. */
    private double start(double pages) {
        double sent = Math.min(pages, costs.postcopyStartSeconds() * rate / MemorySize.PAGE_BYTES);
        tally.onSource(sent * MemorySize.PAGE_BYTES / rate, 1);
        tally.wireBytes += sent * MemorySize.PAGE_BYTES * (1 + HEADER_SHARE);
        tally.cpuSeconds += sent * costs.sendSecondsPerPage();
        return pages - sent;
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
        double cpu = missing * costs.postcopySendSecondsPerPage() + zero * costs.zeroSecondsPerPage();
        double work = cpu + wire / MemorySize.PAGE_BYTES * costs.kernelSecondsPerPage();
        double span = Math.max(wire / rate, work / left.granted(1, 1));
        double zeroSpan = zero * costs.postcopyZeroSecondsPerPage() / joined.granted(1, 1);
        tally.wireBytes += wire;
        tally.cpuSeconds += cpu + costs.postcopySwitchCpuSeconds();
        tally.seconds += span + zeroSpan + latencySeconds;
        double perPage = missing <= 0 ? 0 : span / missing;
        double guest;
        if (technique.traits().preemption()) {
            double stalled = Math.min(span, costs.postcopyStallBytes() / rate);
            guest = preempted(span - stalled, missing, missingShare) + zeroSpan;
        } else {
            double order = locality.sequential();
            guest = order * inOrder(span + zeroSpan, perPage, missingShare)
                    + (1 - order) * atRandom(missing, perPage, zero, zeroSpan, missingShare);
        }
        tally.guestSeconds += keptByGuest(missing, span) * guest + latencySeconds;
    }

    /** Share of its speed that the VM keeps while the destination's cores take its pages in, too. */
    private double keptByGuest(double missing, double span) {
        double demand = span > 0 ? missing * costs.postcopyReceiveSecondsPerPage() / span : 0;
        double vcpus = migration.vm().vcpus();
        double used = migration.vm().vcpuUse();
        double level = joined.level(demand, 1, used, vcpus);
        return CpuContention.pace(used / vcpus, level)
                * joined.kept(joined.granted(demand, 1, level), used / vcpus, costs);
    }

    /** How long the VM waits for a page: threads on both hosts have to be woken for it, which takes the longer the busier the hosts. */
    private double wait(double queued, double perPage) {
        double wakes = (left.busy(1)
                        + joined.busy(perPage <= 0 ? 0 : Math.min(1, costs.postcopyReceiveSecondsPerPage() / perPage)))
                * costs.wakeSeconds();
        return costs.faultSeconds() + wakes + queued / rate + latencySeconds + perPage;
    }

    /** Guest seconds that a VM which writes one page after the other gets through: as the pages come, but for where it asks for one. */
    private double inOrder(double span, double perPage, double missingShare) {
        double written = locality.pages() * missingShare;
        double pagesPerSecond = migration.vm().dirtyCurve().initialPagesPerSecond();
        double behind = Math.max(0, perPage - 1 / Math.max(1, pagesPerSecond)) * written;
        double asked = pagesPerSecond * span < 1 ? 0 : ASKED_IN_ORDER * wait(costs.postcopyQueueBytes(), perPage);
        return Math.max(0, span - behind - asked);
    }

    /** Guest seconds that a VM which writes here and there gets through. */
    private double atRandom(double missing, double perPage, double zero, double zeroSpan, double missingShare) {
        double hot = Math.min(missing, locality.hotPages() * missingShare);
        double cold = Math.min(missing - hot, locality.coldPages() * missingShare);
        replay.begin(hot, cold, missing - hot - cold, zero, perPage, zero <= 0 ? 0 : zeroSpan / zero);
        double zerosInFlight = costs.postcopyQueueBytes() / ZERO_PAGE_BYTES;
        double growth = costs.postcopyZeroSecondsPerPage() / Math.max(LEAST_SECONDS, costs.zeroSecondsPerPage());
        replay.waits(
                wait(costs.postcopyQueueBytes(), perPage), zerosInFlight * costs.postcopyZeroSecondsPerPage(), growth);
        return replay.run(locality, missing * perPage + zeroSpan);
    }

    /** Guest seconds that a VM gets through with preemption, in {@code span} seconds. */
    private double preempted(double span, double missingPages, double missingShare) {
        DirtyCurve curve = migration.vm().dirtyCurve();
        double wait = wait(0, missingPages <= 0 ? 0 : span / missingPages);
        double arrival = missingPages <= 0 ? span : Math.min(span, span * locality.pages() / missingPages);
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
