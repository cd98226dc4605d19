package io.github.godwit.strategy.audit;

import io.github.godwit.strategy.objects.PlanDraft;
import java.time.Duration;
import java.util.Optional;

/**
 * A question whose parameters have been checked. It is answered in parts, between which nothing has to wait on a thread: first as many
 * samples as it needs, then the decision. Not thread-safe.
 */
interface PreparedAudit {

    /**
     * Takes the next sample of the cluster, which takes seconds.
     *
     * @return the time until the next one, or nothing if there are enough
     * @throws InterruptedException if the thread is interrupted
     */
    Optional<Duration> sample() throws InterruptedException;

    /**
     * Computes the action plan from the samples, which takes seconds for each VM that is profiled.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    PlanDraft decide() throws InterruptedException;
}
