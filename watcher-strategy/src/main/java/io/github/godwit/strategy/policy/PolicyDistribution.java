package io.github.godwit.strategy.policy;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.strategy.cluster.Cloud;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the policy set to the host drivers as soon as an operator has changed it, and once a minute to those that lack it, for example since
 * they were down. A snapshot of the cluster and an order to a host driver do the same, for the host drivers that they ask anyway.
 */
public final class PolicyDistribution implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PolicyDistribution.class);
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final Cloud cloud;
    private final ScheduledExecutorService thread = DaemonThreads.scheduled("policies");

    /** Hands out to the host drivers of this cloud. */
    public PolicyDistribution(Cloud cloud) {
        this.cloud = cloud;
    }

    /** Starts to look for host drivers that lack the set. */
    public void start() {
        var unused = thread.scheduleWithFixedDelay(this::handOut, 0, EVERY.toSeconds(), TimeUnit.SECONDS);
    }

    /** Hands out now, on another thread: a policy or a rule was changed. */
    public void changed() {
        try {
            thread.execute(this::handOut);
        } catch (RejectedExecutionException e) {
            LOG.debug("This instance is stopping; another one hands out the policies", e);
        }
    }

    private void handOut() {
        try {
            cloud.handOutPolicies();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("The policies could not be handed out; this is tried again: {}", e.toString());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
