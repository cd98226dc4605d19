package io.github.godwit.model.watch;

/**
 * Counts the rounds of a pre-copy.
 *
 * <p>QEMU counts synchronisations of its dirty bitmap. Up to 10.0 there is one at the end of each round. QEMU 11.1 synchronises several times a
 * second as long as post-copy is possible: its second synchronisation does not end the first round. Where that shows, the rounds follow from
 * the pages: the first is over when all memory was passed, each later one when as many pages were sent as were left at its beginning.
 *
 * @param bySyncs whether each synchronisation has ended a round so far
 * @param number  number of the present round, from 1; 0 before the first
 * @param end     pages that will have been sent at the end of the present round, if rounds follow from pages
 */
public record RoundCounter(boolean bySyncs, int number, long end) {

    /** Before the first figures. */
    public static final RoundCounter NEW = new RoundCounter(true, 0, 0);

    /** The counter after more figures. */
    public RoundCounter after(PrecopyPages pages) {
        if (pages.syncs() < 2) {
            // also when the same VM is migrated anew: QEMU then counts from the beginning
            return new RoundCounter(true, pages.syncs(), 0);
        }
        if (number < 2 && !pages.firstRoundIsOver()) {
            return new RoundCounter(false, 1, 0);
        }
        if (bySyncs) {
            return new RoundCounter(true, pages.syncs(), 0);
        }
        boolean begins = pages.sent() >= end && pages.left() > 0;
        return number < 2 || begins
                ? new RoundCounter(false, Math.max(2, number + 1), pages.sent() + pages.left())
                : this;
    }
}
