package io.github.godwit.strategy.decide;

import java.util.List;
import java.util.stream.Stream;

/**
 * A move of a VM to another host, as a strategy wants it. The technique is chosen later.
 *
 * @param vm     name of the VM
 * @param from   name of the source host
 * @param to     name of the destination host
 * @param reason why this VM is moved and why to this host, in sentences
 * @param others names of further hosts that it could go to as well, best first. Every choice among the hosts of all moves of a solution is
 *               as safe as the solution itself
 */
public record Move(String vm, String from, String to, String reason, List<String> others) {

    /** A move with one destination. */
    public Move(String vm, String from, String to, String reason) {
        this(vm, from, to, reason, List.of());
    }

    /** Returns the same move with further hosts that it could go to as well. */
    public Move or(List<String> hosts) {
        return new Move(vm, from, to, reason, hosts);
    }

    /** Returns the move to one of its hosts. */
    public Move to(String host) {
        return host.equals(to)
                ? this
                : new Move(
                        vm,
                        from,
                        host,
                        "%s Together with the other moves, %s is better than %s.".formatted(reason, host, to),
                        List.of());
    }

    /** Returns the names of all hosts that it could go to, best first. */
    public List<String> destinations() {
        return Stream.concat(Stream.of(to), others.stream()).toList();
    }

    /** Returns the same move with more sentences at the end of its reason; they begin with a space. */
    public Move saying(String more) {
        return new Move(vm, from, to, reason + more, others);
    }

    /**
     * Checks the hosts.
     *
     * @throws IllegalArgumentException if both hosts are the same
     */
    public Move {
        others = List.copyOf(others);
        if (from.equals(to)) {
            throw new IllegalArgumentException("VM '%s' is on host '%s' already.".formatted(vm, to));
        }
    }
}
