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
 * times the share of them that is still missing, less those that come along with a neighbour. While the VM waits it does
 * not get on, so a VM that writes fast starts by standing nearly still.
 */
final class PostCopySimulation {

    private static final int STEPS = 48;
    private static final double HEADER_SHARE = 8.0 / MemorySize.PAGE_BYTES;

    private final MigrationCase migration;
    private final Technique technique;
    private final MigrationCosts costs;
    private final double rate;

    PostCopySimulation(MigrationCase migration, Technique technique, MigrationCosts costs) {
        this.migration = migration;
        this.technique = technique;
        this.costs = costs;
        double link = migration.link().expected().bytesPerSecond() * costs.wireEfficiency();
        double place = costs.postcopyReceiveSecondsPerPage();
        this.rate = place == 0 ? link : Math.min(link, MemorySize.PAGE_BYTES / place);
    }

    Tally run() {
        if (technique.switchover() == Technique.Switchover.AFTER_FIRST_ROUND) {
            PreCopySimulation round = new PreCopySimulation(migration, technique, costs);
            Tally tally = round.runFirstRound();
            double workingSet = Math.max(1, migration.vm().dirtyCurve().writableWorkingSetPages());
            follow(tally, round.dirtyPages(), 0, Math.min(1, round.dirtyPages() / workingSet));
            return tally;
        }
        Tally tally = new Tally();
        tally.memoryBytes = costs.baseMemoryBytes();
        tally.onSource(costs.setupSeconds(), 1);
        follow(tally, migration.vm().nonZeroPages(), migration.vm().zeroPages(), 1);
        return tally;
    }

    /**
     * The switch and all after it.
     *
     * @param missing      non-zero pages still to send
     * @param zero         zero pages still to send
     * @param missingShare share of the working set that is missing at first
     */
    private void follow(Tally tally, double missing, double zero, double missingShare) {
        double latency = migration.link().latencyMillis() / 1e3;
        tally.paused(costs.postcopySwitchSeconds() + latency);
        double wire = missing * MemorySize.PAGE_BYTES * (1 + HEADER_SHARE) + zero * 9;
        double cpu = missing * costs.sendSecondsPerPage() + zero * costs.zeroSecondsPerPage();
        double span = Math.max(wire / rate, cpu);
        tally.wireBytes += wire;
        tally.cpuSeconds += cpu;
        tally.seconds += span + latency;
        tally.guestSeconds += progress(span, missingShare) + latency;
    }

    /** Guest seconds that the VM gets through while its pages come, in {@code span} seconds. */
    private double progress(double span, double missingShare) {
        DirtyCurve curve = migration.vm().dirtyCurve();
        double wait = (technique == Technique.POST_PREEMPT ? costs.preemptFaultSeconds() : costs.postcopyFaultSeconds())
                + migration.link().latencyMillis() / 1e3
                + MemorySize.PAGE_BYTES / rate;
        double alone = 1 - migration.vm().spatialLocality();
        double step = span / STEPS;
        double guest = 0;
        for (int i = 0; i < STEPS && step > 0; i++) {
            double missing = missingShare * (1 - (i + 0.5) / STEPS) * alone;
            double touchesPerSecond = (curve.pagesAfter(guest + step) - curve.pagesAfter(guest)) / step;
            guest += step / (1 + touchesPerSecond * missing * wait);
        }
        return guest;
    }
}
