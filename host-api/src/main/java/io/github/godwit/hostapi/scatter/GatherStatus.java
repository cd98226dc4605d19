package io.github.godwit.hostapi.scatter;

/**
 * How far the destination of a migration by SCATTER-GATHER is.
 *
 * @param phase        what it does
 * @param pages        pages that are stored on intermediaries, or were
 * @param delivered    those of them that the destination's QEMU has
 * @param asked        pages that QEMU asked for
 * @param medianMillis how long it waited for one that an intermediary had, median in ms; 0 if there was none
 * @param failure      why it gave up; empty if it did not
 */
public record GatherStatus(Phase phase, long pages, long delivered, long asked, double medianMillis, String failure) {

    /** What a destination does. */
    public enum Phase {
        /** The source's stream is passed on. */
        PASSING,
        /** The VM runs here, and the source still sends pages. */
        SCATTERING,
        /** It needs nothing of the source any more. */
        GATHERING,
        /** QEMU has everything. */
        DONE,
        /** It has given up: QEMU's own recovery continues, or, where the source has sent every page, another attempt to fetch them. */
        FAILED
    }
}
