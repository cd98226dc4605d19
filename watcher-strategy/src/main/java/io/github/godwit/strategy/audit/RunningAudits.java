package io.github.godwit.strategy.audit;

import io.github.godwit.strategy.audit.AuditRun.Begin;
import io.github.godwit.strategy.audit.AuditRun.Result;
import io.github.godwit.strategy.audit.AuditRun.Run;
import io.github.godwit.strategy.objects.PlanDraft;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audits that run on this instance. Which instance runs an audit is stored with it. As long as that instance reports itself, nobody else
 * runs the audit. Thread-safe.
 */
public final class RunningAudits implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunningAudits.class);

    private final AuditRun audits;
    private final AuditWork work;
    private final Map<UUID, Running> running = new ConcurrentHashMap<>();
    private volatile BiConsumer<UUID, Result> ended = (audit, result) -> {};
    private volatile boolean closed;

    /** @param counts whether nothing has ended it yet */
    private record Running(Run run, AtomicBoolean counts) {}

    /**
     * @param audits begins and ends runs in the database
     * @param work   computes the action plans
     */
    public RunningAudits(AuditRun audits, AuditWork work) {
        this.audits = audits;
        this.work = work;
    }

    /** Sets what is called after the end of a run was stored, on the thread that stored it. */
    public void endBy(BiConsumer<UUID, Result> listener) {
        ended = listener;
    }

    /**
     * What follows for an audit.
     *
     * @param look when it is due again at the latest, or nothing if it is not any more
     * @param go   begins the work, if a run has begun; to be called once, after the time of the next look was noted
     */
    public record Start(Optional<Instant> look, Runnable go) {}

    /** Begins a run of an audit if that is due, and nobody runs it. */
    public Start begin(UUID audit) {
        Running earlier = running.get(audit);
        Begin begin = audits.begin(audit, earlier != null);
        if (begin.run().isEmpty()) {
            return new Start(begin.look(), () -> {});
        }
        if (earlier != null) { // a client has suspended and resumed it meanwhile
            earlier.counts().set(false);
        }
        Running now = new Running(begin.run().get(), new AtomicBoolean(true));
        running.put(audit, now);
        return new Start(begin.look(), () -> go(now));
    }

    private void go(Running now) {
        Run run = now.run();
        var unused = work.begin(run.question(), () -> counts(now)).handle((draft, failure) -> {
            end(now, draft, failure);
            return null;
        });
    }

    private boolean counts(Running now) {
        try {
            return !closed && now.counts().get() && audits.counts(now.run());
        } catch (RuntimeException e) {
            LOG.debug("The audit cannot be read now", e);
            return true;
        }
    }

    private void end(Running now, PlanDraft draft, Throwable failure) {
        UUID audit = now.run().audit().uuid();
        Result result = Result.DROPPED;
        try {
            if (!closed && now.counts().getAndSet(false)) {
                result = stored(now.run(), draft, failure);
            }
        } catch (RuntimeException e) {
            LOG.warn("The result of audit {} could not be stored. It runs again.", audit, e);
        } finally {
            running.remove(audit, now);
        }
        ended.accept(audit, result);
    }

    private Result stored(Run run, PlanDraft draft, Throwable failure) {
        Throwable why = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (why instanceof InterruptedException) {
            LOG.info("Audit {} was cancelled.", run.audit().name());
            return Result.DROPPED;
        }
        if (why instanceof RuntimeException reason) {
            return audits.failed(run, reason);
        }
        try {
            return audits.stored(run, draft);
        } catch (RuntimeException e) {
            return audits.failed(run, e);
        }
    }

    /** The audits that run here. */
    public Set<UUID> here() {
        return Set.copyOf(running.keySet());
    }

    /** Ends the runs, and leaves the audits to other instances, or to this one when it is started again. */
    @Override
    public void close() {
        closed = true;
        work.close();
        try {
            audits.release();
        } catch (RuntimeException e) {
            LOG.warn("The audits of this instance are not released; they run again when it counts as dead", e);
        }
    }
}
