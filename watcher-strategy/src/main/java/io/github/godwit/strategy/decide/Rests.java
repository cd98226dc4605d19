package io.github.godwit.strategy.decide;

import io.github.godwit.strategy.cluster.ClusterModel;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is left alone for a while because of earlier moves. All reasons complete "it" followed by a verb, such as "rests until 12:00".
 *
 * @param vms       by name of the VM, why it is not moved now
 * @param judged    by name of the host, why its figures are not used now: it is neither hot nor emptied, whatever they say
 * @param emptied   by name of the host, why it is not emptied now
 * @param receiving by name of the host, why it receives no VM now
 * @param returns   by name of the VM, the hosts that it does not return to now, each with the reason
 * @param reserve   hosts that receive a VM, while they are empty, only if no other host can, where the strategy is free to choose
 */
public record Rests(
        Map<String, String> vms,
        Map<String, String> judged,
        Map<String, String> emptied,
        Map<String, String> receiving,
        Map<String, Map<String, String>> returns,
        Set<String> reserve) {

    /** Nothing rests. */
    public static final Rests NONE = new Rests(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Set.of());

    /** Copies the collections. */
    public Rests {
        vms = Map.copyOf(vms);
        judged = Map.copyOf(judged);
        emptied = Map.copyOf(emptied);
        receiving = Map.copyOf(receiving);
        Map<String, Map<String, String>> copy = new HashMap<>();
        returns.forEach((vm, hosts) -> copy.put(vm, Map.copyOf(hosts)));
        returns = Map.copyOf(copy);
        reserve = Set.copyOf(reserve);
    }

    /** Returns what a VM does instead of moving, or nothing if it may move. */
    Optional<String> ofVm(String vm) {
        return Optional.ofNullable(vms.get(vm));
    }

    /** Returns why a host is not judged by its figures, or nothing if it is. */
    Optional<String> unjudged(String host) {
        return Optional.ofNullable(judged.get(host));
    }

    /** Returns why a host is not emptied, or nothing if it may be. */
    Optional<String> keepsVms(String host) {
        return unjudged(host).or(() -> Optional.ofNullable(emptied.get(host)));
    }

    /** Returns the reason why a VM does not go to a host now, without a full stop, or nothing. */
    Optional<String> obstacle(String vm, String host) {
        return unjudged(host)
                .or(() -> Optional.ofNullable(receiving.get(host)))
                .map(reason -> "%s %s".formatted(host, reason))
                .or(() -> Optional.ofNullable(returns.getOrDefault(vm, Map.of()).get(host))
                        .map(reason -> "it %s".formatted(reason)));
    }

    /** Returns whether a host should stay empty, if another one can take a VM. */
    boolean staysEmpty(ClusterModel cluster, String host) {
        return reserve.contains(host) && cluster.isEmpty(host);
    }
}
