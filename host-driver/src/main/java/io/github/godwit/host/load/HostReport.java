package io.github.godwit.host.load;

import io.github.godwit.host.load.MigrationNics.NicLoad;
import io.github.godwit.host.nic.PeerAddress;
import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.HostStatus.ReservationSupport;
import io.github.godwit.hostapi.PolicySetVersion;
import io.github.godwit.model.predict.Recalibration;
import io.github.godwit.model.profile.CpuSpread;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.technique.LinkDrop;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Reports the current state of this host.
 *
 * @param capabilities     the techniques that its software supports and its operator permits
 * @param migrationAddress IP address at which it receives migrations
 * @param load             its CPU and memory load
 * @param spread           how its VMs spread their CPU use over threads
 * @param nics             rates and traffic of its NICs
 * @param migrations       the traffic that migrations cause; empty if it is unknown
 * @param forecast         the traffic of applications on the usual NIC that is expected
 * @param reservations     whether it can reserve bandwidth
 * @param agentVersion     version of the host driver
 * @param recalibration    corrections of predictions, from the errors of its latest migrations
 * @param policies         the policy set that it has
 * @param linkDrop         the latest break of its migration link
 * @param described        adds what is known about its migrations
 */
public record HostReport(
        Supplier<HostCapabilities> capabilities,
        String migrationAddress,
        HostLoad load,
        Supplier<CpuSpread> spread,
        MigrationNics nics,
        Supplier<Optional<Traffic>> migrations,
        Supplier<Optional<Traffic>> forecast,
        Supplier<ReservationSupport> reservations,
        String agentVersion,
        Supplier<Recalibration> recalibration,
        Supplier<PolicySetVersion> policies,
        Supplier<Optional<LinkDrop>> linkDrop,
        UnaryOperator<HostStatus> described)
        implements ThisHost {

    @Override
    public HostStatus get() {
        return towards(Optional.empty());
    }

    @Override
    public HostStatus towards(String peer) {
        return towards(PeerAddress.find(peer));
    }

    private HostStatus towards(Optional<InetAddress> peer) {
        HostCapabilities now = capabilities.get();
        NicLoad nic = nics.towards(peer);
        HostProfile profile = new HostProfile(
                now.host(),
                load.cores(),
                load.cpu(),
                load.memory(),
                load.memoryLoad(),
                nic.link(),
                nic.traffic(),
                spread.get().threads(),
                now.libvirt() == null ? Hypervisor.QEMU : Hypervisor.LIBVIRT);
        return described.apply(new HostStatus(
                profile,
                now,
                migrationAddress,
                reservations.get(),
                agentVersion,
                recalibration.get(),
                load.hugePages(),
                null,
                null,
                null,
                policies.get(),
                linkDrop.get().orElse(null),
                nic.name(),
                migrations.get().orElse(null),
                // It is that of another NIC.
                peer.isPresent() ? null : forecast.get().orElse(null),
                null));
    }
}
