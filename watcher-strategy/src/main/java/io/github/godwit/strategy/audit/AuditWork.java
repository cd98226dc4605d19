package io.github.godwit.strategy.audit;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.strategy.common.InterruptWhen;
import io.github.godwit.strategy.objects.PlanDraft;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the questions of audits on a few threads of its own. A question that waits for its next sample has none, so that any number of them
 * may sample at once. Thread-safe.
 */
public final class AuditWork implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AuditWork.class);

    /** Each reads the cluster or decides, and needs the memory for that. */
    private static final int THREADS = 12;

    private static final int MOST_WAITING = 100_000;

    private final AuditEngine engine;
    private final ScheduledExecutorService clock = DaemonThreads.scheduled("audit-clock");
    private final ExecutorService threads = DaemonThreads.bounded("audit", THREADS, MOST_WAITING);

    /** Answers with this engine. */
    public AuditWork(AuditEngine engine) {
        this.engine = engine;
    }

    /**
     * Begins to answer a question. This takes as long as the strategy samples the load, and seconds more for each VM that is profiled.
     *
     * @param wanted whether the answer still is wanted; asked from time to time. If it is not, the work ends with
     *               {@link InterruptedException}
     * @return the action plan, or what the engine throws
     */
    public CompletableFuture<PlanDraft> begin(AuditQuestion question, BooleanSupplier wanted) {
        Answer answer = new Answer(wanted);
        answer.next(() -> {
            answer.prepared = engine.prepare(question);
            answer.sample();
        });
        return answer.draft;
    }

    /** A part of the work. */
    @FunctionalInterface
    private interface Part {
        void run() throws InterruptedException;
    }

    /** One question; its parts follow each other, each on some thread. */
    private final class Answer {
        private final BooleanSupplier wanted;
        private final CompletableFuture<PlanDraft> draft = new CompletableFuture<>();
        private PreparedAudit prepared;

        Answer(BooleanSupplier wanted) {
            this.wanted = wanted;
        }

        private void next(Part part) {
            try {
                threads.execute(() -> run(part));
            } catch (RejectedExecutionException e) {
                LOG.debug("This instance is stopping", e);
                draft.completeExceptionally(new InterruptedException());
            }
        }

        @SuppressWarnings("try") // it polls until the end of the block
        private void run(Part part) {
            try (InterruptWhen unwanted = InterruptWhen.becomes(() -> !wanted.getAsBoolean())) {
                part.run();
            } catch (InterruptedException | RuntimeException e) {
                draft.completeExceptionally(e);
            }
        }

        private void sample() throws InterruptedException {
            if (!wanted.getAsBoolean()) {
                throw new InterruptedException();
            }
            Optional<Duration> pause = prepared.sample();
            if (pause.isPresent()) {
                var unused =
                        clock.schedule(() -> next(this::sample), pause.get().toNanos(), TimeUnit.NANOSECONDS);
            } else {
                draft.complete(prepared.decide());
            }
        }
    }

    /** Stops all work; what was begun is not answered any more. */
    @Override
    public void close() {
        clock.shutdownNow();
        threads.shutdownNow();
    }
}
