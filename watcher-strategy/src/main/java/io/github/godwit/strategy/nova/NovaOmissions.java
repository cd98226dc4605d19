package io.github.godwit.strategy.nova;

import io.github.godwit.nova.Cpu;
import io.github.godwit.nova.Nova.Server;
import io.github.godwit.nova.NovaHosts.ComputeService;
import io.github.godwit.nova.NovaHosts.Hypervisor;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.Omission;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Collects what a snapshot of Nova's cluster leaves out or does not understand, in sentences that name it. */
final class NovaOmissions {

    /** More of a kind are named together. */
    private static final int MOST_ALONE = 20;

    private static final int MOST_NAMED = 10;

    private final List<Omission> omissions = new ArrayList<>();

    /** Returns the omissions so far. */
    List<Omission> list() {
        return List.copyOf(omissions);
    }

    private void add(String what, String reason) {
        omissions.add(new Omission(what, reason));
    }

    /** Adds the same about several. */
    private void addAll(String kind, Collection<String> names, String reason) {
        if (names.size() <= MOST_ALONE) {
            names.forEach(name -> add("%s '%s'".formatted(kind, name), reason));
        } else {
            add("%d of kind %s: %s".formatted(names.size(), kind, listed(names)), reason);
        }
    }

    private static String listed(Collection<String> names) {
        String first = names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
        int more = names.size() - MOST_NAMED;
        return more > 0 ? "%s and %d more".formatted(first, more) : first;
    }

    /**
     * A host that Nova does not know by the name of its host driver.
     *
     * @param candidates names in Nova that may be meant, or null
     */
    void unknownHost(String host, List<String> candidates) {
        add(
                "host '%s'".formatted(host),
                (candidates == null
                                ? "Nova has no nova-compute and no hypervisor of this name. "
                                : "In Nova it may be %s, and which one is not sure. "
                                        .formatted(String.join(" or ", candidates)))
                        + "Start its host driver with --name and the name that openstack compute service list shows.");
    }

    void hostInDownCell(String host) {
        add(
                "host '%s'".formatted(host),
                "Its cell in Nova does not answer (openstack compute service list shows it as UNKNOWN), so that the state of"
                        + " its servers is not known.");
    }

    void withoutDriver(Set<String> hosts) {
        if (!hosts.isEmpty()) {
            add(
                    "%d %s of Nova: %s"
                            .formatted(
                                    hosts.size(), hosts.size() == 1 ? "host" : "hosts", listed(new TreeSet<>(hosts))),
                    "No host driver answers for %s.".formatted(hosts.size() == 1 ? "it" : "them"));
        }
    }

    void repeatedServices(NovaState nova) {
        for (ComputeService service : nova.repeated()) {
            add(
                    "nova-compute %s on host '%s'"
                            .formatted(
                                    service.inDownCell() ? "in a cell that does not answer" : service.id(),
                                    service.host()),
                    "Nova has another one of this host, which counts: it is up, or disabled, or in a cell that answers.");
        }
    }

    void noHypervisor(String host) {
        add(
                "hypervisor of host '%s'".formatted(host),
                "Nova reports none. Nova migrates nothing to this host until its nova-compute has reported it.");
    }

    /**
     * A hypervisor without a resource provider.
     *
     * @param sameName UUIDs of root providers with its name, or null
     */
    void noProvider(Hypervisor hypervisor, List<String> sameName) {
        add(
                "hypervisor '%s' of host '%s'".formatted(hypervisor.name(), hypervisor.host()),
                "Placement has no resource provider with its UUID %s%s. Nova migrates nothing to this host."
                        .formatted(
                                hypervisor.id(),
                                sameName == null ? "" : ", but its name has " + String.join(" and ", sameName)));
    }

    void repeatedHypervisors(HypervisorChoice hypervisors) {
        for (Hypervisor other : hypervisors.others()) {
            add(
                    "hypervisor '%s' (%s) of host '%s'".formatted(other.name(), other.id(), other.host()),
                    "Nova has another one of this host, '%s', which counts."
                            .formatted(hypervisors.chosen().get(other.host()).name()));
        }
    }

    /**
     * Servers of which nothing or not everything is known.
     *
     * @param unknown VMs that Nova does not list as servers
     */
    void servers(NovaState nova, Set<String> unknown) {
        addAll("server", new TreeSet<>(nova.unreadable()), "Its cell in Nova does not answer. It is not migrated.");
        Map<String, Set<String>> partial = new TreeMap<>();
        for (Server server : nova.servers()) {
            if (!server.missing().isEmpty()) {
                partial.computeIfAbsent(String.join(", ", server.missing()), none -> new TreeSet<>())
                        .add(server.id());
            }
        }
        partial.forEach((missing, servers) -> addAll(
                "server",
                servers,
                "Nova does not report its %s. It is not migrated. The user of the service needs the role admin."
                        .formatted(missing)));
        addAll("VM", new TreeSet<>(unknown), "Nova does not list it as a server. It is not migrated.");
    }

    /**
     * Servers that are allocated on several hosts.
     *
     * @param spread names of the hosts, by consumer
     */
    void spread(Map<String, Set<String>> spread, NovaState nova) {
        Map<String, Server> servers =
                nova.servers().stream().collect(Collectors.toMap(Server::id, server -> server, (one, other) -> other));
        Map<String, Set<String>> left = new TreeMap<>();
        spread.forEach((consumer, hosts) -> {
            Server server = servers.get(consumer);
            if (server != null && server.task() == null) {
                left.computeIfAbsent(String.join(" and ", hosts), none -> new TreeSet<>())
                        .add(consumer);
            }
        });
        left.forEach((hosts, consumers) -> addAll(
                "allocation of server",
                consumers,
                "Placement has it on %s. All of them count as used; nova-manage placement audit finds what is left over."
                        .formatted(hosts)));
    }

    /** Hosts whose CPUs differ, or are not known. Different vendors and architectures are rules ({@code Platform}). */
    void cpus(HypervisorChoice hypervisors, ClusterModel cluster) {
        Map<Cpu, Set<String>> hosts = new LinkedHashMap<>();
        Set<String> unknown = new TreeSet<>();
        hypervisors.chosen().forEach((host, hypervisor) -> {
            if (cluster.findHost(host).isEmpty()) {
                return;
            }
            if (hypervisor.cpu().known()) {
                hosts.computeIfAbsent(hypervisor.cpu(), none -> new TreeSet<>()).add(host);
            } else {
                unknown.add(host);
            }
        });
        addAll("CPU of host", unknown, "Nova reports no cpu_info of it, so that it is not compared with others.");
        if (hosts.size() > 1) {
            add(
                    "CPU models: " + described(hosts),
                    "Whether a server can move between them depends on its own CPU (cpu_mode in nova.conf), which Nova's API"
                            + " does not report. Nova refuses a migration that its CPU rules out.");
        }
    }

    private static String described(Map<Cpu, Set<String>> hosts) {
        List<String> described = new ArrayList<>();
        Set<String> named = new HashSet<>();
        hosts.forEach((cpu, having) -> {
            String name = cpu.model() == null ? cpu.arch() : cpu.model();
            described.add("%s%s on %s".formatted(name, named.add(name) ? "" : " with other features", listed(having)));
        });
        return String.join("; ", described);
    }
}
