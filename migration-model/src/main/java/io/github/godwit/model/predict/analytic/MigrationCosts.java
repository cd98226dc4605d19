package io.github.godwit.model.predict.analytic;

import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.unit.Checks;

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
 * @param zlibSecondsPerPage       CPU for a page that zlib level 1 makes little more than half as big or less, sending not included
 * @param zlibHardSecondsPerPage   the same for a page that it makes hardly smaller: it searches longer
 * @param zstdSecondsPerPage       CPU for a page that zstd level 1 makes a third as big or less, sending not included
 * @param zstdHardSecondsPerPage   the same for a page that stays bigger: it finds nothing that repeats, and is quicker
 * @param xbzrleSecondsPerPage     CPU for a page through XBZRLE, sending not included
 * @param syncSecondsPerPage       one dirty-bitmap sync, for each page of memory
 * @param faultSecondsPerPage      CPU of the vCPU for the first write to a page after each sync
 * @param ringFaultSecondsPerPage  the same where KVM tracks writes by a dirty ring
 * @param queueBytes               what a connection holds between QEMU and the wire once 10 MB have been sent: it must go out first when the VM
 *                                 is stopped, and is downtime
 * @param postcopyQueueBytes       what the source has in flight when the VM asks for a page in post-copy: it waits for all that
 * @param postcopyStallBytes       what must arrive before the VM gets anything done after a switch to post-copy with preemption
 * @param faultSeconds             how long the VM waits for a page in post-copy beyond what is in flight and the round trip
 * @param wakeSeconds              how long a thread that such a page needs waits for a core of a host that is busy
 * @param wakeLoss                 share of its speed that a VM which always runs loses on a host where other threads always run, too
 * @param kernelSecondsPerPage     CPU of the source for a page that the kernel takes beside QEMU's own account
 * @param trafficSecondsPerPage    CPU of a host for 4 KiB of other traffic over its NIC
 * @param arrivalSeconds           how long the VM gets nothing done around its arrival, beyond QEMU's downtime
 * @param receiveSecondsPerPage    CPU of the destination's one thread to take a page in pre-copy, which bounds the rate
 * @param postcopyReceiveSecondsPerPage the same in post-copy, where the page is placed under the running VM
 * @param postcopyStartSeconds     how long pages are sent before a switch to post-copy at once comes about
 * @param postcopySwitchCpuSeconds CPU of the source for the switch to post-copy
 * @param postcopySendSecondsPerPage CPU of the source for a page after the switch
 * @param postcopyZeroSecondsPerPage CPU of the destination's one thread for a zero page in post-copy, which is placed, too
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
        double zstdHardSecondsPerPage,
        double xbzrleSecondsPerPage,
        double syncSecondsPerPage,
        double faultSecondsPerPage,
        double ringFaultSecondsPerPage,
        double queueBytes,
        double postcopyQueueBytes,
        double postcopyStallBytes,
        double faultSeconds,
        double wakeSeconds,
        double wakeLoss,
        double kernelSecondsPerPage,
        double trafficSecondsPerPage,
        double arrivalSeconds,
        double receiveSecondsPerPage,
        double postcopyStartSeconds,
        double postcopySwitchCpuSeconds,
        double postcopySendSecondsPerPage,
        double postcopyReceiveSecondsPerPage,
        double postcopyZeroSecondsPerPage,
        double baseMemoryBytes,
        double channelMemoryBytes) {

    /** Of guests under KVM: fitted to the lab's dataset by {@code godwit-train calibrate}. */
    public static final MigrationCosts LAB = new MigrationCosts(
            0.021, 0.00936, 0.000957, 0.947, 1.75e-6, 2.03e-7, 5.25e-5, 8.23e-5, 2.19e-5, 6.79e-6, 2.52e-6, 7.86e-10,
            5.81e-6, 7.21e-6, 8.81e5, 4.51e5, 4.53e5, 1.39e-5, 0.00056, 0.485, 6.87e-7, 4.34e-6, 0.0114, 9.97e-6,
            0.0535, 0.00232, 9.71e-7, 5.65e-6, 9.61e-7, 2.35e5, 7.22e5);

    /** Of guests under TCG, which QEMU translates: fitted likewise to the lab's rows under TCG. A dirty ring is KVM's alone. */
    public static final MigrationCosts TCG = new MigrationCosts(
            0.0505, 0.00698, 0.000946, 0.995, 2.14e-6, 1.37e-7, 4.79e-5, 8.82e-5, 2.05e-5, 6.08e-6, 1.84e-6, 8.28e-10,
            4.04e-6, 0, 8.17e5, 3.98e5, 2.01e5, 1.36e-5, 0.000428, 0.271, 7.02e-7, 3.55e-6, 0.00942, 1.02e-5, 0.0446,
            0.00493, 1.14e-6, 2.66e-6, 1.24e-6, 2.85e5, 1.34e6);

    /** The costs that were fitted in the lab where an accelerator runs the guest. */
    public static MigrationCosts of(Accelerator accelerator) {
        return switch (accelerator) {
            case KVM -> LAB;
            case TCG -> TCG;
        };
    }

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
            zstdHardSecondsPerPage,
            xbzrleSecondsPerPage,
            syncSecondsPerPage,
            faultSecondsPerPage,
            ringFaultSecondsPerPage,
            queueBytes,
            postcopyQueueBytes,
            postcopyStallBytes,
            faultSeconds,
            wakeSeconds,
            wakeLoss,
            kernelSecondsPerPage,
            trafficSecondsPerPage,
            arrivalSeconds,
            receiveSecondsPerPage,
            postcopyStartSeconds,
            postcopySwitchCpuSeconds,
            postcopySendSecondsPerPage,
            postcopyReceiveSecondsPerPage,
            postcopyZeroSecondsPerPage,
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
