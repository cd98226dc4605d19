package io.github.godwit.host.nova;

import io.github.godwit.host.libvirt.DomainJobs;
import io.github.godwit.host.libvirt.JobStats;
import io.github.godwit.host.libvirt.LibvirtException;
import io.github.godwit.host.migrate.CostMeter;
import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.OngoingMigration;
import io.github.godwit.host.migrate.PreparedMigration;
import io.github.godwit.host.migrate.Step;
import io.github.godwit.host.nova.NovaSupervisionAction.Apply;
import io.github.godwit.host.nova.NovaSupervisionAction.Command;
import io.github.godwit.host.nova.NovaSupervisionAction.End;
import io.github.godwit.host.nova.NovaSupervisionAction.Fail;
import io.github.godwit.host.nova.NovaSupervisionAction.Note;
import io.github.godwit.host.nova.NovaSupervisionAction.Remember;
import io.github.godwit.host.nova.NovaSupervisionAction.ReportProgress;
import io.github.godwit.host.nova.NovaSupervisionAction.TakeBack;
import io.github.godwit.host.nova.NovaSupervisionEvent.DowntimePolled;
import io.github.godwit.host.nova.NovaSupervisionEvent.Located;
import io.github.godwit.host.nova.NovaSupervisionEvent.Place;
import io.github.godwit.host.nova.NovaSupervisionEvent.Polled;
import io.github.godwit.host.nova.NovaSupervisionEvent.Signalled;
import io.github.godwit.host.nova.NovaSupervisionEvent.TimePassed;
import io.github.godwit.host.nova.PendingNovaMigration.FromNova;
import io.github.godwit.host.nova.PendingNovaMigration.Signal;
import io.github.godwit.hostapi.PostcopyRecovery;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.watch.DowntimeRamp;
import io.github.godwit.model.watch.MigrationWatch;
import io.github.godwit.model.watch.RoundCounter;
import io.github.godwit.model.watch.WatchChange;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a migration that Nova runs, from the answer to its end: reads libvirt's events and nova-compute's messages, and performs
 * what {@link NovaSupervisionRule} decides.
 */
final class NovaSupervisor {

    private static final Logger LOG = LoggerFactory.getLogger(NovaSupervisor.class);

    /** What surrounds a migration that is followed. */
    interface Surroundings {

        /** Whether Godwit is switched off. */
        boolean withdrawn();

        /** Where the VM is; may take some seconds. */
        Place place();

        /** Puts back what was set in QEMU for the advice, and answers nova-compute. */
        void takeBack(FromNova refusal);

        /** Remembers that libvirt does not carry out the technique on this way. */
        void remember(NovaMessage refusal);

        /** What became of a connection that broke in post-copy; empty if none did. */
        default Optional<PostcopyRecovery> recovery() {
            return Optional.empty();
        }
    }

    private final DomainJobs jobs;
    private final PendingNovaMigration pending;
    private final OngoingMigration run;
    private final CostMeter cost;
    private final Surroundings surroundings;
    private final String vm;
    private final PreparedMigration plan;
    private RoundCounter rounds = RoundCounter.NEW;
    private NovaSupervisionState state;
    private MigrationInfo end;

    /**
     * Starts to wait for libvirt's job.
     *
     * @param jobs    the jobs of this host's domains
     * @param pending receives libvirt's events and nova-compute's messages
     * @param run     gets the progress, and may want the migration cancelled
     * @param cost    measures what the migration costs
     * @param surroundings what else it works with
     * @param plan     whether nova-compute has to switch the migration to post-copy, and whether it may be requested to do so
     */
    NovaSupervisor(
            DomainJobs jobs,
            PendingNovaMigration pending,
            OngoingMigration run,
            CostMeter cost,
            Surroundings surroundings,
            PreparedMigration plan) {
        this.jobs = jobs;
        this.pending = pending;
        this.run = run;
        this.cost = cost;
        this.surroundings = surroundings;
        this.vm = run.vm().name();
        this.plan = plan;
    }

