package io.github.godwit.host.load;

import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;
import java.net.InetAddress;
import java.util.Optional;

/** The load of the NICs that migrations use. */
@FunctionalInterface
public interface MigrationNics {

    /**
     * The NIC for migrations to and from a peer.
     *
     * @param peer address of the other host; empty for the usual NIC of this host
     */
    NicLoad towards(Optional<InetAddress> peer);

    /**
     * One NIC at this moment.
     *
     * @param name    its name, with what is below it; null if it is not known
     * @param link    its rate, or the rate that is assumed
     * @param traffic its traffic, with the directions of this host; zero if the NIC is not known
     */
    record NicLoad(String name, Bandwidth link, Traffic traffic) {}
}
