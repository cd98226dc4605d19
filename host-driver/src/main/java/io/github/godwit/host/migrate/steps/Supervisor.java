package io.github.godwit.host.migrate.steps;

import io.github.godwit.host.migrate.CostMeter;
import io.github.godwit.host.migrate.MigrationEnd;
import io.github.godwit.host.migrate.Moment;
import io.github.godwit.host.migrate.Step;
import io.github.godwit.host.migrate.SupervisedRun;
import io.github.godwit.host.migrate.recover.RecoveryRule;
import io.github.godwit.host.migrate.steps.SupervisionAction.Apply;
import io.github.godwit.host.migrate.steps.SupervisionAction.Command;
import io.github.godwit.host.migrate.steps.SupervisionAction.End;
import io.github.godwit.host.migrate.steps.SupervisionAction.Fail;
import io.github.godwit.host.migrate.steps.SupervisionAction.Note;
import io.github.godwit.host.migrate.steps.SupervisionAction.ReportProgress;
import io.github.godwit.host.migrate.steps.SupervisionAction.ReportRecovery;
import io.github.godwit.host.migrate.steps.SupervisionEvent.CommandFailed;
import io.github.godwit.host.migrate.steps.SupervisionEvent.DowntimePolled;
import io.github.godwit.host.migrate.steps.SupervisionEvent.Polled;
import io.github.godwit.host.migrate.steps.SupervisionEvent.PostcopyAnswered;
import io.github.godwit.host.migrate.steps.SupervisionEvent.RecoveryTried;
import io.github.godwit.host.migrate.steps.SupervisionEvent.Reported;
import io.github.godwit.host.migrate.steps.SupervisionEvent.TimePassed;
import io.github.godwit.host.qmp.QmpEvent;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.watch.MigrationWatch;
import io.github.godwit.model.watch.WatchChange;
import io.github.godwit.model.watch.WatchChange.RaiseDowntimeLimit;
import io.github.godwit.model.watch.WatchChange.RaiseThrottle;
import io.github.godwit.model.watch.WatchChange.StartPostcopy;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one migration from {@code migrate} to its end by QEMU's events: reads the events, and performs what {@link SupervisionRule}
 * decides.
 */
public final class Supervisor {

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    private final RunningMigration qemu;
    private final Rejoining rejoining;
    private final SupervisedRun run;
    private final CostMeter cost;
    private final SupervisionRule rule;
    private SupervisionState state;
    private MigrationEnd end;
    private boolean inPostcopy;

    /**
     * Starts the time limit.
     *
     * @param qemu           the migration on the source
     * @param technique      how the VM is migrated
     * @param tuning         its downtime limit, and the time after which the migration is cancelled
     * @param watch          what may be changed while it runs
     * @param cancelPatience how long QEMU may take to cancel it
     * @param rejoining      how post-copy whose connection broke is recovered
     * @param run            gets the progress, and may want the migration cancelled
     * @param cost           measures what the migration costs
     */
    public Supervisor(
            RunningMigration qemu,
            Technique technique,
            MigrationTuning tuning,
            MigrationWatch watch,
            Duration cancelPatience,
            Rejoining rejoining,
            SupervisedRun run,
            CostMeter cost) {
        this.qemu = qemu;
        this.rejoining = rejoining;
        this.run = run;
        this.cost = cost;
        this.rule = new SupervisionRule(
                technique.switchover(),
                System.nanoTime(),
                tuning.timeLimit(),
                cancelPatience,
                watch,
                tuning.downtimeLimit(technique),
                new RecoveryRule(rejoining.terms(), qemu.recoveryByHand()));
        this.state = rule.initial();
    }

    /**
     * Follows the migration to its end.
     *
     * @throws IOException when QEMU ended or refused a command, or post-copy broke and is left to an operator
     */
    public MigrationEnd watch() throws IOException, InterruptedException {
        while (end == null) {
            QmpEvent event = qemu.next(Duration.ofNanos(rule.dueNanos(state) - System.nanoTime()));
            try {
                if (event != null) {
                    take(new Reported(event));
                }
                take(new TimePassed());
            } catch (QmpException e) {
                take(new CommandFailed(e));
            }
        }
        return end;
    }

    private void take(SupervisionEvent event) throws IOException {
        Step<SupervisionState, SupervisionAction> step =
                rule.next(event, state, new Moment(System.nanoTime(), run.cancelWanted()));
        state = step.state();
        for (SupervisionAction action : step.actions()) {
            perform(action);
        }
    }

    private void perform(SupervisionAction action) throws IOException {
        if (action instanceof Command command) {
            perform(command);
        } else if (action instanceof ReportProgress progress) {
            run.progress(progress.info());
        } else if (action instanceof ReportRecovery recovery) {
            run.recovery(recovery.soFar());
        } else if (action instanceof Note note) {
            run.note(note.words());
        } else if (action instanceof Apply apply) {
            apply(apply.change());
        } else if (action instanceof End ended) {
            end = ended.end();
            if (inPostcopy && !end.info().completed()) {
                qemu.stayStopped();
            }
        } else if (action instanceof Fail failed) {
            throw failed.failure();
        }
    }

    private void apply(WatchChange change) throws IOException {
        run.changed(change);
        if (change instanceof RaiseDowntimeLimit raised) {
            qemu.setDowntimeLimit(raised.limit());
        } else if (change instanceof RaiseThrottle more) {
            qemu.setThrottleIncrement(more.increment());
        } else if (change instanceof StartPostcopy) {
            take(new PostcopyAnswered(run.mayStartPostcopy()));
        }
    }

    private void perform(Command command) throws IOException {
        switch (command) {
            case RECONNECT -> {
                LOG.warn("Lost the QEMU monitor during a migration; reconnecting");
                qemu.reconnect();
            }
            case ASK_FOR_POSTCOPY -> take(new PostcopyAnswered(run.mayStartPostcopy()));
            case START_POSTCOPY -> qemu.startPostcopy();
            case POLL_DOWNTIME -> take(new DowntimePolled(qemu.query()));
            case ENTER_POSTCOPY -> {
                run.inPostcopy();
                if (!inPostcopy) {
                    inPostcopy = true;
                    qemu.stayRecoverable();
                }
            }
            case POLL -> take(new Polled(qemu.query()));
            case MEASURE_COST -> cost.sample();
            case CANCEL -> qemu.cancel();
            case RECOVER -> take(new RecoveryTried(qemu.recover(rejoining.destination())));
        }
    }
}
