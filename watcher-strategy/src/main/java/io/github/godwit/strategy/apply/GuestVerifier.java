package io.github.godwit.strategy.apply;

import java.util.Optional;

/** Asks a guest, after its migration, whether its memory is what it wrote. */
@FunctionalInterface
public interface GuestVerifier {

    /** Asks nobody. */
    GuestVerifier NONE = (vm, host) -> Optional.empty();

    /**
     * Asks one guest. May take seconds; must not take for ever.
     *
     * @param vm   the VM
     * @param host the host that it is on now
     * @return whether its memory is intact, or nothing where the guest cannot tell
     */
    Optional<Boolean> verify(String vm, String host) throws InterruptedException;
}
