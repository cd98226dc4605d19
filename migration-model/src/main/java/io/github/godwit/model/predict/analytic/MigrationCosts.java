package io.github.godwit.model.predict.analytic;

import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.unit.Checks;

/**
 * The costs of the steps of a migration on a kind of host: the constants of {@link AnalyticPredictor} (docs/prediction.md).
 *
 * @param setupSeconds             from the migrate command to the first page of pre-copy
 * @param stopSeconds              downtime apart from pages: stopping the VM, sending its devices, starting it on the destination
 * @param postcopySwitchSeconds    downtime of the switch to post-copy
 * @param wireEfficiency           share of the link's rate that is QEMU's payload
 * @param sendSecondsPerPage       CPU of the source for an uncompressed page, including socket and kernel
 * @param zeroSecondsPerPage       CPU of the source for a page found to be zero
 * @param zlibSecondsPerPage       CPU for a page that zlib level 1 compresses to about half or less, without sending
 * @param zlibHardSecondsPerPage   the same for a page that hardly gets smaller: zlib searches longer
 * @param zstdSecondsPerPage       CPU for a page that zstd level 1 compresses to a third or less, without sending
 * @param zstdHardSecondsPerPage   the same for a page that stays larger: zstd soon stops searching and is faster
 * @param xbzrleSecondsPerPage     CPU for the XBZRLE encoding of a page, without sending
 * @param syncSecondsPerPage       duration of a dirty-bitmap sync for each page of guest memory
 * @param faultSecondsPerPage      CPU of the vCPU for the first write to a page after each sync
 * @param ringFaultSecondsPerPage  the same if KVM tracks writes with a dirty ring
 * @param queueBytes               bytes that a connection buffers between QEMU and the link after 10 MB have been sent;
 *                                 when the VM is stopped they must be sent first, which adds to the downtime
 * @param postcopyQueueBytes       bytes in flight when the VM requests a page in post-copy; the VM waits for all of them
 * @param postcopyStallBytes       bytes that must arrive before the VM makes progress after a switch to post-copy with preemption
 * @param faultSeconds             wait for a page in post-copy apart from what is in flight and the round trip
 * @param wakeSeconds              wait of a thread that handles such a page for a core of a busy host
 * @param wakeLoss                 share of its speed that a VM that is always runnable loses on a host where other threads always run too
 * @param kernelSecondsPerPage     CPU of the source's kernel for a page, which is not accounted to QEMU
 * @param trafficSecondsPerPage    CPU of a host for 4 KiB of other traffic over its NIC
 * @param arrivalSeconds           time around the arrival in which the VM makes no progress, in addition to the downtime
 * @param receiveSecondsPerPage    CPU of the destination's receiving thread for a page in pre-copy, which limits the rate
 * @param postcopyReceiveSecondsPerPage the same in post-copy, where the page is placed while the VM runs
 * @param postcopyStartSeconds     time for which pages are sent before an immediate switch to post-copy takes effect
 * @param postcopySwitchCpuSeconds CPU of the source for the switch to post-copy
 * @param postcopySendSecondsPerPage CPU of the source for a page after the switch
 * @param postcopyZeroSecondsPerPage CPU of the destination's receiving thread for a zero page in post-copy, which must be placed too
 * @param baseMemoryBytes          growth of the source's memory in any migration
 * @param channelMemoryBytes       additional growth for each multifd channel
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

    /** For guests under KVM, fitted to the lab's dataset by {@code godwit-train calibrate}. */
    public static final MigrationCosts LAB = new MigrationCosts(
            0.021, 0.00936, 0.000957, 0.947, 1.75e-6, 2.03e-7, 5.25e-5, 8.23e-5, 2.19e-5, 6.79e-6, 2.52e-6, 7.86e-10,
            5.81e-6, 7.21e-6, 8.81e5, 4.51e5, 4.53e5, 1.39e-5, 0.00056, 0.485, 6.87e-7, 4.34e-6, 0.0114, 9.97e-6,
            0.0535, 0.00232, 9.71e-7, 5.65e-6, 9.61e-7, 2.35e5, 7.22e5);

    /** For guests under TCG, fitted likewise. Only KVM has a dirty ring. */
    public static final MigrationCosts TCG = new MigrationCosts(
            0.0505, 0.00698, 0.000946, 0.995, 2.14e-6, 1.37e-7, 4.79e-5, 8.82e-5, 2.05e-5, 6.08e-6, 1.84e-6, 8.28e-10,
            4.04e-6, 0, 8.17e5, 3.98e5, 2.01e5, 1.36e-5, 0.000428, 0.271, 7.02e-7, 3.55e-6, 0.00942, 1.02e-5, 0.0446,
            0.00493, 1.14e-6, 2.66e-6, 1.24e-6, 2.85e5, 1.34e6);

    /** The costs that were fitted in the lab for guests of an accelerator. */
    public static MigrationCosts of(Accelerator accelerator) {
        return switch (accelerator) {
            case KVM -> LAB;
            case TCG -> TCG;
        };
    }

    /**
     * @throws IllegalArgumentException when a cost is negative, or the efficiency is not above 0 and at most 1
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

    /** CPU time of a vCPU of this VM for the first write to a page after each sync. */
    double faultSecondsPerPage(VmProfile vm) {
        return vm.dirtyRing() ? ringFaultSecondsPerPage : faultSecondsPerPage;
    }
}
