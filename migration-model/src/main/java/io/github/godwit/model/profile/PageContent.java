package io.github.godwit.model.profile;

import io.github.godwit.model.unit.Checks;
import io.github.godwit.model.unit.MemorySize;

/**
 * What the VM's non-zero pages hold, estimated from a random sample of them. It decides what compression can save.
 *
 * @param entropy             normalised Shannon entropy of the bytes, 0 (constant) to 1 (random); SPEC M1 in units of 8 bit
 * @param zlibRatio           compressed over original size under zlib level 1, above 0; may pass 1 a little
 * @param zstdRatio           the same under zstd level 1
 * @param changedBytesPerPage bytes that differ in a page between two looks at it, of the pages that changed at all, 0 to 4096;
 *                            what delta compression has to send
 */
public record PageContent(double entropy, double zlibRatio, double zstdRatio, double changedBytesPerPage) {

    /** Content about which nothing is known: taken as incompressible and changing as a whole. */
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
