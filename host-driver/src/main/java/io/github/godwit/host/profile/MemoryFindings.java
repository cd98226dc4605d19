package io.github.godwit.host.profile;

import io.github.godwit.model.profile.PageContent;
import io.github.godwit.model.unit.MemorySize;

/**
 * An estimate of a guest's whole memory from a sample that was read twice.
 *
 * @param presentPages        number of pages of 4 KiB that the host has allocated
 * @param nonZeroPages        number of pages that are not zero, including those that are swapped out
 * @param content             content of the non-zero pages; {@code changedBytesPerPage} is 4096 if no sampled page changed, so that
 *                            delta compression is not overestimated
 * @param changedShare        share of the present pages that changed between both readings, 0 to 1
 * @param spatialLocality     share of the changed pages whose next page changed too, 0 to 1
 * @param secondsBetweenReads time between both readings, in seconds
 */
public record MemoryFindings(
        long presentPages,
        long nonZeroPages,
        PageContent content,
        double changedShare,
        double spatialLocality,
        double secondsBetweenReads) {

    /** Estimated number of pages that changed between both readings. */
    public double changedPages() {
        return changedShare * presentPages;
    }

    static PageContent content(
            double entropy, double zlibRatio, double zstdRatio, int changedPages, long changedBytes) {
        double changed = changedPages == 0 ? MemorySize.PAGE_BYTES : (double) changedBytes / changedPages;
        return new PageContent(entropy, Math.min(2, zlibRatio), Math.min(2, zstdRatio), changed);
    }
}
