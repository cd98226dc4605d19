package io.github.godwit.host.nova;

import io.github.godwit.host.libvirt.JobEvent;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Passes signals to the thread of one migration, and its advice to the thread that answers nova-compute. */
final class PendingNovaMigration {

    /** A signal to the migration's thread. */
    sealed interface Signal {}

    /** nova-compute sent a message. */
    record FromNova(NovaMessage message) implements Signal {}

    /** libvirt sent an event. */
    record FromLibvirt(JobEvent event) implements Signal {}

    /** The caller of the migration wants it cancelled. */
    record Wake() implements Signal {}

    /**
     * The constraints of the migration.
     *
     * @param excluded    techniques that must not be used
     * @param reservation how much bandwidth to reserve on a link
     * @param copiesDisks whether Nova may have libvirt copy the VM's local disks
     * @param patience    how long profiling the VM may take before the decision
     * @param usual       the technique of Nova's flags, or empty for a planned migration; where the VM's profile is incomplete, the
     *                    chosen technique must be certainly better than this one
     */
    record Wishes(
            Set<Technique> excluded,
            Function<LinkProfile, Optional<Bandwidth>> reservation,
            boolean copiesDisks,
            Duration patience,
            Optional<Technique> usual) {}

    private final Wishes wishes;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final CompletableFuture<MigrationAdvice> answer = new CompletableFuture<>();
    private volatile long answerBy;

    PendingNovaMigration(Wishes wishes) {
        this.wishes = wishes;
    }

    Wishes wishes() {
        return wishes;
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
    MigrationAdvice ask(NovaMessage question, Duration timeout) {
        answerBy = System.nanoTime() + timeout.toNanos();
        tell(new FromNova(question));
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            MigrationAdvice late = MigrationAdvice.own(
                    "No decision within %d ms: the VM is still being profiled.".formatted(timeout.toMillis()));
            return answer(late) ? late : answer.join();
        } catch (ExecutionException e) {
            return MigrationAdvice.own(String.valueOf(e.getCause().getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return MigrationAdvice.own("The host driver is stopping.");
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
    boolean answer(MigrationAdvice given) {
        return answer.complete(given);
    }
}
