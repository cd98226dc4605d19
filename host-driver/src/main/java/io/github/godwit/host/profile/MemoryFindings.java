package io.github.godwit.host.profile;

import io.github.godwit.model.profile.PageContent;
import io.github.godwit.model.unit.MemorySize;

/**
 * What a sample of a guest's memory says about all of it.
 *
 * @param presentPages        pages of 4 KiB that the host has given memory to
 * @param nonZeroPages        those of them that hold something
 * @param content             what they hold; {@code changedBytesPerPage} is 4096 when no sampled page changed, so that nothing
 *                            is promised that was not seen
 * @param changedShare        share of the present pages that changed between both looks, 0 to 1
 * @param spatialLocality     share of the changed pages whose next page changed too, 0 to 1
 * @param secondsBetweenLooks time between both looks
 */
public record MemoryFindings(
        long presentPages,
        long nonZeroPages,
        PageContent content,
        double changedShare,
        double spatialLocality,
        double secondsBetweenLooks) {

    /** How many pages changed between both looks, by the sample. */
    public double changedPages() {
        return changedShare * presentPages;
    }

    static PageContent content(
            double entropy, double zlibRatio, double zstdRatio, int changedPages, long changedBytes) {
        double changed = changedPages == 0 ? MemorySize.PAGE_BYTES : (double) changedBytes / changedPages;
        return new PageContent(entropy, Math.min(2, zlibRatio), Math.min(2, zstdRatio), changed);
    }
}
