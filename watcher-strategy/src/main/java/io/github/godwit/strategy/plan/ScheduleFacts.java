package io.github.godwit.strategy.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.schedule.Objective;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.traffic.VmSla;
import io.github.godwit.model.unit.MemorySize;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.ClusterRules;
import io.github.godwit.strategy.common.Texts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was known of hosts, VMs and their moves when a plan was made, and what was asked for. Its first schedule and each later one are made
 * from this, by {@link JointSchedule}; it is stored with the plan, so that nothing has to be asked of any host again. Pure.
 *
 * @param policy      SLO policy by which techniques are chosen
 * @param reservation how migrations and applications share a link, without wishes for single VMs
 * @param objective   what the schedule minimises
 * @param parallel    maximum number of migrations from a host at a time
 * @param priorities  priorities of the VMs that are moved, by name
 * @param inOrder     whether the order of the moves matters
 * @param hosts       the hosts that VMs leave or may reach
 * @param staying     names of the VMs on these hosts that are not moved, by host
 * @param slas        what holds for the VMs on these hosts, by name
 * @param apart       groups of VMs of which no two may migrate at the same time
 * @param moves       the moves, in the order of the strategy
 */
public record ScheduleFacts(
        SloPolicy policy,
        ReservationTerms reservation,
        Objective objective,
        int parallel,
        Map<String, Integer> priorities,
        boolean inOrder,
        List<ClusterHost> hosts,
        Map<String, List<String>> staying,
        Map<String, VmSla> slas,
        List<Set<String>> apart,
        List<MoveFacts> moves) {

    /** Copies the collections. */
    public ScheduleFacts {
        priorities = Map.copyOf(priorities);
        hosts = List.copyOf(hosts);
        staying = Map.copyOf(staying);
        slas = Map.copyOf(slas);
        apart = List.copyOf(apart);
        moves = List.copyOf(moves);
    }

    /**
     * Selects what concerns some moves.
     *
     * @param cluster  the cluster before the first move
     * @param moves    the facts about each move
     * @param slas     SLA bounds and urgencies
     * @param decision estimates and decides each migration
     * @param terms    what is asked for
     */
    static ScheduleFacts of(
            ClusterModel cluster, List<MoveFacts> moves, PlanSlas slas, MoveDecision decision, ScheduleTerms terms) {
        Set<String> moved = names(moves);
        Set<String> hosts = new TreeSet<>();
        for (MoveFacts facts : moves) {
            hosts.add(facts.move().from());
            hosts.addAll(facts.techniques().keySet());
        }
        Map<String, List<String>> staying = staying(cluster, hosts, moved);
        return new ScheduleFacts(
                decision.rules(),
                decision.terms(),
                terms.objective(),
                terms.parallel(),
                only(terms.priorities(), moved),
                terms.inOrder(),
                hosts.stream().map(cluster::host).toList(),
                staying,
                only(slas.byVm(), with(staying, moved)),
                cluster.rules().apart().stream()
                        .filter(group -> group.stream().anyMatch(moved::contains))
                        .toList(),
                moves);
    }

    private static Set<String> names(Collection<MoveFacts> moves) {
        return moves.stream().map(facts -> facts.move().vm()).collect(Collectors.toSet());
    }

    private static Map<String, List<String>> staying(ClusterModel cluster, Set<String> hosts, Set<String> moved) {
        Map<String, List<String>> staying = new TreeMap<>();
        for (String host : hosts) {
            staying.put(
                    host,
                    cluster.vmsOn(host).stream()
                            .map(VmStatus::name)
                            .filter(vm -> !moved.contains(vm))
                            .toList());
        }
        return staying;
    }

    private static Set<String> with(Map<String, List<String>> staying, Set<String> moved) {
        Set<String> all = new HashSet<>(moved);
        staying.values().forEach(all::addAll);
        return all;
    }

    private static <T> Map<String, T> only(Map<String, T> values, Set<String> keys) {
        Map<String, T> kept = new HashMap<>(values);
        kept.keySet().retainAll(keys);
        return kept;
    }

    /** Returns the facts about the same moves to the hosts that were chosen for them. */
    ScheduleFacts to(Collection<PlannedMigration> planned) {
        Map<String, String> chosen = new HashMap<>();
        planned.forEach(each -> chosen.put(each.move().vm(), each.move().to()));
        List<MoveFacts> fixed = moves.stream()
                .map(facts -> facts.to(chosen.get(facts.move().vm())))
                .toList();
        Set<String> used = fixed.stream()
                .flatMap(facts -> Stream.of(facts.move().from(), facts.move().to()))
                .collect(Collectors.toSet());
        Map<String, List<String>> stay = only(staying, used);
        return new ScheduleFacts(
                policy,
                reservation,
                objective,
                parallel,
                priorities,
                inOrder,
                hosts.stream().filter(host -> used.contains(host.name())).toList(),
                stay,
                only(slas, with(stay, names(fixed))),
                apart,
                fixed);
    }

    /**
     * Returns the facts about what is left of a plan, with the loads that are predicted after the migrations that have ended.
     *
     * @param left    names of the VMs that are still to be moved
     * @param arrived names of the VMs that have been moved
     */
    public ScheduleFacts after(Set<String> left, Set<String> arrived) {
        ClusterModel now = cluster();
        List<MoveFacts> further = new ArrayList<>();
        for (MoveFacts facts : moves) {
            if (arrived.contains(facts.move().vm())) {
                now = now.withMove(facts.move().vm(), facts.move().to());
            } else if (left.contains(facts.move().vm())) {
                further.add(facts);
            }
        }
        return new ScheduleFacts(
                policy,
                reservation,
                objective,
                parallel,
                priorities,
                inOrder,
                now.hosts(),
                staying(now, now.hosts().stream().map(ClusterHost::name).collect(Collectors.toSet()), names(further)),
                slas,
                apart,
                further);
    }

    /** Returns the cluster as far as it matters for the moves. Of VMs that stay, only the names are known. */
    ClusterModel cluster() {
        List<VmStatus> vms = new ArrayList<>();
        moves.forEach(facts -> vms.add(facts.vm()));
        staying.forEach((host, names) -> names.forEach(name -> vms.add(named(name, host))));
        return new ClusterModel(hosts, vms, List.of(), new ClusterRules(Set.of(), Set.of(), apart));
    }

    private static VmStatus named(String name, String host) {
        return new VmStatus(
                name,
                host,
                "running",
                null,
                0,
                0,
                new MemorySize(0),
                Traffic.NONE,
                null,
                null,
                Map.of(),
                null,
                null,
                null);
    }

    /** Returns what was asked for, under what holds now. */
    public ScheduleTerms terms(ScheduleSources sources) {
        ScheduleTerms terms = ScheduleTerms.DEFAULT
                .aimingAt(objective)
                .withParallel(parallel)
                .withPriorities(priorities)
                .under(sources);
        return inOrder ? terms.inTheOrderOfTheStrategy() : terms;
    }

    /** Reads what the database holds. */
    public static ScheduleFacts read(JsonNode tree) {
        try {
            return Texts.mapper().treeToValue(tree, ScheduleFacts.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The database contains the facts of a schedule that cannot be read.", e);
        }
    }
}
