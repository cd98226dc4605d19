package io.github.godwit.model.schedule;

import io.github.godwit.model.unit.Checks;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is to be scheduled, and what a schedule has to keep to.
 *
 * @param moves     the VMs to move, each once
 * @param running   migrations that run already, of other VMs
 * @param topology  the links; must contain every host of {@code moves} and {@code running}
 * @param limits    limits of hosts; a host without one has none
 * @param apart     groups of VMs (anti-affinity) of which never two are in migration at once
 * @param objective what to minimise
 * @param search    estimator for the search, called often: the simulation
 * @param finalists estimator for the few schedules that are compared at the end and for the answer: the most accurate one
 * @param errors    how far the durations of migrations are from their predictions
 */
public record SchedulingProblem(
        List<MoveRequest> moves,
        List<RunningMigration> running,
        Topology topology,
        List<HostLimit> limits,
        List<Set<String>> apart,
        Objective objective,
        MigrationEstimator search,
        MigrationEstimator finalists,
        DurationErrors errors) {

    /**
     * @throws IllegalArgumentException when a VM occurs twice, a host is not in the topology, or a host has two limits
     */
    public SchedulingProblem {
        moves = List.copyOf(Checks.present("moves", moves));
        running = List.copyOf(Checks.present("running migrations", running));
        Checks.present("topology", topology);
        limits = List.copyOf(Checks.present("limits", limits));
        apart = Checks.present("anti-affinity groups", apart).stream()
                .map(Set::copyOf)
                .toList();
        Checks.present("objective", objective);
        Checks.present("estimator of the search", search);
        Checks.present("estimator of finalists", finalists);
        Checks.present("errors", errors);
        Map<String, HostNetwork> hosts = topology.byName();
        Set<String> vms = new HashSet<>();
        for (MoveRequest move : moves) {
            once(move.vm(), vms);
            known(move.source(), hosts);
            move.destinations().forEach(each -> known(each, hosts));
        }
        for (RunningMigration each : running) {
            once(each.vm(), vms);
            known(each.source(), hosts);
            known(each.destination(), hosts);
        }
        Set<String> limited = new HashSet<>();
        for (HostLimit limit : limits) {
            if (!limited.add(limit.host())) {
                throw new IllegalArgumentException("Host '%s' has two limits. Keep one.".formatted(limit.host()));
            }
        }
    }

    /** Moves on links that nothing else uses, without limits, to end as early as possible by one estimator. */
    public SchedulingProblem(List<MoveRequest> moves, Topology topology, MigrationEstimator estimator) {
        this(
                moves,
                List.of(),
                topology,
                List.of(),
                List.of(),
                Objective.EMPTY_TIME,
                estimator,
                estimator,
                DurationErrors.ASSUMED);
    }

    private static void once(String vm, Set<String> seen) {
        if (!seen.add(vm)) {
            throw new IllegalArgumentException(
                    "VM '%s' occurs twice. A VM is in one migration at a time.".formatted(vm));
        }
    }

    private static void known(String host, Map<String, HostNetwork> hosts) {
        if (!hosts.containsKey(host)) {
            throw new IllegalArgumentException(
                    "Host '%s' is not in the topology. Add its network, or leave out what goes there.".formatted(host));
        }
    }

    /** A copy with limits of hosts. */
    public SchedulingProblem withLimits(List<HostLimit> others) {
        return new SchedulingProblem(moves, running, topology, others, apart, objective, search, finalists, errors);
    }

    /** A copy with anti-affinity groups. */
    public SchedulingProblem withApart(List<Set<String>> others) {
        return new SchedulingProblem(moves, running, topology, limits, others, objective, search, finalists, errors);
    }

    /** A copy with another objective. */
    public SchedulingProblem withObjective(Objective other) {
        return new SchedulingProblem(moves, running, topology, limits, apart, other, search, finalists, errors);
    }

    /** A copy with migrations that run already. */
    public SchedulingProblem withRunning(List<RunningMigration> others) {
        return new SchedulingProblem(moves, others, topology, limits, apart, objective, search, finalists, errors);
    }

    /** A copy with other moves. */
    public SchedulingProblem withMoves(List<MoveRequest> others) {
        return new SchedulingProblem(others, running, topology, limits, apart, objective, search, finalists, errors);
    }

    /** A copy whose finalists are compared by another estimator. */
    public SchedulingProblem withFinalists(MigrationEstimator other) {
        return new SchedulingProblem(moves, running, topology, limits, apart, objective, search, other, errors);
    }

    /** A copy whose durations are otherwise far from their predictions. */
    public SchedulingProblem withErrors(DurationErrors others) {
        return new SchedulingProblem(moves, running, topology, limits, apart, objective, search, finalists, others);
    }
}
