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

/** Where the thread of one migration meets those that speak with nova-compute and libvirt. */
final class PendingNovaMigration {

    /** What reaches the migration's thread. */
    sealed interface Signal {}

    /** nova-compute has said something. */
    record FromNova(NovaMessage message) implements Signal {}

    /** libvirt has. */
    record FromLibvirt(JobEvent event) implements Signal {}

    /** Somebody wants the migration to look at what has changed. */
    record Wake() implements Signal {}

    /**
     * What is wanted of it.
     *
     * @param excluded    techniques that are not to be used
     * @param reservation how much bandwidth to keep on a link
     * @param patience    how long profiling the VM may take before it is decided
     * @param usual       what Nova's own flags amount to, where nobody has planned the migration; a VM that is known in part must
     *                    be better off than by that
     */
    record Wishes(
            Set<Technique> excluded,
            Function<LinkProfile, Optional<Bandwidth>> reservation,
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

    /** Tells the migration's thread something. */
    void tell(Signal signal) {
        signals.add(signal);
    }

    /** The next signal, or null when none came in time. */
    Signal next(Duration timeout) throws InterruptedException {
        return signals.poll(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
    }

    /**
     * Asks how to migrate.
     *
     * @param timeout how long nova-compute waits; after it the answer is its own flags, for good
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

    /** What is left of the time that nova-compute waits for an answer; zero before it has asked and after it was answered. */
    Duration timeLeft() {
        return answerBy == 0 || answer.isDone()
                ? Duration.ZERO
                : Duration.ofNanos(Math.max(0, answerBy - System.nanoTime()));
    }

    /** Answers; tells whether this is the answer that nova-compute gets. */
    boolean answer(MigrationAdvice given) {
        return answer.complete(given);
    }
}
