package io.github.godwit.lab.run;

import java.util.Optional;

/** Asks a guest, after its migration, whether its memory still holds what it wrote. */
@FunctionalInterface
public interface GuestVerifier {

    /**
     * Asks one guest. May take seconds.
     *
     * @param vm   the VM
     * @param host the host that it runs on now
     * @return whether its memory is intact, or nothing if the guest cannot tell
     */
    Optional<Boolean> verify(String vm, String host) throws InterruptedException;
}
