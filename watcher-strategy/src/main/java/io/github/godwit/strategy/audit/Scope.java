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
 * The part of the cluster that an audit may touch. Hosts outside of it are not looked at; VMs outside of it stay and count with
 * their load.
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
     * Reads a scope.
     *
     * @param scope in the form that {@link ScopeTerms} tells
     * @param facts what Nova knows, where there is one
     * @throws ServiceRefusal when a part of it is unknown, or needs a Nova that is not there
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
        Set<String> left = new HashSet<>(terms.excludedHosts());
        left.addAll(hosts(terms.excludedAggregates(), nova.aggregates()));
        Set<String> within = hosts(terms.aggregates(), nova.aggregates());
        nova.zones().forEach((host, zone) -> {
            if (terms.zones().contains(zone) || terms.zones().contains(ALL)) {
                within.add(host);
            }
        });
        boolean everywhere = terms.zones().isEmpty() && terms.aggregates().isEmpty();
        return new Scope(
                host -> !left.contains(host) && (everywhere || within.contains(host)), vm -> !stays(vm, terms, nova));
    }

    private static Set<String> hosts(Set<String> wanted, List<NovaFacts.Aggregate> aggregates) {
        return aggregates.stream()
                .filter(aggregate -> wanted.contains(ALL)
                        || wanted.contains(aggregate.name())
                        || wanted.contains(Long.toString(aggregate.id())))
                .flatMap(aggregate -> aggregate.hosts().stream())
                .collect(toSet());
    }

    private static boolean stays(String vm, ScopeTerms terms, NovaFacts nova) {
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

    /** The cluster as this audit may see it. */
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
                cluster.rules().withPinned(pinned));
    }
}
