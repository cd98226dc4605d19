package io.github.godwit.host.load;

import io.github.godwit.hostapi.HostStatus;
import java.util.function.Supplier;

/** This host as it is now. */
@FunctionalInterface
public interface ThisHost extends Supplier<HostStatus> {

    /**
     * This host as a migration to or from a peer finds it: with the link and the traffic of the NIC towards it.
     *
     * @param peer IP address of the other host; anything else, or null, stands for the usual NIC
     */
    default HostStatus towards(String peer) {
        return get();
    }
}
