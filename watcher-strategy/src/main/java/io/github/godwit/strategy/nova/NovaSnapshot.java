package io.github.godwit.strategy.nova;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.nova.Nova.Server;
import io.github.godwit.nova.NovaHosts.ComputeService;
import io.github.godwit.nova.NovaHosts.Hypervisor;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.ClusterRules;
import io.github.godwit.strategy.cluster.PlacementRoom.TraitWishes;
import io.github.godwit.strategy.cluster.Platform;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A snapshot of the cluster that follows Nova's rules. What Nova or Placement does not report, reports twice, or reports in a way that
 * cannot be understood is an omission ({@link NovaOmissions}); nothing is migrated that depends on it. Pure.
 */
final class NovaSnapshot {

    private final NovaState nova;
    private final HypervisorChoice hypervisors;
    private final ProviderTrees trees;
    private final Map<String, TraitWishes> wishes;

    /**
     * @param nova        what Nova knows
     * @param hypervisors the hypervisors of the hosts of the cluster
     * @param trees       their resource providers
     * @param wishes      what flavors say about traits, by server
     */
    NovaSnapshot(NovaState nova, HypervisorChoice hypervisors, ProviderTrees trees, Map<String, TraitWishes> wishes) {
        this.nova = nova;
        this.hypervisors = hypervisors;
        this.trees = trees;
        this.wishes = wishes;
    }

    /**
     * Returns the snapshot.
     *
     * @param drivers the cluster as host drivers report it
     * @param names   which host is which in Nova
     */
    ClusterModel of(ClusterModel drivers, HostNameMatch names) {
        NovaOmissions omissions = new NovaOmissions();
        Map<String, ComputeService> services =
                nova.services().stream().collect(Collectors.toMap(ComputeService::host, service -> service));
        Set<String> left = new HashSet<>();
        for (ClusterHost host : drivers.hosts()) {
            ComputeService service = services.get(host.name());
            if (service == null) {
                omissions.unknownHost(host.name(), names.ambiguous().get(host.name()));
                left.add(host.name());
            } else if (service.inDownCell()) {
                omissions.hostInDownCell(host.name());
                left.add(host.name());
            }
        }
        omissions.repeatedServices(nova);
        omissions.withoutDriver(services.keySet().stream()
                .filter(host -> drivers.findHost(host).isEmpty())
                .collect(Collectors.toSet()));
        ClusterModel kept = drivers.without(left, omissions.list());
        Map<String, String> unknown = unknownVms(kept);
        Set<String> closed = withoutRoom(kept, omissions);
        omissions.servers(nova, unknown.keySet());
        omissions.spread(trees.spread(hypervisors.ids()), nova);
        omissions.cpus(hypervisors, kept);
        ClusterRules rules = NovaRules.of(nova);
        closed.addAll(rules.closed());
        return drivers.without(left, omissions.list())
                .withRules(rules.withIdle(NovaRules.idle(nova.servers(), kept))
                        .withPinned(unknown)
                        .withImmovable(kept.vms())
                        .withClosed(closed)
                        .withPlatforms(platforms())
                        .withRoom(trees.room(hypervisors.ids(), wishes)));
    }

    /** VMs with the name of a server that Nova does not list: it was created or deleted just now, or is in a cell that does not answer. */
    private Map<String, String> unknownVms(ClusterModel cluster) {
        Set<String> known = nova.servers().stream().map(Server::id).collect(Collectors.toSet());
        Map<String, String> unknown = new TreeMap<>();
        for (VmStatus vm : cluster.vms()) {
            if (NovaMigrations.named(vm.name())
                    && !known.contains(vm.name())
                    && !nova.unreadable().contains(vm.name())) {
                unknown.put(vm.name(), "a VM that Nova does not list as a server");
            }
        }
        return unknown;
    }

    /** Hosts to which Nova migrates nothing, because its scheduler finds them only by their resource provider. */
    private Set<String> withoutRoom(ClusterModel cluster, NovaOmissions omissions) {
        Set<String> without = new HashSet<>();
        for (ClusterHost host : cluster.hosts()) {
            Hypervisor hypervisor = hypervisors.chosen().get(host.name());
            if (hypervisor == null) {
                omissions.noHypervisor(host.name());
                without.add(host.name());
            } else if (!trees.trees().containsKey(hypervisor.id())) {
                omissions.noProvider(hypervisor, trees.roots().get(hypervisor.name()));
                without.add(host.name());
            }
        }
        omissions.repeatedHypervisors(hypervisors);
        return without;
    }

    private Map<String, Platform> platforms() {
        Map<String, Platform> platforms = new HashMap<>();
        hypervisors
                .chosen()
                .forEach((host, each) -> platforms.put(
                        host,
                        new Platform(
                                each.type(),
                                each.version(),
                                each.cpu().arch(),
                                each.cpu().vendor(),
                                each.cpu().model())));
        return platforms;
    }
}
