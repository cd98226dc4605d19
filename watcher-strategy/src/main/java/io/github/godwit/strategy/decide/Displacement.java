package io.github.godwit.strategy.decide;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.strategy.cluster.ClusterHistory;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.ClusterRules;
import io.github.godwit.strategy.cluster.ClusterRules.IdleServer;
import io.github.godwit.strategy.cluster.NovaFacts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What becomes of the servers that do not leave their host by live migration when the host is emptied as Watcher's strategies do it:
 * stopped servers are migrated cold unless that is disabled. Where live migration is disabled, running servers are migrated cold too, or
 * stopped if both are disabled. Pure.
 *
 * <p>Servers outside the audit's scope, locked ones, those that Nova is changing, and those in any other status stay as they are.
 *
 * @param servers the servers to be migrated cold or stopped
 * @param stays   why others stay, in sentences
 */
public record Displacement(List<Displaced> servers, List<String> stays) {

    /** Nothing is displaced. */
    public static final Displacement NONE = new Displacement(List.of(), List.of());

    /** The ways to displace a server. */
    public enum Way {
        /** Cold migration. */
        COLD,
        /** The server is stopped and stays on its host. */
        STOP
    }

    /**
     * A server to be displaced.
     *
     * @param way    the way
     * @param id     UUID
     * @param name   name, set by its user
     * @param host   name of its host
     * @param status status, ACTIVE or SHUTOFF
     */
    public record Displaced(Way way, String id, String name, String host, String status) {

        private String sentence() {
            return switch (way) {
                case COLD -> "Server %s (%s) is %s and is migrated cold.".formatted(name, id, status);
                case STOP -> "Server %s (%s) is stopped.".formatted(name, id);
            };
        }
    }

    /**
     * What may be done.
     *
     * @param live  whether running servers may be migrated live
     * @param cold  whether servers may be migrated cold
     * @param scope whether the audit may change a server, by its UUID
     */
    public record Terms(boolean live, boolean cold, Predicate<String> scope) {}

    /** Copies the lists. */
    public Displacement {
        servers = List.copyOf(servers);
        stays = List.copyOf(stays);
    }

    /**
     * Decides about all servers on hosts.
     *
     * @param cluster the cluster
     * @param hosts   names of the hosts to be emptied
     * @param known   servers as Nova knows them, by UUID
     * @param terms   what may be done
     */
    public static Displacement of(
            ClusterModel cluster, Collection<String> hosts, Map<String, NovaFacts.Server> known, Terms terms) {
        List<Displaced> servers = new ArrayList<>();
        List<String> stays = new ArrayList<>();
        for (String host : hosts) {
            if (!terms.live()) {
                for (VmStatus vm : cluster.vmsOn(host)) {
                    decide(vm.name(), host, known, terms, servers, stays);
                }
            }
            for (IdleServer idle : cluster.rules().idleOn(host)) {
                decide(idle.id(), host, known, terms, servers, stays);
            }
        }
        return new Displacement(servers, stays);
    }

    private static void decide(
            String id,
            String host,
            Map<String, NovaFacts.Server> known,
            Terms terms,
            List<Displaced> servers,
            List<String> stays) {
        NovaFacts.Server server = known.get(id);
        if (server == null) {
            stays.add("%s stays: Nova has no such server.".formatted(id));
            return;
        }
        NovaFacts.Details details = server.details();
        Optional<String> obstacle = obstacle(id, details, terms);
        if (obstacle.isPresent()) {
            stays.add("Server %s (%s) stays: it is %s.".formatted(details.name(), id, obstacle.get()));
            return;
        }
        Way way = terms.cold() ? Way.COLD : Way.STOP;
        servers.add(new Displaced(way, id, details.name(), host, details.status()));
    }

    /** Returns what a server is that stays as it is, to complete "it is". */
    private static Optional<String> obstacle(String id, NovaFacts.Details details, Terms terms) {
        if (!terms.scope().test(id)) {
            return Optional.of("outside the audit's scope");
        } else if (details.locked()) {
            return Optional.of("locked");
        } else if (details.task() != null) {
            return Optional.of("being changed by Nova (task_state %s)".formatted(details.task()));
        }
        return switch (details.status()) {
            case "ACTIVE" ->
                terms.live() ? Optional.of("ACTIVE, but its host driver does not report it") : Optional.empty();
            case "SHUTOFF" -> terms.cold() ? Optional.empty() : Optional.of("SHUTOFF");
            default -> Optional.of(details.status());
        };
    }

    /** Returns the servers that are displaced in a way, by UUID. */
    public Set<String> by(Way way) {
        return servers.stream()
                .filter(server -> server.way() == way)
                .map(Displaced::id)
                .collect(Collectors.toSet());
    }

    /** Returns a history without the servers on hosts that do not run, about which this decides instead of a strategy. */
    public static ClusterHistory withoutIdle(ClusterHistory history, Collection<String> hosts) {
        return new ClusterHistory(history.snapshots().stream()
                .map(snapshot -> withoutIdle(snapshot, hosts))
                .toList());
    }

    private static ClusterModel withoutIdle(ClusterModel cluster, Collection<String> hosts) {
        ClusterRules rules = cluster.rules();
        return cluster.withRules(rules.withIdle(rules.idle().stream()
                .filter(server -> !hosts.contains(server.host()))
                .toList()));
    }

    /** Returns what becomes of the servers, in sentences; empty if there are none. */
    public String verdict() {
        List<String> sentences = new ArrayList<>();
        servers.forEach(server -> sentences.add(server.sentence()));
        sentences.addAll(stays);
        return String.join(" ", sentences);
    }
}
