package io.github.godwit.model.technique;

import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.technique.TechniqueTraits.Compression;
import io.github.godwit.model.unit.MemorySize;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The memory that QEMU allocates for a technique, and whether a host has it: XBZRLE's cache on the source (migration/page_cache.c), the
 * packets and compression buffers of multifd on both hosts (migration/multifd*.c). A host keeps {@code reserved_host_memory_mb} for
 * itself. Pure.
 */
public final class MigrationMemory {

    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;

    /** Bytes of QEMU's {@code CacheItem}, of which the cache has one for each page. */
    private static final long CACHE_ITEM_BYTES = 24;

    /** {@code MULTIFD_PACKET_SIZE}: the pages that a channel collects before it sends them. */
    private static final long PACKET_BYTES = 512 * KIB;

    /** Twice a packet for the output of zlib, and zlib's own state. */
    private static final long ZLIB_BYTES = MIB + 256 * KIB;

    /** Twice a packet for the output of zstd, and its context at low levels. */
    private static final long ZSTD_BYTES = MIB + 1_536 * KIB;

    /** Bytes that a connection needs with the technique that needs most. */
    static final long MOST_BYTES_PER_CHANNEL = PACKET_BYTES + ZSTD_BYTES;

    private MigrationMemory() {}

    /** Bytes that the source's QEMU allocates at most for a technique. */
    public static long onSource(Technique technique, MigrationTuning tuning) {
        return (technique.traits().delta() ? cacheBytes(tuning.xbzrleCache().bytes()) : 0)
                + channelBytes(technique, tuning);
    }

    /** Bytes that the destination's QEMU allocates at most for a technique. */
    public static long onDestination(Technique technique, MigrationTuning tuning) {
        return (technique.traits().delta() ? MemorySize.PAGE_BYTES : 0) + channelBytes(technique, tuning);
    }

    private static long cacheBytes(long size) {
        return size + size / MemorySize.PAGE_BYTES * CACHE_ITEM_BYTES;
    }

    private static long channelBytes(Technique technique, MigrationTuning tuning) {
        TechniqueTraits traits = technique.traits();
        if (!traits.multifd()) {
            return 0;
        }
        long buffers = traits.compression() == Compression.NONE
                ? 0
                : traits.compression() == Compression.ZLIB ? ZLIB_BYTES : ZSTD_BYTES;
        return tuning.multifdChannels() * (PACKET_BYTES + buffers);
    }

    /** Bytes that a host has for migrations: its free memory without what its operator keeps for the host. */
    public static long room(HostProfile host, MemorySize reserved) {
        double free = host.memory().bytes() * (1 - host.memoryLoad());
        return Math.max(0, (long) free - reserved.bytes());
    }

    /**
     * A tuning whose XBZRLE cache fits into a host's memory: the largest power of two that fits, but never less than QEMU's default of
     * 64 MiB. If not even that fits, the tuning stays as it is, and {@link #shortages} rules the technique out.
     *
     * @param room bytes that the source has for migrations
     */
    public static MigrationTuning fitted(MigrationTuning tuning, long room) {
        long cache = tuning.xbzrleCache().bytes();
        long least = MigrationTuning.DEFAULT.xbzrleCache().bytes();
        long fits = cache;
        while (cacheBytes(fits) > room && fits > least) {
            fits /= 2;
        }
        return fits == cache || cacheBytes(fits) > room ? tuning : tuning.withXbzrleCache(new MemorySize(fits));
    }

    /**
     * The techniques for which a host has too little memory, with figures, each as the rest of a sentence that begins with the technique.
     *
     * @param tuning      the tuning, already {@linkplain #fitted fitted}
     * @param source      the source, with the memory that its operator keeps
     * @param destination the destination likewise
     */
    public static Map<Technique, String> shortages(MigrationTuning tuning, Host source, Host destination) {
        Map<Technique, String> reasons = new EnumMap<>(Technique.class);
        for (Technique technique : Technique.values()) {
            shortage(onSource(technique, tuning), source)
                    .or(() -> shortage(onDestination(technique, tuning), destination))
                    .ifPresent(reason -> reasons.put(technique, reason));
        }
        return reasons;
    }

    private static Optional<String> shortage(long needed, Host host) {
        long room = room(host.profile(), host.reserved());
        if (needed <= room) {
            return Optional.empty();
        }
        double free = host.profile().memory().bytes() * (1 - host.profile().memoryLoad());
        return Optional.of(
                "needs %.1f MiB for its buffers on %s, which has %.1f MiB free, of which %.0f MiB are kept for the host%s"
                        .formatted(
                                (double) needed / MIB,
                                host.profile().name(),
                                free / MIB,
                                host.reserved().mebibytes(),
                                host.reserved().bytes() == 0 ? "" : " (reserved_host_memory_mb)"));
    }

    /**
     * A host.
     *
     * @param profile  its memory and load
     * @param reserved memory that its operator keeps for the host
     */
    public record Host(HostProfile profile, MemorySize reserved) {}
}
