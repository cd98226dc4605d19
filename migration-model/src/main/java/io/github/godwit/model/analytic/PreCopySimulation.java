package io.github.godwit.model.analytic;

import io.github.godwit.model.DirtyCurve;
import io.github.godwit.model.MemorySize;
import io.github.godwit.model.MigrationCase;
import io.github.godwit.model.QemuSettings;
import io.github.godwit.model.Technique;

/**
 * Replays QEMU's pre-copy round by round (notes §3.1–3.8).
 *
 * <p>A round sends what was dirty at the last sync until less is left than the threshold: the bandwidth of the last
 * 100 ms times the downtime limit, and zero before the first 100 ms are over. QEMU looks only every 50 ms, so a round is
 * at least that long or sends all. Then the bitmap is synced; if what is dirty now is under the threshold, the VM stops
 * and the rest goes at the link's rate. What was left unsent joins the next round.
 */
final class PreCopySimulation {

    private static final double BANDWIDTH_WINDOW_SECONDS = 0.1;
    /** QEMU's ram_save_iterate sends this long before it looks at what is left. */
    private static final double ITERATION_SECONDS = 0.05;

    /** When so much has been sent, a connection holds what the costs say. */
    private static final double QUEUE_REFERENCE_BYTES = 1e7;
    /** Rounds that must look alike before the migration counts as going in circles. */
    private static final int STEADY_ROUNDS = 4;

    private static final double STEADY_SHARE = 0.002;
    private static final int MOST_ROUNDS = 20_000;

    private final MigrationCase migration;
    private final MigrationCosts costs;
    private final PageEncoding encoding;
    private final GuestPace pace;
    private final CpuThrottle throttle;
    private final CpuContention contention;
    private final CpuContention contentionThere;
    private final Tally tally;
    private final double cap;
    private final double rate;
    private final double linkRate;
    private final double syncSeconds;
    private final double limitSeconds;

    private Technique technique;
    private double receiveSecondsPerPage;

    /** Non-zero pages that the next round has to send. */
    private double dirty;

    private double bandwidth;
    private double lastWireBytes;
    private double lastRoundSeconds;
    private double lastSpeed;
    /** Non-zero pages that the first round did not come to; the next one begins with them. */
    private double neverSent;
    /** Zero pages that the first round did not come to. */
    private double zeroLeft;
    /** Whether all was sent before QEMU first knew a bandwidth: it then stops the VM without looking for what it wrote meanwhile. */
    private boolean endsUnseen;

    /** What {@link #share} found. */
    private double transfer;

    private double granted;
    private double level;
    private double drainSecondsPerByte;
    /** Bytes that QEMU has written and the connection still holds. */
    private double queued;

    /**
     * One for all techniques, one after the other.
     *
     * @param tally gets what a technique costs
     */
    PreCopySimulation(MigrationCase migration, MigrationCosts costs, Tally tally) {
        this.migration = migration;
        this.costs = costs;
        this.tally = tally;
        this.encoding = new PageEncoding(migration, costs);
        this.pace = new GuestPace(migration.vm(), costs);
        this.throttle = new CpuThrottle(migration.tuning());
        this.contention = CpuContention.onSource(migration, costs);
        this.contentionThere = CpuContention.onDestination(migration, costs);
        this.linkRate = migration.link().expected().bytesPerSecond() * costs.wireEfficiency();
        this.cap = migration.tuning().maxBandwidth().bytesPerSecond();
        this.rate = Math.min(linkRate, cap);
        this.syncSeconds = costs.syncSecondsPerPage() * migration.vm().memory().pages();
        this.limitSeconds = migration.tuning().timeLimit().toMillis() / 1e3;
    }

    private void begin(Technique next) {
        technique = next;
        encoding.use(next);
        throttle.clear();
        tally.clear();
        dirty = 0;
        bandwidth = 0;
        lastWireBytes = 0;
        lastRoundSeconds = 0;
        lastSpeed = 1;
        neverSent = 0;
        zeroLeft = 0;
        queued = 0;
        // Multifd's channels each have a thread of their own on the destination too.
        double receivers = encoding.isMultifd() ? migration.tuning().multifdChannels() : 1;
        receiveSecondsPerPage = costs.receiveSecondsPerPage() / contentionThere.granted(receivers, receivers);
    }

    /** Runs to the switchover, or to the time limit. */
    void run(Technique next) {
        begin(next);
        firstRound();
        int steady = 0;
        for (int round = 0; goesOn(); round++) {
            if (tally.seconds >= limitSeconds || round == MOST_ROUNDS) {
                giveUp();
                return;
            }
            double before = dirty;
            double wireBefore = lastWireBytes;
            laterRound();
            boolean alike = Math.abs(dirty - before) <= STEADY_SHARE * before
                    && Math.abs(lastWireBytes - wireBefore) <= STEADY_SHARE * wireBefore;
            boolean settled = !slows() || throttle.exhausted();
            steady = alike && settled ? steady + 1 : 0;
            if (steady >= STEADY_ROUNDS && tally.seconds > BANDWIDTH_WINDOW_SECONDS) {
                giveUp();
                return;
            }
        }
        if (tally.seconds >= limitSeconds) {
            giveUp();
            return;
        }
        switchOver();
        finish();
    }

