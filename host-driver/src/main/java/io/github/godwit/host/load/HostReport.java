package io.github.godwit.host.load;

import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.HostStatus.ReservationSupport;
import io.github.godwit.hostapi.PolicySetVersion;
import io.github.godwit.model.predict.Recalibration;
import io.github.godwit.model.profile.CpuSpread;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.technique.LinkDrop;
import io.github.godwit.model.unit.Bandwidth;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reports the current state of this host.
 *
 * @param capabilities     the techniques that its software supports and its operator permits
 * @param migrationAddress IP address at which it receives migrations
 * @param load             its CPU and memory load
 * @param spread           how its VMs spread their CPU use over threads
 * @param link             rate of its NIC
 * @param traffic          traffic of its NIC
 * @param reservations     whether it can reserve bandwidth
 * @param agentVersion     version of the host driver
 * @param recalibration    corrections of predictions, from the errors of its latest migrations
 * @param policies         the policy set that it has
 * @param linkDrop         the latest break of its migration link
 */
public record HostReport(
        Supplier<HostCapabilities> capabilities,
        String migrationAddress,
        HostLoad load,
        Supplier<CpuSpread> spread,
        Supplier<Bandwidth> link,
        Supplier<Traffic> traffic,
        Supplier<ReservationSupport> reservations,
        String agentVersion,
        Supplier<Recalibration> recalibration,
        Supplier<PolicySetVersion> policies,
        Supplier<Optional<LinkDrop>> linkDrop)
        implements Supplier<HostStatus> {

    @Override
    public HostStatus get() {
        HostCapabilities now = capabilities.get();
        HostProfile profile = new HostProfile(
                now.host(),
                load.cores(),
                load.cpu(),
                load.memory(),
                load.memoryLoad(),
                link.get(),
                traffic.get(),
                spread.get().threads());
        return new HostStatus(
                profile,
                now,
                migrationAddress,
                reservations.get(),
                agentVersion,
                recalibration.get(),
                load.hugePages(),
                null,
                null,
                policies.get(),
                linkDrop.get().orElse(null));
    }
}
