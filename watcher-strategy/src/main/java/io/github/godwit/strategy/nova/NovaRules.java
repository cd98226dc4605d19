package io.github.godwit.strategy.nova;

import io.github.godwit.nova.Nova.Aggregate;
import io.github.godwit.nova.Nova.ComputeService;
import io.github.godwit.nova.Nova.Hypervisor;
import io.github.godwit.nova.Nova.Server;
import io.github.godwit.nova.Nova.ServerGroup;
import io.github.godwit.nova.Nova.Zone;
import io.github.godwit.nova.Placement.ResourceProvider;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.ClusterRules;
import io.github.godwit.strategy.cluster.ClusterRules.IdleServer;
import io.github.godwit.strategy.cluster.ClusterRules.Zones;
import io.github.godwit.strategy.cluster.NovaFacts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Derives the rules for migrations from Nova's answers. VMs are named by the UUIDs of their servers, as host drivers do with Nova. */
final class NovaRules {

    private static final String APART = "anti-affinity";
    private static final String ACTIVE = "ACTIVE";
    private static final long GIB = 1L << 30;

    private NovaRules() {}

    /**
     * Returns the rules. Hosts that are disabled or down receive no VMs. Servers of an anti-affinity group are kept apart. Servers that
     * are locked, not ACTIVE, being changed, in an affinity group with other servers, or whose flavor rules out live migration are
     * pinned. Servers stay in the availability zone that they are pinned to, or in their own if Nova does not report that.
     */
    static ClusterRules of(List<ComputeService> services, List<Server> servers, List<ServerGroup> groups) {
        Set<String> known = servers.stream().map(Server::id).collect(Collectors.toSet());
        Set<String> closed = services.stream()
                .filter(service -> !service.enabled() || !service.up())
                .map(ComputeService::host)
                .collect(Collectors.toSet());
        List<Set<String>> apart = groups.stream()
                .filter(group -> APART.equals(group.policy()))
                .map(group -> members(group, known))
                .filter(members -> members.size() > 1)
                .toList();
        ClusterRules rules = new ClusterRules(Set.of(), closed, apart).withZones(zones(services, servers));
        for (Server server : servers) {
            Optional<String> reason = pinnedBecause(server);
            if (reason.isPresent()) {
                rules = rules.withPinned(Set.of(server.id()), reason.get());
            }
        }
        for (ServerGroup group : groups) {
            Set<String> members = members(group, known);
            if ("affinity".equals(group.policy()) && members.size() > 1) {
                rules = rules.withPinned(members, "in an affinity group with other servers");
            }
        }
        return rules;
    }

    private static Optional<String> pinnedBecause(Server server) {
        if (server.task() != null) {
            return Optional.of("being changed by Nova (task_state %s)".formatted(server.task()));
        } else if (!ACTIVE.equals(server.status())) {
            return Optional.of("%s in Nova".formatted(server.status()));
        } else if (server.locked()) {
            return Optional.of("locked");
        }
        return FlavorLimits.obstacle(server.flavor().extraSpecs())
                .map(spec -> "pinned by its flavor (%s rules out live migration)".formatted(spec));
    }

    private static Zones zones(List<ComputeService> services, List<Server> servers) {
        Map<String, String> ofVms = new HashMap<>();
        boolean unsure = false;
        for (Server server : servers) {
            Zone zone = server.zone();
            String stays = zone.reported() ? zone.pinned() : zone.current();
            if (stays != null) {
                ofVms.put(server.id(), stays);
            }
            unsure |= !zone.reported();
        }
        return new Zones(zonesOfHosts(services), ofVms, unsure);
    }

    private static Map<String, String> zonesOfHosts(List<ComputeService> services) {
        return services.stream().collect(Collectors.toMap(ComputeService::host, ComputeService::zone));
    }

    /** Returns the servers that Nova has on a host of the cluster and that no host driver reports. */
    static List<IdleServer> idle(List<Server> servers, ClusterModel cluster) {
        return servers.stream()
                .filter(server ->
                        server.host() != null && cluster.findHost(server.host()).isPresent())
                .filter(server -> cluster.findVm(server.id()).isEmpty())
                .map(server -> new IdleServer(server.id(), server.name(), server.host(), server.status()))
                .toList();
    }

    /** Returns what a scope can refer to. */
    static NovaFacts facts(List<ComputeService> services, List<Server> servers, List<Aggregate> aggregates) {
        return new NovaFacts(
                zonesOfHosts(services),
                aggregates.stream()
                        .map(each -> new NovaFacts.Aggregate(each.id(), each.name(), Set.copyOf(each.hosts())))
                        .toList(),
                servers.stream()
                        .collect(Collectors.toMap(
                                Server::id,
                                each -> new NovaFacts.Server(
                                        each.id(),
                                        each.project(),
                                        each.metadata(),
                                        each.flavor().extraSpecs(),
                                        details(each)))));
    }

    private static NovaFacts.Details details(Server server) {
        return new NovaFacts.Details(
                server.name(),
                server.status(),
                server.task(),
                server.locked(),
                server.zone().pinned(),
                server.flavor().vcpus(),
                server.flavor().memoryMebibytes(),
                (server.localDiskBytes() + GIB - 1) / GIB);
    }

    /** Returns the hosts with a nova-compute, by name. One that Placement does not have yet has no inventories. */
    static Map<String, NovaFacts.Host> hosts(
            List<ComputeService> services, Map<Hypervisor, ResourceProvider> providers) {
        Map<String, NovaFacts.Host> hosts = new HashMap<>();
        for (ComputeService service : services) {
            Optional<Map.Entry<Hypervisor, ResourceProvider>> found = providers.entrySet().stream()
                    .filter(each -> each.getKey().host().equals(service.host()))
                    .findFirst();
            hosts.put(
                    service.host(),
                    new NovaFacts.Host(
                            found.map(each -> each.getKey().id()).orElse(service.host()),
                            service.enabled(),
                            service.disabledReason(),
                            service.up(),
                            found.map(each -> inventories(each.getValue())).orElse(Map.of())));
        }
        return hosts;
    }

    private static Map<String, NovaFacts.Inventory> inventories(ResourceProvider provider) {
        return provider.inventories().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        each -> new NovaFacts.Inventory(
                                each.getValue().total(),
                                each.getValue().reserved(),
                                each.getValue().allocationRatio())));
    }

    /** Returns the members that exist; Nova also lists deleted members. */
    private static Set<String> members(ServerGroup group, Set<String> known) {
        return group.members().stream().filter(known::contains).collect(Collectors.toSet());
    }
}
