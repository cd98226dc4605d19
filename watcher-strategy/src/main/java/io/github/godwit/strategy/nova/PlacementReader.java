package io.github.godwit.strategy.nova;

import io.github.godwit.nova.Nova;
import io.github.godwit.nova.Nova.Hypervisor;
import io.github.godwit.nova.OpenStackException;
import io.github.godwit.nova.Placement;
import io.github.godwit.nova.Placement.ResourceProvider;
import io.github.godwit.strategy.cluster.PlacementRoom;
import io.github.godwit.strategy.cluster.PlacementRoom.Room;
import io.github.godwit.strategy.common.ParallelCalls;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Reads the capacity that Placement has left on Nova's hosts, in parallel. */
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
     * Reads the remaining capacity of all hosts and the allocations of all VMs.
     *
     * @throws OpenStackException   if Nova or Placement does not answer
     * @throws ServiceRefusal       if Placement takes too long
     * @throws InterruptedException if the thread is interrupted
     */
    PlacementRoom read() throws InterruptedException {
        Map<String, ResourceProvider> byHost = new HashMap<>();
        providers().forEach((hypervisor, provider) -> byHost.put(hypervisor.host(), provider));
        return room(byHost);
    }

    /**
     * Reads the resource providers of all hypervisors. One that Placement does not have is missing.
     *
     * @throws OpenStackException   if Nova or Placement does not answer
     * @throws ServiceRefusal       if Placement takes too long
     * @throws InterruptedException if the thread is interrupted
     */
    Map<Hypervisor, ResourceProvider> providers() throws InterruptedException {
        List<Hypervisor> hypervisors = nova.hypervisors();
        List<Callable<Optional<ResourceProvider>>> calls = new ArrayList<>();
        hypervisors.forEach(each -> calls.add(() -> placement.findProvider(each.id())));
        List<Future<Optional<ResourceProvider>>> answers = ParallelCalls.run("placement-reader", calls, LIMIT);
        Map<Hypervisor, ResourceProvider> providers = new LinkedHashMap<>();
        for (int i = 0; i < answers.size(); i++) {
            Hypervisor hypervisor = hypervisors.get(i);
            answer(answers.get(i)).ifPresent(provider -> providers.put(hypervisor, provider));
        }
        return providers;
    }

    private static Optional<ResourceProvider> answer(Future<Optional<ResourceProvider>> answer)
            throws InterruptedException {
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

    /** Computes the remaining capacity from the inventories and allocations of each host. */
    static PlacementRoom room(Map<String, ResourceProvider> providers) {
        Map<String, Map<String, Room>> hosts = new HashMap<>();
        Map<String, Map<String, Long>> needs = new HashMap<>();
        providers.forEach((host, provider) -> {
            Map<String, Room> rooms = new HashMap<>();
            provider.inventories().forEach((resource, inventory) -> {
                long allocated = provider.allocations().values().stream()
                        .mapToLong(each -> each.getOrDefault(resource, 0L))
                        .sum();
                rooms.put(resource, new Room(inventory.capacity() - allocated, inventory.maxUnit()));
            });
            hosts.put(host, Map.copyOf(rooms));
            needs.putAll(provider.allocations());
        });
        return new PlacementRoom(hosts, needs);
    }
}