    /**
     * Follows the migration to its end.
     *
     * @return the last figures; status {@code completed}, {@code cancelled} or {@code failed}
     * @throws IOException when Nova did not begin the migration, or the VM is nowhere to be found
     */
    MigrationInfo watch() throws IOException, InterruptedException {
        Technique technique = plan.decision().technique();
        MigrationTuning tuning = plan.migrationCase().tuning();
        state = NovaSupervisionRule.initial(System.nanoTime(), technique.isPostCopy())
                // Nova's limit on the downtime is the first and the longest, and Nova keeps to its own time limit.
                .watchedBy(
                        new MigrationWatch(DowntimeRamp.NONE, tuning.postcopyFallback(), null),
                        tuning.downtimeLimit(technique));
        while (end == null) {
            Signal signal = pending.next(Duration.ofNanos(state.nextPollNanos() - System.nanoTime()));
            if (signal != null) {
                take(new Signalled(signal));
            }
            if (end == null) {
                take(new TimePassed());
            }
        }
        surroundings.recovery().ifPresent(run::recovery);
        return end;
    }

    /** nova-compute's message that libvirt did not carry out the advice, if it did not. */
    Optional<NovaMessage> refusal() {
        return Optional.ofNullable(state.refusal());
    }

    /** What was changed about the migration while it ran. */
    List<WatchChange> changes() {
        return state.job().postcopy() ? state.watched().change().stream().toList() : List.of();
    }

    /** Whether it was switched to post-copy. */
    boolean postcopy() {
        return state.job().postcopy();
    }

    /** Bytes of local disks that libvirt has copied, as far as it was asked. */
    long diskBytes() {
        return state.last().diskBytes();
    }

    private void take(NovaSupervisionEvent event) throws IOException {
        Step<NovaSupervisionState, NovaSupervisionAction> step = NovaSupervisionRule.next(
                event, state, new NovaMoment(System.nanoTime(), run.cancelWanted(), surroundings.withdrawn()));
        state = step.state();
        for (NovaSupervisionAction action : step.actions()) {
            perform(action);
        }
    }

    private void perform(NovaSupervisionAction action) throws IOException {
        if (action instanceof Command command) {
            perform(command);
        } else if (action instanceof ReportProgress progress) {
            run.progress(progress.info());
        } else if (action instanceof Note note) {
            run.note(note.message());
        } else if (action instanceof Apply apply) {
            run.changed(apply.change());
            pending.startPostcopy(apply.change().note());
        } else if (action instanceof TakeBack refused) {
            pending.startPostcopy(null);
            surroundings.takeBack(refused.refusal());
        } else if (action instanceof Remember refused) {
            surroundings.remember(refused.refusal());
        } else if (action instanceof End ended) {
            end = ended.info();
        } else if (action instanceof Fail failed) {
            throw new IOException(failed.reason());
        }
    }

    private void perform(Command command) throws IOException {
        switch (command) {
            case COMMIT_TO_POSTCOPY -> run.mayStartPostcopy();
            case POLL_DOWNTIME -> take(new DowntimePolled(stats()));
            case ENTER_POSTCOPY -> run.inPostcopy();
            case POLL -> {
                surroundings.recovery().ifPresent(run::recovery);
                take(new Polled(stats()));
            }
            case MEASURE_COST -> cost.sample();
            case ABORT -> abort();
            case LOCATE -> take(new Located(surroundings.place()));
        }
    }

    private Optional<JobStats> stats() {
        try {
            return jobs.stats(vm).map(this::counted);
        } catch (LibvirtException e) {
            LOG.debug("libvirt has no figures of VM {}", vm, e);
            return Optional.empty();
        }
    }

    private JobStats counted(JobStats stats) {
        rounds = rounds.after(stats.pages());
        return stats.inRound(rounds.number());
    }

    private void abort() {
        try {
            jobs.abort(vm);
        } catch (LibvirtException e) {
            LOG.info("libvirt does not cancel migration {} of VM {}: {}", run.id(), vm, e.getMessage());
        }
    }
}
