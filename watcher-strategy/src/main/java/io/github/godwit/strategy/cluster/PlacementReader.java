package io.github.godwit.strategy.cluster;

import io.github.godwit.nova.Nova;
import io.github.godwit.nova.Nova.Hypervisor;
import io.github.godwit.nova.OpenStackException;
import io.github.godwit.nova.Placement;
import io.github.godwit.nova.Placement.ResourceProvider;
import io.github.godwit.strategy.cluster.PlacementRoom.Room;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Reads what Placement has left on Nova's hosts, many at once. */
final class PlacementReader {

    /** For all hosts together. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Nova nova;
    private final Placement placement;

    PlacementReader(Nova nova, Placement placement) {
        this.nova = nova;
        this.placement = placement;
    }

    /**
     * @throws OpenStackException when Nova or Placement does not answer
     * @throws ServiceRefusal            when Placement takes too long
     */
    PlacementRoom read() throws InterruptedException {
        List<Hypervisor> hypervisors = nova.hypervisors();
        List<Callable<Optional<ResourceProvider>>> questions = new ArrayList<>();
        hypervisors.forEach(each -> questions.add(() -> placement.findProvider(each.id())));
        List<Future<Optional<ResourceProvider>>> answers = ParallelCalls.ask("placement-reader", questions, LIMIT);
        Map<String, ResourceProvider> providers = new HashMap<>();
        for (int i = 0; i < answers.size(); i++) {
            String host = hypervisors.get(i).host();
            answer(answers.get(i)).ifPresent(provider -> providers.put(host, provider));
        }
        return room(providers);
    }

    private static Optional<ResourceProvider> answer(Future<Optional<ResourceProvider>> answer)
            throws InterruptedException {
        try {
            return answer.get();
        } catch (CancellationException e) {
            throw ServiceRefusal.unavailable(
                    "Placement has not told of all hosts within %d s.".formatted(LIMIT.toSeconds()));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof OpenStackException failure
                    ? failure
                    : new IllegalStateException("Placement cannot be read.", e.getCause());
        }
    }

    /** What is left, by what there is on each host and who has been given it. */
    static PlacementRoom room(Map<String, ResourceProvider> providers) {
        Map<String, Map<String, Room>> hosts = new HashMap<>();
        Map<String, Map<String, Long>> needs = new HashMap<>();
        providers.forEach((host, provider) -> {
            Map<String, Room> rooms = new HashMap<>();
            provider.inventories().forEach((resource, inventory) -> {
                long given = provider.allocations().values().stream()
                        .mapToLong(each -> each.getOrDefault(resource, 0L))
                        .sum();
                rooms.put(resource, new Room(inventory.capacity() - given, inventory.maxUnit()));
            });
            hosts.put(host, Map.copyOf(rooms));
            needs.putAll(provider.allocations());
        });
        return new PlacementRoom(hosts, needs);
    }
}
