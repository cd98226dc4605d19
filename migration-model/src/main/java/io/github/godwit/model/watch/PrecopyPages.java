package io.github.godwit.model.watch;

/**
 * How far a pre-copy has come, in pages and as QEMU counts them ({@code query-migrate}).
 *
 * @param syncs synchronisations of the dirty bitmap ({@code dirty-sync-count}, libvirt's {@code memory_iteration})
 * @param sent  pages that were sent, whatever in: whole, as zero, or as a difference
 * @param left  pages that are left to send
 * @param all   pages of the VM's memory; 0 if it is not known
 */
public record PrecopyPages(int syncs, long sent, long left, long all) {

    /** QEMU counts pages of this size on x86-64, whatever the guest or the host uses. */
    public static final int PAGE_BYTES = 4096;

    /** QEMU may count some pages late: the channels of multifd have pages that are on their way. */
    private static final double LATE = 0.01;

    /**
     * Whether all memory has been passed once: nothing of it is left that was never sent. What is left and never was sent is at least what
     * is missing in the pages that were sent; free pages that a guest gives back (free page hints) are never sent.
     */
    public boolean firstRoundIsOver() {
        double unsent = all * (1 - LATE) - sent;
        return unsent <= 0 || left < unsent;
    }
}
