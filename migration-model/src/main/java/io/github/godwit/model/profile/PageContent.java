package io.github.godwit.model.profile;

import io.github.godwit.model.unit.Checks;
import io.github.godwit.model.unit.MemorySize;

/**
 * How compressible a VM's non-zero pages are, estimated from a random sample of them.
 *
 * @param entropy             Shannon entropy of the bytes, in units of 8 bits: 0 (constant) to 1 (random)
 * @param zlibRatio           compressed over original size with zlib level 1; may be slightly above 1
 * @param zstdRatio           the same with zstd level 1
 * @param changedBytesPerPage bytes that differ between two samples of a page, averaged over the pages that changed, 0 to 4096;
 *                            delta compression has to send these
 */
public record PageContent(double entropy, double zlibRatio, double zstdRatio, double changedBytesPerPage) {

    /** Unknown content, which is treated as incompressible and changing completely. */
    public static final PageContent UNKNOWN = new PageContent(1, 1, 1, MemorySize.PAGE_BYTES);

    /**
     * @throws IllegalArgumentException when a value is out of its range
     */
    public PageContent {
        Checks.inRange("entropy", entropy, 0, 1);
        Checks.inRange("zlibRatio", zlibRatio, 0, 2);
        Checks.inRange("zstdRatio", zstdRatio, 0, 2);
        Checks.inRange("changedBytesPerPage", changedBytesPerPage, 0, MemorySize.PAGE_BYTES);
    }
}
