package io.github.godwit.host.load;

import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.HostStatus.ReservationSupport;
import io.github.godwit.model.predict.Recalibration;
import io.github.godwit.model.profile.CpuSpread;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.unit.Bandwidth;
import java.util.function.Supplier;

/**
 * Says how this host is now.
 *
 * @param capabilities     what its QEMU takes, probed at start
 * @param migrationAddress IP address that migrations come to
 * @param load             its CPU and memory
 * @param spread           over how many threads its VMs spread their load
 * @param link             rate of its NIC
 * @param traffic          what goes over the NIC
 * @param reservations     whether bandwidth can be reserved
 * @param agentVersion     version of this program
 * @param recalibration    what its latest migrations say about its predictions
 */
public record HostReport(
        HostCapabilities capabilities,
        String migrationAddress,
        HostLoad load,
        Supplier<CpuSpread> spread,
        Bandwidth link,
        Supplier<Traffic> traffic,
        Supplier<ReservationSupport> reservations,
        String agentVersion,
        Supplier<Recalibration> recalibration)
        implements Supplier<HostStatus> {

    @Override
    public HostStatus get() {
        HostProfile profile = new HostProfile(
                capabilities.host(),
                load.cores(),
                load.cpu(),
                load.memory(),
                load.memoryLoad(),
                link,
                traffic.get(),
                spread.get().threads());
        return new HostStatus(
                profile, capabilities, migrationAddress, reservations.get(), agentVersion, recalibration.get());
    }
}
