package io.github.godwit.strategy.audit;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.NovaFacts;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The part of the cluster that an audit may change. Hosts outside the scope are ignored. VMs outside the scope are not migrated, but
 * their load counts.
 */
public final class Scope {

    private static final String ALL = "*";

    private final Predicate<String> host;
    private final Predicate<String> vm;

    private Scope(Predicate<String> host, Predicate<String> vm) {
        this.host = host;
        this.vm = vm;
    }

    /**
     * Resolves a scope.
     *
     * @param scope the scope, in Watcher's format
     * @param facts zones, aggregates and servers from Nova, if the service uses Nova
     * @throws ServiceRefusal if the scope is malformed, or needs Nova and the service does not use it
     */
    public static Scope of(JsonNode scope, Optional<NovaFacts> facts) {
        ScopeTerms terms = ScopeTerms.of(scope);
        if (facts.isEmpty()) {
            terms.requireNoNova();
            return new Scope(
                    host -> !terms.excludedHosts().contains(host),
                    vm -> !terms.excludedVms().contains(vm));
        }
        NovaFacts nova = facts.get();
        Set<String> excluded = new HashSet<>(terms.excludedHosts());
        excluded.addAll(hosts(terms.excludedAggregates(), nova.aggregates()));
        Set<String> included = hosts(terms.aggregates(), nova.aggregates());
        nova.zones().forEach((host, zone) -> {
            if (terms.zones().contains(zone) || terms.zones().contains(ALL)) {
                included.add(host);
            }
        });
        boolean unrestricted = terms.zones().isEmpty() && terms.aggregates().isEmpty();
        return new Scope(
                host -> !excluded.contains(host) && (unrestricted || included.contains(host)),
                vm -> !excludes(vm, terms, nova));
    }

    private static Set<String> hosts(Set<String> wanted, List<NovaFacts.Aggregate> aggregates) {
        return aggregates.stream()
                .filter(aggregate -> wanted.contains(ALL)
                        || wanted.contains(aggregate.name())
                        || wanted.contains(Long.toString(aggregate.id())))
                .flatMap(aggregate -> aggregate.hosts().stream())
                .collect(toSet());
    }

    private static boolean excludes(String vm, ScopeTerms terms, NovaFacts nova) {
        if (terms.excludedVms().contains(vm)) {
            return true;
        }
        NovaFacts.Server server = nova.servers().get(vm);
        return server != null
                && (terms.excludedVms().contains(server.uuid())
                        || terms.excludedProjects().contains(server.project())
                        || terms.excludedMetadata().stream()
                                .anyMatch(pair ->
                                        pair.getValue().equals(server.metadata().get(pair.getKey()))));
    }

    /** Returns whether the audit may change a VM or a server, by its name. */
    boolean includes(String name) {
        return vm.test(name);
    }

    /** Returns the cluster without the hosts outside the scope, and with the VMs outside the scope pinned. */
    public ClusterModel of(ClusterModel cluster) {
        List<ClusterHost> kept =
                cluster.hosts().stream().filter(each -> host.test(each.name())).toList();
        Set<String> names = kept.stream().map(ClusterHost::name).collect(toSet());
        Set<String> pinned = cluster.vms().stream()
                .map(each -> each.name())
                .filter(name -> !vm.test(name))
                .collect(toSet());
        return new ClusterModel(
                kept,
                cluster.vms().stream()
                        .filter(each -> names.contains(each.host()))
                        .toList(),
                cluster.omissions(),
                cluster.rules().withPinned(pinned, "outside the audit's scope"));
    }
}
