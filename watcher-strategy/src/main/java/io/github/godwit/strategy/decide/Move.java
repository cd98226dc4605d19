package io.github.godwit.strategy.decide;

/**
 * One VM that should change hosts; how is decided later.
 *
 * @param vm     the VM
 * @param from   the host that it is on
 * @param to     the host that it should go to
 * @param reason why this VM and why there, in sentences for people
 */
public record Move(String vm, String from, String to, String reason) {

    /**
     * @throws IllegalArgumentException when the VM would stay where it is
     */
    public Move {
        if (from.equals(to)) {
            throw new IllegalArgumentException("VM '%s' is on host '%s' already.".formatted(vm, to));
        }
    }
}
