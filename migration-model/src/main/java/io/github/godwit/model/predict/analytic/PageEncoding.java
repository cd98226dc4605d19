package io.github.godwit.model.predict.analytic;

import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.profile.PageContent;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueTraits;
import io.github.godwit.model.technique.TechniqueTraits.Compression;
import io.github.godwit.model.unit.MemorySize;

/**
 * How a technique sends pages: bytes and CPU time for each, as in QEMU's migration/ram.c and migration/multifd.c.
 *
 * <p>Uncompressed: a header of 8 B and 4096 B; a zero page takes 9 B. Multifd: an offset of 8 B for each page of a
 * packet, and the page, compressed if the technique compresses. XBZRLE: the first round is not delta-compressed;
 * afterwards a page in the cache is sent as its difference. The cache fills only in the first dirty round, which
 * therefore saves nothing.
 */
final class PageEncoding {

    /** Pages in a multifd packet of 512 KiB. */
    static final int PACKET_PAGES = 128;

    private static final int HEADER_BYTES = 8;
    private static final int ZERO_BYTES = 9;
    /** QEMU's default of {@code compress-threads}. */
    private static final int COMPRESS_THREADS = 8;

    /** Header, encoding byte and length, and the run lengths around a change. */
    private static final int DELTA_OVERHEAD_BYTES = 16;

    /** Compression ratios between which the cost of a page changes, in the lab's dataset. */
    private static final double ZLIB_EASY_RATIO = 0.56;

    private static final double ZLIB_HARD_RATIO = 0.7;
    private static final double ZSTD_EASY_RATIO = 0.34;
    private static final double ZSTD_HARD_RATIO = 0.43;

    private final MigrationTuning tuning;
    private final PageContent content;
    private final MigrationCosts costs;
    private final double deltaBytes;
    private final double deltaSeconds;
    private final double cachePages;
    private final double workingSet;

    private double rawBytes;
    private double rawSeconds;
    private double zeroBytes;
    private double laterBytes;
    private double laterSeconds;
    private double threads;
    private boolean multifd;
    private boolean delta;
    private double cached;

    PageEncoding(MigrationCase migration, MigrationCosts costs) {
        this.tuning = migration.tuning();
        this.content = migration.vm().content();
        this.costs = costs;
        deltaBytes = DELTA_OVERHEAD_BYTES + Math.min(MemorySize.PAGE_BYTES, content.changedBytesPerPage());
        deltaSeconds = costs.xbzrleSecondsPerPage();
        cachePages = tuning.xbzrleCache().bytes() / (double) MemorySize.PAGE_BYTES;
        workingSet = Math.max(1, migration.vm().dirtyCurve().writableWorkingSetPages());
    }

    /** Starts over with the encoding of a technique. */
    void use(Technique technique) {
        TechniqueTraits traits = technique.traits();
        Compression compression = traits.compression();
        multifd = traits.multifd();
        delta = traits.delta();
        double ratio = ratio(compression);
        double compress = compressSeconds(compression, ratio);
        double plainBytes = HEADER_BYTES + (double) MemorySize.PAGE_BYTES;
        rawBytes = HEADER_BYTES + ratio * MemorySize.PAGE_BYTES;
        rawSeconds = costs.sendSecondsPerPage() * Math.min(1, ratio) + compress;
        zeroBytes = multifd ? HEADER_BYTES : ZERO_BYTES;
        // With delta compression, pages that miss the cache in later rounds are not compressed, even if the first round
        // was.
        laterBytes = delta ? plainBytes : rawBytes;
        laterSeconds = delta ? costs.sendSecondsPerPage() + costs.xbzrleSecondsPerPage() : rawSeconds;
        threads = multifd ? tuning.multifdChannels() : compression == Compression.NONE ? 1 : COMPRESS_THREADS;
        cached = 0;
    }

    /** Bytes on the wire for zero pages. */
    double zeroBytes(double pages) {
        return pages * zeroBytes;
    }

    /** CPU seconds for zero pages. */
    double zeroSeconds(double pages) {
        return pages * costs.zeroSecondsPerPage();
    }

    /** Bytes on the wire for pages of the first round. */
    double firstBytes(double pages) {
        return pages * rawBytes;
    }

    /** CPU seconds for pages of the first round. */
    double firstSeconds(double pages) {
        return pages * rawSeconds;
    }

    /** Bytes on the wire for pages of a later round. */
    double laterBytes(double pages) {
        double hits = pages * hitShare();
        return hits * deltaBytes + (pages - hits) * laterBytes;
    }

    /** CPU seconds for pages of a later round. */
    double laterSeconds(double pages) {
        double hits = pages * hitShare();
        return hits * deltaSeconds + (pages - hits) * laterSeconds;
    }

    /** Records the pages that a later round has sent, which are in the cache afterwards. */
    void sentLater(double pages) {
        if (delta) {
            cached = Math.min(Math.min(cachePages, workingSet), cached + pages * (1 - hitShare()));
        }
    }

    /** Whether pages are sent over multifd channels. */
    boolean isMultifd() {
        return multifd;
    }

    /** Threads that share the CPU time. */
    double threads() {
        return threads;
    }

    /** Bytes in use in the page cache. */
    double cacheBytes() {
        return cached * MemorySize.PAGE_BYTES;
    }

    private double ratio(Compression compression) {
        return switch (compression) {
            case NONE -> 1;
            case ZLIB -> content.zlibRatio();
            case ZSTD -> content.zstdRatio();
        };
    }

    private double compressSeconds(Compression compression, double ratio) {
        return switch (compression) {
            case NONE -> 0;
            case ZLIB ->
                between(
                        costs.zlibSecondsPerPage(),
                        costs.zlibHardSecondsPerPage(),
                        ZLIB_EASY_RATIO,
                        ZLIB_HARD_RATIO,
                        ratio);
            case ZSTD ->
                between(
                        costs.zstdSecondsPerPage(),
                        costs.zstdHardSecondsPerPage(),
                        ZSTD_EASY_RATIO,
                        ZSTD_HARD_RATIO,
                        ratio);
        };
    }

    /** Interpolates the cost of a page linearly between the ratios {@code from} and {@code to}. */
    private static double between(double easy, double hard, double from, double to, double ratio) {
        return easy + Math.max(0, Math.min(1, (ratio - from) / (to - from))) * (hard - easy);
    }

    private double hitShare() {
        return delta ? Math.min(1, cached / workingSet) : 0;
    }
}
