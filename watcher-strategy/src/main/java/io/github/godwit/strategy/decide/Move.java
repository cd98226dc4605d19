package io.github.godwit.strategy.decide;

/**
 * A move of a VM to another host, as a strategy wants it. The technique is chosen later.
 *
 * @param vm     name of the VM
 * @param from   name of the source host
 * @param to     name of the destination host
 * @param reason why this VM is moved and why to this host, in sentences
 */
public record Move(String vm, String from, String to, String reason) {

    /** Returns the same move with more sentences at the end of its reason; they begin with a space. */
    public Move saying(String more) {
        return new Move(vm, from, to, reason + more);
    }

    /**
     * Checks the hosts.
     *
     * @throws IllegalArgumentException if both hosts are the same
     */
    public Move {
        if (from.equals(to)) {
            throw new IllegalArgumentException("VM '%s' is on host '%s' already.".formatted(vm, to));
        }
    }
}
