package io.github.godwit.model.predict.analytic;

import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.MemorySize;

/**
 * Replays QEMU's pre-copy round by round (QEMU, migration/migration.c, {@code migration_iteration_run}).
 *
 * <p>A round sends the pages that were dirty at the last bitmap sync until the rest is below the threshold: the
 * bandwidth of the last 100 ms times the downtime limit, or zero before the first 100 ms are over. QEMU checks this
 * only every 50 ms, so a round is at least that long unless it sends everything. Then the bitmap is synced. If the
 * dirty pages are below the threshold, the VM is stopped and they are sent at the link's rate. Otherwise the unsent
 * pages become part of the next round.
 */
final class PreCopySimulation {

    /** Number of similar rounds after which the migration counts as not converging. */
    private static final int STEADY_ROUNDS = 4;

    private static final double STEADY_SHARE = 0.002;
    private static final int MAX_ROUNDS = 20_000;

    private final MigrationCase migration;
    private final MigrationCosts costs;
    private final PageEncoding encoding;
    private final GuestPace pace;
    private final CpuThrottle throttle;
    private final CpuContention contention;
    private final Connection connection;
    private final SimulatedOutcome outcome;
    private final double syncSeconds;
    private final double limitSeconds;

    private Technique technique;
    /** Non-zero pages for the next round to send. */
    private double dirty;

    private double bandwidth;
    private double lastWireBytes;
    private double lastRoundSeconds;
    private double lastSpeed;
    /** Non-zero pages that the first round did not reach; the next one starts with them. */
    private double neverSent;
    /** Zero pages that the first round did not reach. */
    private double zeroLeft;
    /** Whether everything was sent before QEMU first knew the bandwidth: it then stops the VM without another bitmap sync. */
    private boolean stopsUnchecked;

    /** Results of {@link #share}. */
    private double transfer;

    private double granted;
    private double level;

    /**
     * Creates a simulation that all techniques use, one after the other.
     *
     * @param outcome receives the costs of a technique
     */
    PreCopySimulation(MigrationCase migration, MigrationCosts costs, SimulatedOutcome outcome) {
        this.migration = migration;
        this.costs = costs;
        this.outcome = outcome;
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
        outcome.reset();
        dirty = 0;
        bandwidth = 0;
        lastWireBytes = 0;
        lastRoundSeconds = 0;
        lastSpeed = 1;
        neverSent = 0;
        zeroLeft = 0;
    }

    /** Simulates up to the switchover or the time limit. */
    void run(Technique next) {
        begin(next);
        firstRound();
        int steady = 0;
        for (int round = 0; continues(); round++) {
            if (outcome.seconds >= limitSeconds || round == MAX_ROUNDS) {
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
            if (steady >= STEADY_ROUNDS && outcome.seconds > SwitchoverCheck.WINDOW_SECONDS) {
                giveUp();
                return;
            }
        }
        if (outcome.seconds >= limitSeconds) {
            giveUp();
            return;
        }
        switchOver();
        finish();
    }

    private boolean continues() {
        return !stopsUnchecked && (dirty + zeroLeft) * MemorySize.PAGE_BYTES >= Math.max(threshold(), 1);
    }

    /** Simulates one round over all memory without the switchover, as PRE-POST starts. */
    void runFirstRound(Technique next) {
        begin(next);
        firstRound();
        finish();
    }

    /** Seconds until the data that the connection buffers has left. */
    double queueSeconds() {
        return connection.queueSeconds();
    }

    /** Non-zero pages that are dirty after the simulated rounds. */
    double dirtyPages() {
        return dirty;
    }

    private void firstRound() {
        double nonZero = migration.vm().nonZeroPages();
        double zero = migration.vm().zeroPages();
        outcome.runOnSource(costs.setupSeconds(), 1);
        share(
                nonZero,
                encoding.firstBytes(nonZero) + encoding.zeroBytes(zero),
                encoding.firstSeconds(nonZero) + encoding.zeroSeconds(zero));
        double sent = nonZero
                * SwitchoverCheck.sentShare(
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
        if (SwitchoverCheck.isInFirstWindow(outcome.seconds - costs.setupSeconds())) {
            bandwidth = wire / outcome.seconds; // the first window starts with the migrate command
        }
        stopsUnchecked = outcome.seconds < SwitchoverCheck.WINDOW_SECONDS;
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
        return SwitchoverCheck.ITERATION_SECONDS / secondsPerPage;
    }

    /** Determines how many of the source's cores the migration gets while it sends, and how long sending takes. */
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
     * Sends pages while the guest writes, and syncs the bitmap.
     *
     * @param sent   non-zero pages to send
     * @param wire   bytes on the wire
     * @param cpu    CPU seconds of the source
     * @param unsent dirty pages of the working set that are not sent
     */
    private void send(double sent, double wire, double cpu, double unsent) {
        share(sent, wire, cpu);
        double stretch = transfer + syncSeconds;
        connection.handedOver(sent, wire, stretch);
        double speed = pace.speed(stretch, throttle.slowdown(technique), contention, level, granted);
        lastSpeed = speed;
        double written = throttle.written(technique, pace.dirtied(stretch, speed), stretch);
        outcome.runOnSource(stretch, speed);
        outcome.wireBytes += wire;
        outcome.cpuSeconds += cpu + syncSeconds;
        outcome.faultSeconds += written * costs.faultSecondsPerPage(migration.vm());
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
        return outcome.seconds < SwitchoverCheck.WINDOW_SECONDS ? 0 : bandwidth * downtimeLimitSeconds();
    }

    private double downtimeLimitSeconds() {
        return migration.tuning().downtimeLimit(technique).toMillis() / 1e3;
    }

    /** Bytes on the wire for the remaining pages. */
    private double restBytes() {
        return encoding.laterBytes(dirty) + encoding.zeroBytes(zeroLeft);
    }

    /** CPU seconds for the remaining pages. */
    private double restSeconds() {
        return encoding.laterSeconds(dirty) + encoding.zeroSeconds(zeroLeft);
    }

    /** Downtime in which the remaining pages are sent while only other VMs compete for the source's cores. */
    private double switchoverSeconds() {
        double sending = connection.seconds(dirty, restBytes()) + connection.queueSeconds();
        double computing = restSeconds() / contention.granted(encoding.threads(), encoding.threads());
        return costs.stopSeconds() + Math.max(sending, computing);
    }

    private void switchOver() {
        outcome.pause(switchoverSeconds());
        outcome.wireBytes += restBytes();
        outcome.cpuSeconds += restSeconds();
    }

    /** Extrapolates the last round to the time limit. */
    private void giveUp() {
        double left = Math.max(0, limitSeconds - outcome.seconds);
        double rounds = lastRoundSeconds > 0 ? left / lastRoundSeconds : 0;
        outcome.runOnSource(left, lastSpeed);
        outcome.wireBytes += rounds * lastWireBytes;
        outcome.cpuSeconds += rounds * encoding.laterSeconds(dirty);
        outcome.faultSeconds += rounds * dirty * costs.faultSecondsPerPage(migration.vm());
        outcome.downtimeSeconds = switchoverSeconds();
        outcome.converges = false;
        outcome.truncateAt(limitSeconds);
        finish();
    }

    private void finish() {
        outcome.memoryBytes = costs.baseMemoryBytes()
                + encoding.cacheBytes()
                + (encoding.isMultifd()
                        ? costs.channelMemoryBytes() * migration.tuning().multifdChannels()
                        : 0);
    }
}
