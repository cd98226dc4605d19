package io.github.godwit.strategy.nova;

import io.github.godwit.nova.Nova;
import io.github.godwit.nova.Nova.Server;
import io.github.godwit.nova.Nova.ServerGroup;
import io.github.godwit.nova.NovaHosts.ComputeService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What Nova knows about hosts and servers.
 *
 * @param services   the nova-compute of each host, one for each
 * @param repeated   further services of hosts that have one among {@code services}
 * @param servers    the servers in cells that answer
 * @param unreadable UUIDs of servers whose cells do not answer, as far as Nova lists them
 * @param groups     server groups
 */
record NovaState(
        List<ComputeService> services,
        List<ComputeService> repeated,
        List<Server> servers,
        Set<String> unreadable,
        List<ServerGroup> groups) {

    /**
     * A host that has been in another cell has a service there too, which nobody starts any more. Among two that are up, the one that is
     * disabled counts, which is on the safe side.
     */
    private static final Comparator<ComputeService> BETTER = Comparator.comparing(ComputeService::inDownCell)
            .thenComparing(service -> !service.up())
            .thenComparing(ComputeService::enabled);

    /** Copies the collections. */
    NovaState {
        services = List.copyOf(services);
        repeated = List.copyOf(repeated);
        servers = List.copyOf(servers);
        unreadable = Set.copyOf(unreadable);
        groups = List.copyOf(groups);
    }

    /** Reads the state. */
    static NovaState read(Nova nova) {
        List<ComputeService> all = nova.hosts().services();
        boolean down = all.stream().anyMatch(ComputeService::inDownCell);
        return of(all, nova.servers(), down ? Set.copyOf(nova.serversInDownCells()) : Set.of(), nova.groups());
    }

    /** Returns the state with one service for each host. */
    static NovaState of(
            List<ComputeService> all, List<Server> servers, Set<String> unreadable, List<ServerGroup> groups) {
        Map<String, ComputeService> best = new LinkedHashMap<>();
        for (ComputeService service : all) {
            best.merge(service.host(), service, (one, other) -> BETTER.compare(other, one) < 0 ? other : one);
        }
        List<ComputeService> repeated = new ArrayList<>(all);
        best.values().forEach(repeated::remove);
        return new NovaState(List.copyOf(best.values()), repeated, servers, unreadable, groups);
    }

    /** Returns whether a cell does not answer, so that servers may be missing. */
    boolean incomplete() {
        return Stream.concat(services.stream(), repeated.stream()).anyMatch(ComputeService::inDownCell);
    }
}