    private boolean goesOn() {
        return !endsUnseen && (dirty + zeroLeft) * MemorySize.PAGE_BYTES >= Math.max(threshold(), 1);
    }

    /** One round over all memory, without the switchover: the start of PRE-POST. */
    void runFirstRound(Technique next) {
        begin(next);
        firstRound();
        finish();
    }

    /** Non-zero pages that are dirty after the rounds so far. */
    double dirtyPages() {
        return dirty;
    }

    private void firstRound() {
        double nonZero = migration.vm().nonZeroPages();
        double zero = migration.vm().zeroPages();
        tally.onSource(costs.setupSeconds(), 1);
        share(
                nonZero,
                encoding.firstBytes(nonZero) + encoding.zeroBytes(zero),
                encoding.firstSeconds(nonZero) + encoding.zeroSeconds(zero));
        double sent = nonZero * sentShare(nonZero, zero, transfer);
        zeroLeft = sent < nonZero ? zero : 0;
        double wire = encoding.firstBytes(sent) + encoding.zeroBytes(zero - zeroLeft);
        double cpu = encoding.firstSeconds(sent) + encoding.zeroSeconds(zero - zeroLeft);
        neverSent = nonZero - sent;
        send(sent, wire, cpu, 0);
        if (tally.seconds <= wholeIterations(BANDWIDTH_WINDOW_SECONDS) + costs.setupSeconds()) {
            // The first window counts from the command.
            bandwidth = wire / tally.seconds;
        }
        endsUnseen = tally.seconds < BANDWIDTH_WINDOW_SECONDS;
    }

    /**
     * Share of the first round's pages that go before QEMU finds that the rest fits in the downtime limit. The last pages by address are
     * left: zero ones, most often.
     *
     * @param all seconds for the whole round
     */
    private double sentShare(double nonZero, double zero, double all) {
        double setup = costs.setupSeconds();
        if (setup + all < BANDWIDTH_WINDOW_SECONDS) {
            return 1;
        }
        double look = Math.min(all, wholeIterations(BANDWIDTH_WINDOW_SECONDS - setup));
        double wire = encoding.firstBytes(nonZero);
        double firstThreshold = wire * look / all / (setup + look) * downtimeLimitSeconds() / MemorySize.PAGE_BYTES;
        if (nonZero * (1 - look / all) + zero < firstThreshold) {
            return look / all;
        }
        double threshold = wire / all * downtimeLimitSeconds() / MemorySize.PAGE_BYTES;
        double unsent = Math.min(nonZero, Math.max(0, threshold - zero));
        double end = Math.max(look, wholeIterations(all * (1 - unsent / nonZero)));
        return Math.min(1, end / all);
    }

    private static double wholeIterations(double seconds) {
        return Math.max(1, Math.ceil(seconds / ITERATION_SECONDS)) * ITERATION_SECONDS;
    }

    private void laterRound() {
        double sent = Math.min(dirty, Math.max(dirty - threshold() / MemorySize.PAGE_BYTES, pagesOfOneIteration()));
        neverSent = Math.max(0, neverSent - sent);
        double unsent = dirty - sent - neverSent;
        double wire = encoding.laterBytes(sent) + encoding.zeroBytes(zeroLeft);
        double cpu = encoding.laterSeconds(sent) + encoding.zeroSeconds(zeroLeft);
        zeroLeft = 0;
        encoding.sentLater(sent);
        send(sent, wire, cpu, unsent);
    }

    private double pagesOfOneIteration() {
        double secondsPerPage = Math.max(
                receiveSecondsPerPage,
                Math.max(encoding.laterBytes(1) / rate, encoding.laterSeconds(1) / encoding.threads()));
        return ITERATION_SECONDS / secondsPerPage;
    }

    /** What the migration gets of the source's cores while it sends, and how long that takes it. */
    private void share(double sent, double wire, double cpu) {
        double work = cpu + wire / MemorySize.PAGE_BYTES * costs.kernelSecondsPerPage();
        drainSecondsPerByte = transferSeconds(sent, wire, linkRate) / Math.max(wire, 1);
        double alone = Math.max(
                Math.max(wire / cap, (queued + wire - queueBytes()) * drainSecondsPerByte), work / encoding.threads());
        double demand = alone > 0 ? work / alone : 0;
        level = contention.level(
                demand,
                encoding.threads(),
                pace.demand(alone, throttleShare()),
                migration.vm().vcpus());
        granted = contention.granted(demand, encoding.threads(), level);
        transfer = granted > 0 ? Math.max(alone, work / granted) : alone;
    }

