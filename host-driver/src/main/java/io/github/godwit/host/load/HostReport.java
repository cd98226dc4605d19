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
 * Reports the current state of this host.
 *
 * @param capabilities     the techniques that its QEMU supports, probed at start
 * @param migrationAddress IP address at which it receives migrations
 * @param load             its CPU and memory load
 * @param spread           how its VMs spread their CPU use over threads
 * @param link             rate of its NIC
 * @param traffic          traffic of its NIC
 * @param reservations     whether it can reserve bandwidth
 * @param agentVersion     version of the host driver
 * @param recalibration    corrections of predictions, from the errors of its latest migrations
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
