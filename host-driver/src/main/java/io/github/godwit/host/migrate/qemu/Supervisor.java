package io.github.godwit.host.migrate.qemu;

import io.github.godwit.host.migrate.CostMeter;
import io.github.godwit.host.migrate.MigrationEnd;
import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.SupervisedRun;
import io.github.godwit.host.qmp.QmpEvent;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.model.technique.Technique;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one migration from {@code migrate} to its end by QEMU's events, and steps in where the technique or the caller
 * wants it: starts post-copy, cancels.
 */
public final class Supervisor {

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final Duration PROGRESS_EVERY = Duration.ofMillis(500);
    private static final int RECONNECTS = 3;

    private final QemuMigration qemu;
    private final Technique technique;
    private final Duration limit;
    private final Duration cancelPatience;
    private final SupervisedRun watcher;
    private final CostMeter cost;
    private final long started = System.nanoTime();
    private boolean cancelling;
    private long cancelledAt;
    private boolean timedOut;
    private boolean switched;
    private long switchDowntimeMillis = -1;
    private MigrationInfo lastMoving;
    private int reconnects;

    /**
     * @param qemu           QEMU on the source
     * @param technique      how the VM is moved
     * @param limit          after which the migration is cancelled
     * @param cancelPatience how long QEMU may take to cancel it
     * @param watcher        who is told, and may want it cancelled
     * @param cost           measures what it costs
     */
    Supervisor(
            QemuMigration qemu,
            Technique technique,
            Duration limit,
            Duration cancelPatience,
            SupervisedRun watcher,
            CostMeter cost) {
        this.qemu = qemu;
        this.technique = technique;
        this.limit = limit;
        this.cancelPatience = cancelPatience;
        this.watcher = watcher;
        this.cost = cost;
    }

    /**
     * Follows the migration to its end.
     *
     * @throws IOException when QEMU ended, or post-copy broke and needs a person
     */
    MigrationEnd watch() throws IOException, InterruptedException {
        long nextProgress = started;
        while (true) {
            QmpEvent event = qemu.next(Duration.ofNanos(nextLook(nextProgress) - System.nanoTime()));
            try {
                if (event != null && event.name().equals(QmpEvent.CLOSED)) {
                    reconnect();
                }
                if (event != null && !switched && PostcopyTrigger.isDue(technique.switchover(), event)) {
                    switchOver();
                }
                String status = event == null ? "" : event.data().path("status").asText();
                if (status.equals("postcopy-active")) {
                    // QEMU 10.0 counts again at the end where it had counted less than 1 ms, and then says the whole
                    // time.
                    switchDowntimeMillis = qemu.query().downtimeMillis();
                    watcher.inPostcopy();
                }
                boolean over = MigrationInfo.isFinal(status);
                if (over) {
                    cost.sample();
                }
                if (over || System.nanoTime() >= nextProgress) {
                    nextProgress = System.nanoTime() + PROGRESS_EVERY.toNanos();
                    MigrationInfo info = qemu.query();
                    if (!over) {
                        cost.sample();
                    }
                    watcher.progress(info);
                    lastMoving = info.progress().elapsedMillis() > 0 && !cancelling ? info : lastMoving;
                    if (info.isFinal()) {
                        return new MigrationEnd(lasting(info), timedOut, false);
                    }
                    if (cancelling && System.nanoTime() - cancelledAt > cancelPatience.toNanos()) {
                        return new MigrationEnd(lasting(info), timedOut, true);
                    }
                    throwIfBroken(info);
                }
                cancelIfDue();
            } catch (QmpException e) {
                if (e.refused()) {
                    throw e;
                }
                reconnect();
            }
        }
    }

    private long nextLook(long nextProgress) {
        long deadline = started + limit.toNanos();
        return cancelling || switched || deadline - nextProgress > 0 ? nextProgress : deadline;
    }

    /** The last figures; QEMU forgets those of a cancelled migration, and the first downtime of a post-copy. */
    private MigrationInfo lasting(MigrationInfo last) {
        if (!last.completed() && (cancelling || last.progress().elapsedMillis() == 0) && lastMoving != null) {
            return last.withProgress(lastMoving.progress());
        }
        return switched && switchDowntimeMillis >= 0 ? last.withDowntime(switchDowntimeMillis) : last;
    }

    private void switchOver() throws QmpException {
        if (cancelling || !watcher.mayStartPostcopy()) {
            return;
        }
        switched = true;
        qemu.startPostcopy();
    }

    private void cancelIfDue() throws QmpException {
        boolean late = System.nanoTime() - started >= limit.toNanos();
        if (!cancelling && !switched && (late || watcher.cancelWanted())) {
            cancelling = true;
            cancelledAt = System.nanoTime();
            timedOut = late;
            qemu.cancel();
        }
    }

    private void reconnect() throws QmpException {
        reconnects++;
        if (reconnects > RECONNECTS) {
            throw new QmpException("The QEMU monitor was lost %d times.".formatted(reconnects), false, null);
        }
        LOG.warn("The QEMU monitor was lost in a migration, connecting again");
        qemu.reconnect();
    }

    private static void throwIfBroken(MigrationInfo info) throws IOException {
        if (info.status().equals("postcopy-paused")) {
            throw new IOException(
                    "The connection broke in post-copy (%s): the VM is paused with its pages on both hosts. Both QEMUs are left as they are; migrate-recover on the destination can join them again."
                            .formatted(info.reason()));
        }
    }
}
