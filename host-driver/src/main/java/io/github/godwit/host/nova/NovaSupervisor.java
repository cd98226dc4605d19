package io.github.godwit.host.nova;

import io.github.godwit.host.libvirt.DomainJobs;
import io.github.godwit.host.libvirt.JobEvent;
import io.github.godwit.host.libvirt.JobStats;
import io.github.godwit.host.libvirt.LibvirtException;
import io.github.godwit.host.migrate.CostMeter;
import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.OngoingMigration;
import io.github.godwit.host.nova.PendingNovaMigration.FromLibvirt;
import io.github.godwit.host.nova.PendingNovaMigration.FromNova;
import io.github.godwit.host.nova.PendingNovaMigration.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows a migration that Nova carries out from the answer to its end, by libvirt's events and nova-compute's words. */
final class NovaSupervisor {

    private static final Logger LOG = LoggerFactory.getLogger(NovaSupervisor.class);
    private static final Duration PROGRESS_EVERY = Duration.ofMillis(500);

    /** From the answer to libvirt's job. */
    private static final Duration BEGIN = Duration.ofSeconds(30);

    /** From nova-compute's word to libvirt's event, or from the end of the job to either. */
    private static final Duration LAST_WORD = Duration.ofSeconds(2);

    private final DomainJobs jobs;
    private final PendingNovaMigration handover;
    private final OngoingMigration run;
    private final CostMeter cost;
    private final String vm;
    private JobStats last = new JobStats(Map.of());
    private boolean begun;
    private long switchDowntimeMillis = -1;
    private NovaMessage end;

    NovaSupervisor(DomainJobs jobs, PendingNovaMigration handover, OngoingMigration run, CostMeter cost) {
        this.jobs = jobs;
        this.handover = handover;
        this.run = run;
        this.cost = cost;
        this.vm = run.vm().name();
    }

    /**
     * Waits for the end.
     *
     * @return the last figures; status completed, cancelled or failed
     * @throws IOException when nobody tells how it ended
     */
    MigrationInfo watch() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + BEGIN.toNanos();
        long nextLook = System.nanoTime();
        while (true) {
            Signal signal = handover.next(Duration.ofNanos(nextLook - System.nanoTime()));
            if (signal instanceof FromLibvirt libvirt && libvirt.event() instanceof JobEvent.Iteration) {
                nextLook = System.nanoTime();
            }
            if (signal instanceof FromLibvirt libvirt
                    && libvirt.event() instanceof JobEvent.Completed completed
                    && completed.stats().migrationOut()) {
                return ended(completed.stats());
            }
            if (signal instanceof FromLibvirt libvirt && libvirt.event() instanceof JobEvent.Postcopy) {
                switched();
            }
            if (signal instanceof FromNova nova && nova.message().message().isEnd() && end == null) {
                end = nova.message();
                if (end.message() == NovaMessage.Kind.REFUSED) {
                    throw new IOException("libvirt refused it, Nova goes on with its own flags: " + end.words());
                }
                deadline = System.nanoTime() + LAST_WORD.toNanos();
            }
            if (signal instanceof PendingNovaMigration.Wake) {
                cancelIfWanted();
            }
            if (System.nanoTime() >= nextLook) {
                nextLook = System.nanoTime() + PROGRESS_EVERY.toNanos();
                if (look()) {
                    deadline = Math.max(deadline, System.nanoTime() + LAST_WORD.toNanos());
                }
            }
            if (System.nanoTime() >= deadline) {
                return byNovasWord();
            }
        }
    }

    /** Looks at the job; tells whether there is one. */
    private boolean look() {
        Optional<JobStats> stats;
        try {
            stats = jobs.stats(vm);
        } catch (LibvirtException e) {
            LOG.debug("No figures of VM {}", vm, e);
            return false;
        }
        if (stats.isPresent()) {
            begun = true;
            last = stats.get();
            cost.sample();
            run.progress(MigrationInfo.of(last, "active", null));
        }
        return stats.isPresent();
    }

    private void switched() {
        run.mayStartPostcopy();
        look();
        // QEMU 10.0 counts again at the end where it had counted less than 1 ms, and then says the whole time.
        switchDowntimeMillis = last.downtimeMillis();
        run.inPostcopy();
    }

    private MigrationInfo ended(JobStats stats) {
        cost.sample();
        String status = stats.success() ? "completed" : run.cancelWanted() || aborted() ? "cancelled" : "failed";
        // libvirt forgets the figures of a job that did not go well.
        boolean told = stats.progress().elapsedMillis() > 0;
        MigrationInfo info = MigrationInfo.of(told ? stats : last, status, stats.success() ? null : stats.error());
        run.progress(info);
        return switchDowntimeMillis >= 0 ? info.withDowntime(switchDowntimeMillis) : info;
    }

    private boolean aborted() {
        return end != null && end.message() == NovaMessage.Kind.ABORTED;
    }

    private MigrationInfo byNovasWord() throws IOException {
        if (end == null) {
            throw new IOException(
                    begun
                            ? "Neither libvirt nor nova-compute tells how the migration ended."
                            : "Nova asked for it but did not begin within %d s.".formatted(BEGIN.toSeconds()));
        }
        String status = switch (end.message()) {
            case COMPLETED -> "completed";
            case ABORTED -> "cancelled";
            default -> "failed";
        };
        boolean untold = status.equals("completed");
        if (untold) {
            run.note("libvirt has not told what the migration took");
        }
        MigrationInfo info = MigrationInfo.of(untold ? new JobStats(Map.of()) : last, status, end.words());
        return switchDowntimeMillis >= 0 ? info.withDowntime(switchDowntimeMillis) : info;
    }

    private void cancelIfWanted() {
        if (run.cancelWanted()) {
            try {
                jobs.abort(vm);
            } catch (LibvirtException e) {
                LOG.info("Migration {} of VM {} is not cancelled: {}", run.id(), vm, e.getMessage());
            }
        }
    }
}
