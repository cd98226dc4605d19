package io.github.godwit.model.predict.analytic;

import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.MemorySize;

/**
 * Replays post-copy: the VM runs on the destination while its pages follow at the link's rate. If it touches a page
 * that has not arrived, it requests the page and waits for it.
 *
 * <p>Without preemption it waits until everything in flight has arrived, and the source continues from the requested
 * page. {@link FaultReplay} determines the delays of a VM that writes at random. A VM that writes in address order
 * requests pages at its current position and at the start of its next pass, and otherwise follows the stream, at most
 * at the stream's speed. {@link WriteLocality} estimates the probability of either.
 *
 * <p>With preemption it waits little longer than a round trip, and the stream keeps its order. The number of waits
 * follows from the unique-dirty-pages curve: pages touched for the first time since the switch, times the share of
 * pages that are still missing. The profile does not contain the position of the working set; it is assumed to be at
 * the start of the stream.
 */
final class PostCopySimulation {

    private static final int STEPS = 64;
    private static final double HEADER_SHARE = 8.0 / MemorySize.PAGE_BYTES;
    private static final int ZERO_PAGE_BYTES = 9;
    private static final double REQUESTS_IN_ORDER = 2;
    private static final double MIN_SECONDS = 1e-9;

    /** How much of the time that a VM loses after the switch is its longest wait: the median of the lab's migrations. */
    private static final double LONGEST_WAIT = 0.3;

    /** The same after a first round of pre-copy: what is missing then is what the VM needs at once. */
    private static final double LONGEST_WAIT_AFTER_A_ROUND = 0.5;

    private final MigrationCase migration;
    private final MigrationCosts costs;
    private final PreCopySimulation preCopy;
    private final SimulatedOutcome outcome;
    private final CpuContention left;
    private final CpuContention joined;
    private final WriteLocality locality;
    private final double rate;
    private final double latencySeconds;
    private final FaultReplay replay = new FaultReplay();
    private Technique technique;

    /**
     * Creates a simulation that all techniques use, one after the other.
     *
     * @param preCopy simulates what comes before the switch, with the same {@code outcome}
     * @param outcome receives the costs of a technique
     */
    PostCopySimulation(
            MigrationCase migration, MigrationCosts costs, PreCopySimulation preCopy, SimulatedOutcome outcome) {
        this.migration = migration;
        this.costs = costs;
        this.preCopy = preCopy;
        this.outcome = outcome;
        this.latencySeconds = migration.link().latencyMillis() / 1e3;
        this.locality = WriteLocality.of(migration.vm());
        double used = migration.vm().vcpuUse();
        this.left = CpuContention.onSource(migration, costs);
        this.joined = CpuContention.onDestination(migration, costs);
        double link = Math.min(
                migration.link().expected().bytesPerSecond() * costs.wireEfficiency(),
                migration.tuning().postcopyBandwidth().bytesPerSecond());
        double place = costs.postcopyReceiveSecondsPerPage()
                / joined.granted(1, 1, joined.level(1, 1, used, migration.vm().vcpus()));
        this.rate = place == 0 ? link : Math.min(link, MemorySize.PAGE_BYTES / place);
    }

    void run(Technique next) {
        technique = next;
        if (next.switchover() == Technique.Switchover.AFTER_FIRST_ROUND) {
            preCopy.runFirstRound(next);
            outcome.pause(preCopy.queueSeconds());
            double workingSet = Math.max(1, migration.vm().dirtyCurve().writableWorkingSetPages());
            follow(preCopy.dirtyPages(), 0, Math.min(1, preCopy.dirtyPages() / workingSet));
        } else {
            outcome.reset();
            outcome.memoryBytes = costs.baseMemoryBytes();
            outcome.runOnSource(costs.setupSeconds(), 1);
            follow(start(migration.vm().nonZeroPages()), migration.vm().zeroPages(), 1);
        }
    }

    /** Sends what leaves before an immediate switch, and returns the number of remaining pages. */
    private double start(double pages) {
        double sent = Math.min(pages, costs.postcopyStartSeconds() * rate / MemorySize.PAGE_BYTES);
        outcome.runOnSource(sent * MemorySize.PAGE_BYTES / rate, 1);
        outcome.wireBytes += sent * MemorySize.PAGE_BYTES * (1 + HEADER_SHARE);
        outcome.cpuSeconds += sent * costs.sendSecondsPerPage();
        return pages - sent;
    }

