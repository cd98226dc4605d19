package io.github.godwit.model.analytic;

import io.github.godwit.model.Checks;
import io.github.godwit.model.VmProfile;

/**
 * What the steps of a migration cost on a kind of host: the constants that {@link AnalyticPredictor} multiplies
 * (docs/prediction.md).
 *
 * @param setupSeconds             from the command to the first page, pre-copy
 * @param stopSeconds              stopping the VM, sending its devices, starting it there: downtime beyond the pages
 * @param postcopySwitchSeconds    downtime of the switch to post-copy
 * @param wireEfficiency           share of the link's rate that reaches QEMU as payload
 * @param sendSecondsPerPage       CPU of the source for a page sent as it is, socket and kernel included
 * @param zeroSecondsPerPage       CPU of the source for a page found to be zero
 * @param zlibSecondsPerPage       CPU for a page that zlib level 1 halves, sending not included
 * @param zlibHardSecondsPerPage   the same for a page that it makes hardly smaller: it searches longer
 * @param zstdSecondsPerPage       CPU for a page that zstd level 1 makes vanish, sending not included; it takes less for one
 *                                 that it makes hardly smaller, since it gives up early
 * @param xbzrleSecondsPerPage     CPU for a page through XBZRLE, sending not included
 * @param syncSecondsPerPage       one dirty-bitmap sync, for each page of memory
 * @param faultSecondsPerPage      CPU of the vCPU for the first write to a page after each sync
 * @param ringFaultSecondsPerPage  the same where KVM tracks writes by a dirty ring
 * @param queueBytes               what a connection holds between QEMU and the wire when the VM is stopped: it must go out first,
 *                                 and is downtime
 * @param postcopyQueueBytes       what the source has in flight when the VM asks for a page in post-copy: it waits for all that
 * @param postcopyStallBytes       what must arrive before the VM gets anything done after a switch to post-copy
 * @param faultSeconds             how long the VM waits for a page in post-copy beyond what is in flight and the round trip
 * @param kernelSecondsPerPage     CPU of the source for a page that the kernel takes beside QEMU's own account
 * @param trafficSecondsPerPage    CPU of a host for 4 KiB of other traffic over its NIC
 * @param arrivalSeconds           how long the VM gets nothing done around its arrival, beyond QEMU's downtime
 * @param receiveSecondsPerPage    CPU of the destination's one thread to take a page in pre-copy, which bounds the rate
 * @param postcopyReceiveSecondsPerPage the same in post-copy, where the page is placed under the running VM
 * @param baseMemoryBytes          growth of the source's memory by any migration
 * @param channelMemoryBytes       the same for each multifd channel
 */
public record MigrationCosts(
        double setupSeconds,
        double stopSeconds,
        double postcopySwitchSeconds,
        double wireEfficiency,
        double sendSecondsPerPage,
        double zeroSecondsPerPage,
        double zlibSecondsPerPage,
        double zlibHardSecondsPerPage,
        double zstdSecondsPerPage,
        double xbzrleSecondsPerPage,
        double syncSecondsPerPage,
        double faultSecondsPerPage,
        double ringFaultSecondsPerPage,
        double queueBytes,
        double postcopyQueueBytes,
        double postcopyStallBytes,
        double faultSeconds,
        double kernelSecondsPerPage,
        double trafficSecondsPerPage,
        double arrivalSeconds,
        double receiveSecondsPerPage,
        double postcopyReceiveSecondsPerPage,
        double baseMemoryBytes,
        double channelMemoryBytes) {

    /** Fitted to the lab's dataset by {@code godwit-train calibrate}. */
    public static final MigrationCosts LAB = new MigrationCosts(
            0.0598, 0.0243, 0.000966, 1, 1.47e-6, 1.57e-7, 4.29e-5, 8.08e-5, 1.98e-5, 5.33e-6, 2.89e-9, 7e-6, 9.89e-6,
            1.69e5, 1.17e5, 6.11e5, 6.72e-6, 1.77e-6, 5.5e-6, 0.0687, 8.49e-6, 7.22e-6, 2.45e5, 6.65e5);

    /**
     * @throws IllegalArgumentException when a cost is negative or the efficiency is not above 0 and at most 1
     */
    public MigrationCosts {
        Checks.inRange("wireEfficiency", wireEfficiency, Double.MIN_NORMAL, 1);
        for (double cost : new double[] {
            setupSeconds,
            stopSeconds,
            postcopySwitchSeconds,
            sendSecondsPerPage,
            zeroSecondsPerPage,
            zlibSecondsPerPage,
            zlibHardSecondsPerPage,
            zstdSecondsPerPage,
            xbzrleSecondsPerPage,
            syncSecondsPerPage,
            faultSecondsPerPage,
            ringFaultSecondsPerPage,
            queueBytes,
            postcopyQueueBytes,
            postcopyStallBytes,
            faultSeconds,
            kernelSecondsPerPage,
            trafficSecondsPerPage,
            arrivalSeconds,
            receiveSecondsPerPage,
            postcopyReceiveSecondsPerPage,
            baseMemoryBytes,
            channelMemoryBytes
        }) {
            Checks.notNegative("cost", cost);
        }
    }

    /** CPU of a vCPU of this VM for the first write to a page after each sync. */
    double faultSecondsPerPage(VmProfile vm) {
        return vm.dirtyRing() ? ringFaultSecondsPerPage : faultSecondsPerPage;
    }
}
