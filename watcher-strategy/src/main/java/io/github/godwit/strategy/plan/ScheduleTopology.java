package io.github.godwit.strategy.plan;

import io.github.godwit.hostapi.HostStatus.ReservationSupport;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.schedule.HostNetwork;
import io.github.godwit.model.schedule.NetworkLink;
import io.github.godwit.model.schedule.PeerNetwork;
import io.github.godwit.model.schedule.RunningMigration;
import io.github.godwit.model.schedule.Topology;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterHost.PeerNic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The links that the migrations of a schedule may use, and the migrations of other plans that use them now. A host that the facts do not
 * contain limits nothing itself: a migration from there takes its rate of what it shares with the schedule. Pure.
 */
final class ScheduleTopology {

    private final ScheduleFacts facts;
    private final ScheduleTerms terms;
    private final PlanSlas slas;
    private final List<RunningMigration> running;
    private final Topology topology;

    ScheduleTopology(ScheduleFacts facts, ScheduleTerms terms) {
        this.facts = facts;
        this.terms = terms;
        this.slas = new PlanSlas(facts.slas());
        Set<String> moved = new HashSet<>();
        facts.moves().forEach(each -> moved.add(each.move().vm()));
        List<RunningMigration> others = terms.running().stream()
                .filter(each -> !moved.contains(each.vm()))
                .toList();
        Topology.Ways ways = topology(others).ways();
        Set<NetworkLink> ours = ours(ways);
        this.running = others.stream()
                .filter(each ->
                        matters(each) || !Collections.disjoint(ours, ways.crossed(each.source(), each.destination())))
                .toList();
        this.topology = topology(running);
    }

    /** The links. */
    Topology topology() {
        return topology;
    }

    /** The running migrations that share a link, the limit of a host or an anti-affinity group with a move. */
    List<RunningMigration> running() {
        return running;
    }

    private Set<NetworkLink> ours(Topology.Ways ways) {
        Set<NetworkLink> ours = new HashSet<>();
        for (MoveFacts each : facts.moves()) {
            each.techniques()
                    .keySet()
                    .forEach(to -> ours.addAll(ways.crossed(each.move().from(), to)));
        }
        return ours;
    }

    private boolean matters(RunningMigration migration) {
        return facts.apart().stream().anyMatch(group -> group.contains(migration.vm()))
                || facts.moves().stream().anyMatch(each -> each.move().from().equals(migration.source()));
    }

    private Topology topology(List<RunningMigration> beside) {
        Map<String, HostNetwork> hosts = new TreeMap<>();
        facts.hosts().forEach(host -> hosts.put(host.name(), network(host)));
        Map<String, Bandwidth> elsewhere = new TreeMap<>();
        for (RunningMigration each : beside) {
            elsewhere.merge(each.source(), each.bandwidth(), Bandwidth::plus);
            elsewhere.merge(each.destination(), each.bandwidth(), Bandwidth::plus);
        }
        elsewhere.forEach((host, rate) -> hosts.computeIfAbsent(
                host, name -> HostNetwork.idle(name, rate).inRack(terms.racks().of(name))));
        return new Topology(List.copyOf(hosts.values()), terms.racks().links(), towards());
    }

    private HostNetwork network(ClusterHost host) {
        HostNetwork network = of(host);
        return slas.kept(facts.staying().getOrDefault(host.name(), List.of()))
                .map(kept -> ScheduleInput.keeping(network, kept))
                .orElse(network);
    }

    private HostNetwork of(ClusterHost host) {
        ReservationSupport support = host.status().reservations();
        return ScheduleInput.network(
                host.applications(),
                terms.racks(),
                facts.reservation(),
                support != null && support.available(),
                Traffic.NONE);
    }

    private List<PeerNetwork> towards() {
        Map<String, ClusterHost> hosts = new LinkedHashMap<>();
        facts.hosts().forEach(host -> hosts.put(host.name(), host));
        Map<List<String>, PeerNetwork> towards = new LinkedHashMap<>();
        Map<String, HostNetwork> known = new TreeMap<>();
        for (MoveFacts each : facts.moves()) {
            String source = each.move().from();
            each.nics().forEach((destination, nics) -> {
                add(hosts.get(source), nics.source(), destination, known, towards);
                add(hosts.get(destination), nics.destination(), source, known, towards);
            });
        }
        return new ArrayList<>(towards.values());
    }

    /** All peers that are reached by the same NIC share its links. */
    private void add(
            ClusterHost host,
            PeerNic nic,
            String peer,
            Map<String, HostNetwork> known,
            Map<List<String>, PeerNetwork> towards) {
        if (host != null && host.uses(nic)) {
            HostNetwork network =
                    known.computeIfAbsent(host.name() + " " + nic.name(), name -> named(name, of(host.by(nic))));
            towards.put(List.of(host.name(), peer), new PeerNetwork(peer, network));
        }
    }

    private static HostNetwork named(String name, HostNetwork network) {
        return new HostNetwork(
                network.host(),
                network.rack(),
                ScheduleInput.named(name + " out", network.out()),
                ScheduleInput.named(name + " in", network.in()));
    }
}