    /**
     * The switch and everything after it.
     *
     * @param missing      non-zero pages still to send
     * @param zero         zero pages still to send
     * @param missingShare share of the working set that is missing at the switch
     */
    private void follow(double missing, double zero, double missingShare) {
        outcome.pause(costs.postcopySwitchSeconds() + latencySeconds);
        double wire = missing * MemorySize.PAGE_BYTES * (1 + HEADER_SHARE) + zero * ZERO_PAGE_BYTES;
        double cpu = missing * costs.postcopySendSecondsPerPage() + zero * costs.zeroSecondsPerPage();
        double work = cpu + wire / MemorySize.PAGE_BYTES * costs.kernelSecondsPerPage();
        double span = Math.max(wire / rate, work / left.granted(1, 1));
        double zeroSpan = zero * costs.postcopyZeroSecondsPerPage() / joined.granted(1, 1);
        outcome.wireBytes += wire;
        outcome.cpuSeconds += cpu + costs.postcopySwitchCpuSeconds();
        outcome.seconds += span + zeroSpan + latencySeconds;
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
        double runs = keptByGuest(missing, span) * guest;
        outcome.guestSeconds += runs + latencySeconds;
        double lost = Math.max(0, span + zeroSpan - runs);
        outcome.waitLongest(lost
                * (technique.switchover() == Technique.Switchover.AFTER_FIRST_ROUND
                        ? LONGEST_WAIT_AFTER_A_ROUND
                        : LONGEST_WAIT));
    }

    /** Share of its speed that the VM keeps while the destination's cores also receive its pages. */
    private double keptByGuest(double missing, double span) {
        double demand = span > 0 ? missing * costs.postcopyReceiveSecondsPerPage() / span : 0;
        double vcpus = migration.vm().vcpus();
        double used = migration.vm().vcpuUse();
        double level = joined.level(demand, 1, used, vcpus);
        return CpuContention.pace(used / vcpus, level)
                * joined.kept(joined.granted(demand, 1, level), used / vcpus, costs);
    }

    /** Seconds for which the VM waits for a page. Threads on both hosts have to wake up for it, which takes longer on busy hosts. */
    private double wait(double queued, double perPage) {
        double wakes = (left.busy(1)
                        + joined.busy(perPage <= 0 ? 0 : Math.min(1, costs.postcopyReceiveSecondsPerPage() / perPage)))
                * costs.wakeSeconds();
        return costs.faultSeconds() + wakes + queued / rate + latencySeconds + perPage;
    }

    /** Seconds for which a VM that writes in address order runs: as pages arrive, minus the waits for pages that it requests. */
    private double inOrder(double span, double perPage, double missingShare) {
        double written = locality.pages() * missingShare;
        double pagesPerSecond = migration.vm().dirtyCurve().initialPagesPerSecond();
        double behind = Math.max(0, perPage - 1 / Math.max(1, pagesPerSecond)) * written;
        double asked = pagesPerSecond * span < 1 ? 0 : REQUESTS_IN_ORDER * wait(costs.postcopyQueueBytes(), perPage);
        return Math.max(0, span - behind - asked);
    }

    /** Seconds for which a VM that writes at random runs. */
    private double atRandom(double missing, double perPage, double zero, double zeroSpan, double missingShare) {
        double hot = Math.min(missing, locality.hotPages() * missingShare);
        double cold = Math.min(missing - hot, locality.coldPages() * missingShare);
        replay.begin(hot, cold, missing - hot - cold, zero, perPage, zero <= 0 ? 0 : zeroSpan / zero);
        double zerosInFlight = costs.postcopyQueueBytes() / ZERO_PAGE_BYTES;
        double growth = costs.postcopyZeroSecondsPerPage() / Math.max(MIN_SECONDS, costs.zeroSecondsPerPage());
        replay.setWait(
                wait(costs.postcopyQueueBytes(), perPage), zerosInFlight * costs.postcopyZeroSecondsPerPage(), growth);
        return replay.run(locality, missing * perPage + zeroSpan);
    }

    /** Seconds for which a VM runs with preemption, out of {@code span} seconds. */
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