    /**
     * Sends, lets the guest write meanwhile, and syncs the bitmap.
     *
     * @param unsent pages of the working set that were dirty and are not sent
     */
    private void send(double sent, double wire, double cpu, double unsent) {
        share(sent, wire, cpu);
        double stretch = transfer + syncSeconds;
        double drained = drainSecondsPerByte > 0 ? stretch / drainSecondsPerByte : wire;
        queued = Math.max(0, Math.min(queueBytes(), queued + wire - drained));
        double speed = pace.speed(stretch, throttleShare(), contention, level, granted);
        lastSpeed = speed;
        double written = writtenPages(stretch, speed);
        tally.onSource(stretch, speed);
        tally.wireBytes += wire;
        tally.cpuSeconds += cpu + syncSeconds;
        tally.faultSeconds += written * costs.faultSecondsPerPage(migration.vm());
        bandwidth = transfer > 0 ? wire / transfer : rate;
        lastWireBytes = wire;
        lastRoundSeconds = stretch;
        DirtyCurve curve = migration.vm().dirtyCurve();
        double touched = Math.max(written, Math.max(1, curve.writableWorkingSetPages()));
        double writtenAgain =
                written * (1 - neverSent / Math.max(1, migration.vm().nonZeroPages()));
        dirty = neverSent + writtenAgain + unsent * (1 - Math.min(1, written / touched));
        throttle.synced(stretch, written, wire);
    }

    /**
     * What the connection holds at most, and what each of multifd's channels has in the making. TCP's windows open slowly: the more has been
     * sent, the more is under way.
     */
    private double queueBytes() {
        double packets = encoding.isMultifd()
                ? migration.tuning().multifdChannels() * PageEncoding.PACKET_PAGES * encoding.laterBytes(1)
                : 0;
        return costs.queueBytes()
                        * Math.cbrt(encoding.firstBytes(migration.vm().nonZeroPages()) / QUEUE_REFERENCE_BYTES)
                + packets;
    }

    /** How long what the connection holds takes to go out. */
    double queueSeconds() {
        return queued * drainSecondsPerByte;
    }

    /** How long the link and the destination take for pages, the source's CPU left aside. */
    private double transferSeconds(double pages, double wire, double bytesPerSecond) {
        return Math.max(wire / bytesPerSecond, pages * receiveSecondsPerPage);
    }

    private double writtenPages(double stretch, double speed) {
        double written = pace.dirtied(stretch, speed);
        if (technique != Technique.DIRTY_LIMIT || !throttle.active()) {
            return written;
        }
        double limit = migration.tuning().dirtyLimitMegabytesPerSecond()
                * 1e6
                * migration.vm().vcpus()
                / MemorySize.PAGE_BYTES;
        return Math.min(written, limit * stretch);
    }

    private boolean slows() {
        return technique == Technique.THR || technique == Technique.DIRTY_LIMIT;
    }

    private double throttleShare() {
        if (!throttle.active()) {
            return 0;
        }
        return switch (technique) {
            case THR -> throttle.share();
            case DIRTY_LIMIT -> dirtyLimitSlowdown();
            default -> 0;
        };
    }

    /** Share of its progress that a vCPU loses when it may dirty only so many pages a second. */
    private double dirtyLimitSlowdown() {
        double wanted = migration.vm().dirtyCurve().initialPagesPerSecond() * MemorySize.PAGE_BYTES;
        double allowed = migration.tuning().dirtyLimitMegabytesPerSecond()
                * 1e6
                * migration.vm().vcpus();
        return wanted <= allowed ? 0 : 1 - allowed / wanted;
    }

    private double threshold() {
        return tally.seconds < BANDWIDTH_WINDOW_SECONDS ? 0 : bandwidth * downtimeLimitSeconds();
    }

    private double downtimeLimitSeconds() {
        return technique.isPostCopy()
                ? QemuSettings.POSTCOPY_DOWNTIME_LIMIT_MILLIS / 1e3
                : migration.tuning().downtimeLimit().toMillis() / 1e3;
    }

    private void switchOver() {
        double wire = encoding.laterBytes(dirty) + encoding.zeroBytes(zeroLeft);
        double cpu = encoding.laterSeconds(dirty) + encoding.zeroSeconds(zeroLeft);
        double sending = transferSeconds(dirty, wire, linkRate) + queueSeconds();
        double threads = encoding.threads();
        double computing = cpu / contention.granted(threads, threads);
        tally.paused(costs.stopSeconds() + Math.max(sending, computing));
        tally.wireBytes += wire;
        tally.cpuSeconds += cpu;
    }

    /** Goes on as in the last round until the time limit. */
    private void giveUp() {
        double left = Math.max(0, limitSeconds - tally.seconds);
        double rounds = lastRoundSeconds > 0 ? left / lastRoundSeconds : 0;
        tally.onSource(left, lastSpeed);
        tally.wireBytes += rounds * lastWireBytes;
        tally.cpuSeconds += rounds * encoding.laterSeconds(dirty);
        tally.faultSeconds += rounds * dirty * costs.faultSecondsPerPage(migration.vm());
        double rest = encoding.laterBytes(dirty) / linkRate;
        tally.downtimeSeconds = costs.stopSeconds() + rest;
        tally.converges = false;
        tally.cutTo(limitSeconds);
        finish();
    }

    private void finish() {
        tally.memoryBytes = costs.baseMemoryBytes()
                + encoding.cacheBytes()
                + (encoding.isMultifd()
                        ? costs.channelMemoryBytes() * migration.tuning().multifdChannels()
                        : 0);
    }
}
