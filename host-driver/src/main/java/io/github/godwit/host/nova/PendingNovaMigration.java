package io.github.godwit.host.nova;

import io.github.godwit.host.libvirt.JobEvent;
import io.github.godwit.host.metrics.AdviceKind;
import io.github.godwit.host.migrate.rate.ReservationWish;
import io.github.godwit.model.technique.Technique;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Passes signals to the thread of one migration, and its advice to the thread that answers nova-compute. */
final class PendingNovaMigration {

    /** A signal to the migration's thread. */
    sealed interface Signal {}

    /**
     * nova-compute sent a message.
     *
     * @param message the message
     * @param reply   the answer, where nova-compute waits for one; completed by the migration's thread
     */
    record FromNova(NovaMessage message, CompletableFuture<Optional<MigrationAdvice>> reply) implements Signal {
        /** A message that needs no answer. */
        FromNova(NovaMessage message) {
            this(message, new CompletableFuture<>());
        }
    }

    /** libvirt sent an event. */
    record FromLibvirt(JobEvent event) implements Signal {}

    /** The caller of the migration wants it cancelled. */
    record Wake() implements Signal {}

    /**
     * The constraints of the migration.
     *
     * @param excluded    techniques that must not be used
     * @param reservation what to reserve
     * @param copiesDisks whether Nova may have libvirt copy the VM's local disks
     * @param patience    how long profiling the VM may take before the decision
     * @param usual       the technique of Nova's flags, or empty for a planned migration; where the VM's profile is incomplete, the
     *                    chosen technique must be certainly better than this one
     */
    record Wishes(
            Set<Technique> excluded,
            ReservationWish reservation,
            boolean copiesDisks,
            Duration patience,
            Optional<Technique> usual) {}

    /**
     * The answer to nova-compute's question.
     *
     * @param advice the answer
     * @param kind   how it came about
     */
    record Answer(MigrationAdvice advice, AdviceKind kind) {

        /** Nova's own flags, because that was decided. */
        static Answer own(String reason) {
            return new Answer(MigrationAdvice.own(reason), AdviceKind.OWN);
        }

        /** Nova's own flags, because something failed. */
        static Answer failed(String reason) {
            return new Answer(MigrationAdvice.own(reason), AdviceKind.ERROR);
        }
    }

    private final Wishes wishes;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private volatile long answerBy;
    private volatile String postcopyReason;

    PendingNovaMigration(Wishes wishes) {
        this.wishes = wishes;
    }

    Wishes wishes() {
        return wishes;
    }

    /**
     * Has nova-compute switch the migration to post-copy.
     *
     * @param reason why, as a sentence; null if it need not any more
     */
    void startPostcopy(String reason) {
        postcopyReason = reason;
    }

    /** Why nova-compute is to switch the migration to post-copy; empty if it is not. */
    Optional<String> postcopyReason() {
        return Optional.ofNullable(postcopyReason);
    }

    /** Sends a signal to the migration's thread. */
    void tell(Signal signal) {
        signals.add(signal);
    }

    /** Waits for the next signal; null when none came within the timeout. A negative timeout does not wait. */
    Signal next(Duration timeout) throws InterruptedException {
        return signals.poll(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
    }

    /**
     * Asks the migration's thread how to migrate.
     *
     * @param question nova-compute's message
     * @param timeout  how long nova-compute waits; after it, the answer is Nova's flags and stays so
     */
    Answer ask(NovaMessage question, Duration timeout) {
        answerBy = System.nanoTime() + timeout.toNanos();
        tell(new FromNova(question));
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            Answer late = new Answer(
                    MigrationAdvice.own(
                            "No decision within %d ms: the VM is still being profiled.".formatted(timeout.toMillis())),
                    AdviceKind.LATE);
            return answer(late) ? late : answer.join();
        } catch (ExecutionException e) {
            return Answer.failed(String.valueOf(e.getCause().getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.failed("The host driver is stopping.");
        }
    }

    /**
     * Tells the migration's thread that libvirt did not carry out its advice, and waits until it has put everything back.
     *
     * @param timeout how long nova-compute waits
     * @return withdraws, where nova-compute must not continue with Nova's own flags; otherwise empty
     */
    Optional<MigrationAdvice> refused(NovaMessage refusal, Duration timeout) {
        CompletableFuture<Optional<MigrationAdvice>> reply = new CompletableFuture<>();
        tell(new FromNova(refusal, reply));
        try {
            return reply.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** How much longer nova-compute waits for the answer; zero before it has asked and after it was answered. */
    Duration timeLeft() {
        return answerBy == 0 || isAnswered()
                ? Duration.ZERO
                : Duration.ofNanos(Math.max(0, answerBy - System.nanoTime()));
    }

    /** Whether nova-compute has been answered. */
    boolean isAnswered() {
        return answer.isDone();
    }

    /** Answers nova-compute; false when it was answered before. */
    boolean answer(Answer given) {
        return answer.complete(given);
    }
}
