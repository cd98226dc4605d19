package io.github.godwit.strategy.cluster;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the cluster from its host drivers, all at once. An agent that does not answer becomes an {@link Omission}. */
public final class ClusterReader implements ClusterSource {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterReader.class);

    private final List<HostDriverClient> agents;
    private final Duration limit;

    /**
     * @param agents the host drivers to ask
     * @param limit  how long all of them together may take
     */
    public ClusterReader(List<HostDriverClient> agents, Duration limit) {
        this.agents = List.copyOf(agents);
        this.limit = limit;
    }

    private record Answer(ClusterHost host, List<VmStatus> vms) {}

    @Override
    public ClusterModel read() throws InterruptedException {
        ClusterMerge merge = new ClusterMerge();
        List<Callable<Answer>> questions = agents.stream()
                .map(agent ->
                        (Callable<Answer>) () -> new Answer(new ClusterHost(agent.url(), agent.host()), agent.vms()))
                .toList();
        List<Future<Answer>> answers = ParallelCalls.ask("cluster-reader", questions, limit);
        for (int i = 0; i < agents.size(); i++) {
            take(answers.get(i), agents.get(i), merge);
        }
        return merge.merged();
    }

    private void take(Future<Answer> answer, HostDriverClient agent, ClusterMerge merge) throws InterruptedException {
        try {
            merge.add(answer.get().host(), answer.get().vms());
        } catch (CancellationException e) {
            merge.omit(agent.url(), "It did not answer within %d s.".formatted(limit.toSeconds()));
        } catch (ExecutionException e) {
            LOG.debug("{} is left out.", agent.url(), e.getCause());
            boolean told =
                    e.getCause() instanceof HostDriverException || e.getCause() instanceof IllegalArgumentException;
            merge.omit(agent.url(), told ? e.getCause().getMessage() : "It failed: " + e.getCause());
        }
    }
}
