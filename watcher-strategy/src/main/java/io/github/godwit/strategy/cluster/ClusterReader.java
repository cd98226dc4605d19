package io.github.godwit.strategy.cluster;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.strategy.common.ParallelCalls;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the cluster from all host drivers in parallel. A host driver that does not answer becomes an {@link Omission}. */
public final class ClusterReader implements ClusterSource {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterReader.class);

    private final List<HostDriverClient> drivers;
    private final Duration limit;

    /**
     * @param drivers the host drivers
     * @param limit   maximum time for all of them together
     */
    public ClusterReader(List<HostDriverClient> drivers, Duration limit) {
        this.drivers = List.copyOf(drivers);
        this.limit = limit;
    }

    private record Answer(ClusterHost host, List<VmStatus> vms) {}

    @Override
    public ClusterModel read() throws InterruptedException {
        ClusterMerge merge = new ClusterMerge();
        List<Callable<Answer>> calls = drivers.stream()
                .map(driver ->
                        (Callable<Answer>) () -> new Answer(new ClusterHost(driver.url(), driver.host()), driver.vms()))
                .toList();
        List<Future<Answer>> answers = ParallelCalls.run("cluster-reader", calls, limit);
        for (int i = 0; i < drivers.size(); i++) {
            take(answers.get(i), drivers.get(i), merge);
        }
        return merge.merged();
    }

    private void take(Future<Answer> answer, HostDriverClient driver, ClusterMerge merge) throws InterruptedException {
        try {
            merge.add(answer.get().host(), answer.get().vms());
        } catch (CancellationException e) {
            merge.omit(driver.url(), "It did not answer within %d s.".formatted(limit.toSeconds()));
        } catch (ExecutionException e) {
            LOG.debug("{} is left out.", driver.url(), e.getCause());
            boolean explained =
                    e.getCause() instanceof HostDriverException || e.getCause() instanceof IllegalArgumentException;
            merge.omit(driver.url(), explained ? e.getCause().getMessage() : "It failed: " + e.getCause());
        }
    }
}
