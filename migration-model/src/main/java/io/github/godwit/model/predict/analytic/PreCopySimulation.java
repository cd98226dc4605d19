package io.github.godwit.model.predict.analytic;

import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.MemorySize;

/**
 * Replays QEMU's pre-copy round by round (notes §3.1–3.8).
 *
 * <p>A round sends what was dirty at the last sync until less is left than the threshold: the bandwidth of the last
 * 100 ms times the downtime limit, and zero before the first 100 ms are over. QEMU looks only every 50 ms, so a round is
 * at least that long or sends all. Then the bitmap is synced; if what is dirty now is under the threshold, the VM stops
 * and the rest goes at the link's rate. What was left unsent joins the next round.
 */
final class PreCopySimulation {

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
    private final Connection connection;
    private final Tally tally;
    private final double syncSeconds;
    private final double limitSeconds;

    private Technique technique;
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
        this.throttle = new CpuThrottle(migration.tuning(), migration.vm());
        this.contention = CpuContention.onSource(migration, costs);
        this.connection = new Connection(migration, costs, encoding);
        this.syncSeconds = costs.syncSecondsPerPage() * migration.vm().memory().pages();
        this.limitSeconds = migration.tuning().timeLimit().toMillis() / 1e3;
    }

    private void begin(Technique next) {
        technique = next;
        encoding.use(next);
        connection.open();
        throttle.clear();
        tally.clear();
        dirty = 0;
        bandwidth = 0;
        lastWireBytes = 0;
        lastRoundSeconds = 0;
        lastSpeed = 1;
        neverSent = 0;
        zeroLeft = 0;
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
            boolean settled = !CpuThrottle.slows(technique) || throttle.exhausted();
            steady = alike && settled ? steady + 1 : 0;
            if (steady >= STEADY_ROUNDS && tally.seconds > SwitchoverLooks.WINDOW_SECONDS) {
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

    /** How long what the connection holds takes to go out. */
    double queueSeconds() {
        return connection.queueSeconds();
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
        double sent = nonZero
                * SwitchoverLooks.sentShare(
                        nonZero,
                        zero,
                        encoding.firstBytes(nonZero),
                        transfer,
                        costs.setupSeconds(),
                        downtimeLimitSeconds());
        zeroLeft = sent < nonZero ? zero : 0;
        double wire = encoding.firstBytes(sent) + encoding.zeroBytes(zero - zeroLeft);
        double cpu = encoding.firstSeconds(sent) + encoding.zeroSeconds(zero - zeroLeft);
        neverSent = nonZero - sent;
        send(sent, wire, cpu, 0);
        if (SwitchoverLooks.isInFirstWindow(tally.seconds - costs.setupSeconds())) {
            bandwidth = wire / tally.seconds; // which counts from the command
        }
        endsUnseen = tally.seconds < SwitchoverLooks.WINDOW_SECONDS;
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
        double wire = encoding.laterBytes(1);
        double secondsPerPage = Math.max(
                Math.max(connection.seconds(1, wire), wire / connection.rate()),
                encoding.laterSeconds(1) / encoding.threads());
        return SwitchoverLooks.ITERATION_SECONDS / secondsPerPage;
    }

    /** What the migration gets of the source's cores while it sends, and how long that takes it. */
    private void share(double sent, double wire, double cpu) {
        double work = cpu + wire / MemorySize.PAGE_BYTES * costs.kernelSecondsPerPage();
        double alone = Math.max(connection.handOverSeconds(sent, wire), work / encoding.threads());
        double demand = alone > 0 ? work / alone : 0;
        level = contention.level(
                demand,
                encoding.threads(),
                pace.demand(alone, throttle.slowdown(technique)),
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
        connection.handedOver(sent, wire, stretch);
        double speed = pace.speed(stretch, throttle.slowdown(technique), contention, level, granted);
        lastSpeed = speed;
        double written = throttle.written(technique, pace.dirtied(stretch, speed), stretch);
        tally.onSource(stretch, speed);
        tally.wireBytes += wire;
        tally.cpuSeconds += cpu + syncSeconds;
        tally.faultSeconds += written * costs.faultSecondsPerPage(migration.vm());
        bandwidth = transfer > 0 ? wire / transfer : connection.rate();
        lastWireBytes = wire;
        lastRoundSeconds = stretch;
        DirtyCurve curve = migration.vm().dirtyCurve();
        double touched = Math.max(written, Math.max(1, curve.writableWorkingSetPages()));
        double writtenAgain =
                written * (1 - neverSent / Math.max(1, migration.vm().nonZeroPages()));
        dirty = neverSent + writtenAgain + unsent * (1 - Math.min(1, written / touched));
        throttle.synced(stretch, written, wire);
    }

    private double threshold() {
        return tally.seconds < SwitchoverLooks.WINDOW_SECONDS ? 0 : bandwidth * downtimeLimitSeconds();
    }

    private double downtimeLimitSeconds() {
        return migration.tuning().downtimeLimit(technique).toMillis() / 1e3;
    }

    /** Bytes on the wire for all that is left. */
    private double restBytes() {
        return encoding.laterBytes(dirty) + encoding.zeroBytes(zeroLeft);
    }

    /** CPU seconds for it. */
    private double restSeconds() {
        return encoding.laterSeconds(dirty) + encoding.zeroSeconds(zeroLeft);
    }

    /** How long the VM stands still while it goes, with nothing else to do for the host's cores but other VMs. */
    private double switchoverSeconds() {
        double sending = connection.seconds(dirty, restBytes()) + connection.queueSeconds();
        double computing = restSeconds() / contention.granted(encoding.threads(), encoding.threads());
        return costs.stopSeconds() + Math.max(sending, computing);
    }

    private void switchOver() {
        tally.paused(switchoverSeconds());
        tally.wireBytes += restBytes();
        tally.cpuSeconds += restSeconds();
    }

    /** Goes on as in the last round until the time limit. */
    private void giveUp() {
        double left = Math.max(0, limitSeconds - tally.seconds);
        double rounds = lastRoundSeconds > 0 ? left / lastRoundSeconds : 0;
        tally.onSource(left, lastSpeed);
        tally.wireBytes += rounds * lastWireBytes;
        tally.cpuSeconds += rounds * encoding.laterSeconds(dirty);
        tally.faultSeconds += rounds * dirty * costs.faultSecondsPerPage(migration.vm());
        tally.downtimeSeconds = switchoverSeconds();
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
