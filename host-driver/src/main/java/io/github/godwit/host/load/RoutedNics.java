package io.github.godwit.host.load;

import io.github.godwit.host.net.LinkSpeed;
import io.github.godwit.host.nic.MigrationRoute;
import io.github.godwit.host.nic.NetworkTracker;
import io.github.godwit.host.nic.OutgoingNic;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The NICs as the kernel routes to them, with their rates and counters.
 *
 * @param sysfs   the mount point of sysfs, {@code /sys}
 * @param route   finds the NICs
 * @param tracker reads the counters
 * @param given   the rate of the usual NIC, if the operator gave it
 * @param assumed the rate that holds if nothing else is known
 */
public record RoutedNics(
        Path sysfs, MigrationRoute route, NetworkTracker tracker, Optional<Bandwidth> given, Bandwidth assumed)
        implements MigrationNics {

    @Override
    public NicLoad towards(Optional<InetAddress> peer) {
        Optional<OutgoingNic> found = nic(peer);
        return new NicLoad(
                found.map(OutgoingNic::toString).orElse(null),
                rate(found).orElse(assumed),
                found.map(each -> tracker.traffic(each.carriers())).orElse(Traffic.NONE));
    }

    /** The rate towards a peer without the assumed one; empty if nothing is known. */
    public Optional<Bandwidth> known(Optional<InetAddress> peer) {
        return rate(nic(peer));
    }

    private Optional<OutgoingNic> nic(Optional<InetAddress> peer) {
        return peer.flatMap(route::nicTo).or(route::nic);
    }

    private Optional<Bandwidth> rate(Optional<OutgoingNic> nic) {
        Optional<Bandwidth> ofOperator = nic.equals(route.nic()) ? given : Optional.empty();
        return nic.map(each -> new LinkSpeed(sysfs, each.device(), ofOperator).rate())
                .orElse(ofOperator);
    }
}
