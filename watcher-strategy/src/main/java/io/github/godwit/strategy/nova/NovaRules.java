package io.github.godwit.strategy.nova;

import io.github.godwit.nova.Nova.Server;
import io.github.godwit.nova.Nova.ServerGroup;
import io.github.godwit.nova.Nova.Zone;
import io.github.godwit.nova.NovaHosts.Aggregate;
import io.github.godwit.nova.NovaHosts.ComputeService;
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
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Derives the rules for migrations from Nova's answers. VMs are named by the UUIDs of their servers, as host drivers do with Nova. */
final class NovaRules {

    private static final String APART = "anti-affinity";
    private static final String ACTIVE = "ACTIVE";
    private static final long GIB = 1L << 30;

    private NovaRules() {}

    /**
     * Returns the rules. Hosts that are disabled or down, or whose cell does not answer, receive no VMs. Servers of an anti-affinity group are
     * kept apart. Servers that are locked, not ACTIVE, being changed, in an affinity group with other servers, whose flavor rules out live
     * migration, or about which Nova does not report everything are pinned. Servers stay in the availability zone that they are pinned to, or
     * in their own if Nova does not report that.
     */
    static ClusterRules of(NovaState nova) {
        Set<String> closed = nova.services().stream()
                .filter(service -> !service.enabled() || !service.up())
                .map(ComputeService::host)
                .collect(Collectors.toSet());
        Predicate<String> exists = existing(nova);
        List<Set<String>> apart = nova.groups().stream()
                .filter(group -> APART.equals(group.policy()))
                .map(group -> members(group, exists))
                .filter(members -> members.size() > 1)
                .toList();
        return new ClusterRules(Set.of(), closed, apart)
                .withZones(zones(nova.services(), nova.servers()))
                .withPinned(pinned(nova, exists));
    }

    private static Map<String, String> pinned(NovaState nova, Predicate<String> exists) {
        Map<String, String> reasons = new HashMap<>();
        nova.unreadable().forEach(id -> reasons.put(id, "in a cell of Nova that does not answer"));
        for (Server server : nova.servers()) {
            pinnedBecause(server).ifPresent(reason -> reasons.put(server.id(), reason));
        }
        for (ServerGroup group : nova.groups()) {
            Set<String> members = members(group, exists);
            if ("affinity".equals(group.policy()) && members.size() > 1) {
                members.forEach(member -> reasons.putIfAbsent(member, "in an affinity group with other servers"));
            }
        }
        return reasons;
    }

    /** Nova also lists deleted members of groups. Without an answer of all cells nobody knows which are. */
    private static Predicate<String> existing(NovaState nova) {
        if (nova.incomplete()) {
            return member -> true;
        }
        Set<String> known = nova.servers().stream().map(Server::id).collect(Collectors.toSet());
        return known::contains;
    }

    private static Optional<String> pinnedBecause(Server server) {
        if (!server.missing().isEmpty()) {
            return Optional.of("known to Nova only in part (it does not report its %s)"
                    .formatted(String.join(", ", server.missing())));
        } else if (server.task() != null) {
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
        return services.stream()
                .filter(service -> service.zone() != null)
                .collect(Collectors.toMap(ComputeService::host, ComputeService::zone));
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
                                        details(each)),
                                (one, other) -> other)));
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

    /**
     * Returns the hosts with a nova-compute, by name. One that Placement does not have yet has no inventories.
     *
     * @param services    the services, one for each host
     * @param hypervisors UUIDs of the hypervisors, by the name of the host
     * @param trees       their resource providers
     */
    static Map<String, NovaFacts.Host> hosts(
            List<ComputeService> services, Map<String, String> hypervisors, ProviderTrees trees) {
        Map<String, NovaFacts.Host> hosts = new HashMap<>();
        for (ComputeService service : services) {
            String hypervisor = hypervisors.getOrDefault(service.host(), service.host());
            ProviderTrees.Tree tree = trees.trees().get(hypervisor);
            hosts.put(
                    service.host(),
                    new NovaFacts.Host(
                            hypervisor,
                            service.enabled(),
                            service.disabledReason(),
                            service.up(),
                            tree == null ? Map.of() : tree.inventories()));
        }
        return hosts;
    }

    private static Set<String> members(ServerGroup group, Predicate<String> exists) {
        return group.members().stream().filter(exists).collect(Collectors.toSet());
    }
}
