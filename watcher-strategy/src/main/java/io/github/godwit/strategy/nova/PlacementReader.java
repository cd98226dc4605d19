package io.github.godwit.strategy.nova;

import io.github.godwit.nova.OpenStackException;
import io.github.godwit.nova.Placement;
import io.github.godwit.nova.Placement.NamedProvider;
import io.github.godwit.nova.Placement.ResourceProvider;
import io.github.godwit.strategy.common.ParallelCalls;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Reads the resource providers of hypervisors from Placement, in parallel. */
final class PlacementReader {

    /** For all requests of a kind together. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Placement placement;

    PlacementReader(Placement placement) {
        this.placement = placement;
    }

    /**
     * Reads the trees of resource providers whose roots are hypervisors.
     *
     * @param hypervisors UUIDs of the hypervisors
     * @param traits      the traits that are of interest
     * @throws OpenStackException   if Placement does not answer
     * @throws ServiceRefusal       if Placement takes too long
     * @throws InterruptedException if the thread is interrupted
     */
    ProviderTrees read(Collection<String> hypervisors, Set<String> traits) throws InterruptedException {
        if (hypervisors.isEmpty()) {
            return ProviderTrees.NONE;
        }
        List<NamedProvider> all = placement.providers();
        Set<String> wanted = Set.copyOf(hypervisors);
        List<NamedProvider> parts =
                all.stream().filter(each -> wanted.contains(each.root())).toList();
        Map<NamedProvider, ResourceProvider> found = new LinkedHashMap<>();
        answers(parts, part -> placement.findProvider(part.id()))
                .forEach((part, answer) -> answer.ifPresent(provider -> found.put(part, provider)));
        return ProviderTrees.of(all, found, answers(List.copyOf(traits), placement::providersWith));
    }

    private interface Request<Q, A> {
        A send(Q question);
    }

    private static <Q, A> Map<Q, A> answers(List<Q> questions, Request<Q, A> request) throws InterruptedException {
        List<Callable<A>> calls = new ArrayList<>();
        questions.forEach(each -> calls.add(() -> request.send(each)));
        List<Future<A>> answers = ParallelCalls.run("placement-reader", calls, LIMIT);
        Map<Q, A> all = new HashMap<>();
        for (int i = 0; i < answers.size(); i++) {
            all.put(questions.get(i), answer(answers.get(i)));
        }
        return all;
    }

    private static <A> A answer(Future<A> answer) throws InterruptedException {
        try {
            return answer.get();
        } catch (CancellationException e) {
            throw ServiceRefusal.unavailable(
                    "Placement did not answer for all hosts within %d s.".formatted(LIMIT.toSeconds()));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof OpenStackException failure
                    ? failure
                    : new IllegalStateException("Placement cannot be read.", e.getCause());
        }
    }
}
