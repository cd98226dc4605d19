package io.github.godwit.model.technique;

import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;

/**
 * The parameters of QEMU's migration that Godwit sets. Each technique uses the ones that concern it.
 *
 * @param downtimeLimit      {@code downtime-limit}: switchover begins when the remaining pages fit in it
 * @param maxBandwidth       {@code max-bandwidth} during pre-copy; {@link #UNLIMITED} leaves the limit to the link
 * @param postcopyBandwidth  {@code max-postcopy-bandwidth}; {@link #UNLIMITED} leaves the limit to the link
 * @param throttleInitial    {@code cpu-throttle-initial}, percent
 * @param throttleIncrement  {@code cpu-throttle-increment}, percent
 * @param throttleMax        {@code max-cpu-throttle}, percent
 * @param xbzrleCache        {@code xbzrle-cache-size}, bytes, a power of two
 * @param multifdChannels    {@code multifd-channels}
 * @param zlibLevel          {@code multifd-zlib-level}, 1 fast to 9
 * @param zstdLevel          {@code multifd-zstd-level}, 1 fast to 20
 * @param dirtyLimitMegabytesPerSecond {@code vcpu-dirty-limit}, MB/s for each vCPU, MB being 10^6 bytes
 * @param timeLimit          a migration that takes longer is cancelled and counts as not converging
 * @param postcopyFallback   whether both QEMUs have {@code postcopy-ram} on in a pre-copy, so that it can be switched to post-copy while
 *                           it runs; that costs the VM its huge pages on the destination
 * @param zeroCopy           whether plain multifd hands pages to the socket without copying them ({@code zero-copy-send})
 */
public record MigrationTuning(
        Duration downtimeLimit,
        Bandwidth maxBandwidth,
        Bandwidth postcopyBandwidth,
        int throttleInitial,
        int throttleIncrement,
        int throttleMax,
        MemorySize xbzrleCache,
        int multifdChannels,
        int zlibLevel,
        int zstdLevel,
        int dirtyLimitMegabytesPerSecond,
        Duration timeLimit,
        boolean postcopyFallback,
        boolean zeroCopy) {

    /** A {@code max-bandwidth} above that of any real link: 1 Tbit/s. */
    public static final Bandwidth UNLIMITED = new Bandwidth(1_000_000_000_000L);

    private static final Duration POSTCOPY_DOWNTIME_LIMIT = Duration.ofMillis(1);

    /** QEMU's defaults without its limit on the bandwidth, and a time limit of five minutes. */
    public static final MigrationTuning DEFAULT = new MigrationTuning(
            Duration.ofMillis(300),
            UNLIMITED,
            UNLIMITED,
            20,
            10,
            99,
            MemorySize.ofMebibytes(64),
            2,
            1,
            1,
            1,
            Duration.ofMinutes(5),
            /* postcopyFallback= */ false,
            /* zeroCopy= */ false);

    /**
     * Replaces a missing {@code postcopyBandwidth}, as in older records, by {@link #UNLIMITED}.
     *
     * @throws IllegalArgumentException when a value is out of the range that QEMU accepts
     */
    public MigrationTuning {
        Checks.inRange(
                "downtimeLimit in ms",
                Checks.present("downtimeLimit", downtimeLimit).toMillis(),
                0,
                2_000_000);
        Checks.positive(
                "maxBandwidth", Checks.present("maxBandwidth", maxBandwidth).bitsPerSecond());
        postcopyBandwidth = postcopyBandwidth == null ? UNLIMITED : postcopyBandwidth;
        Checks.positive("postcopyBandwidth", postcopyBandwidth.bitsPerSecond());
        Checks.inRange("throttleInitial", throttleInitial, 1, 99);
        Checks.inRange("throttleIncrement", throttleIncrement, 1, 99);
        Checks.inRange("throttleMax", throttleMax, throttleInitial, 99);
        if (Checks.present("xbzrleCache", xbzrleCache).bytes() < MemorySize.PAGE_BYTES
                || Long.bitCount(xbzrleCache.bytes()) != 1) {
            throw new IllegalArgumentException(
                    "The xbzrleCache (%s) must be a power of two of at least one page.".formatted(xbzrleCache));
        }
        Checks.inRange("multifdChannels", multifdChannels, 1, 255);
        Checks.inRange("zlibLevel", zlibLevel, 1, 9);
        Checks.inRange("zstdLevel", zstdLevel, 1, 20);
        Checks.positive("dirtyLimitMegabytesPerSecond", dirtyLimitMegabytesPerSecond);
        Checks.positive(
                "timeLimit in ms", Checks.present("timeLimit", timeLimit).toMillis());
    }

    /**
     * The tuning for one VM: {@link #DEFAULT} with an XBZRLE cache that holds the writable working set, but at most a
     * quarter of the memory. A cache smaller than the working set misses nearly always: QEMU evicts a page before it is
     * sent again.
     */
    public static MigrationTuning forVm(VmProfile vm) {
        long wanted = Math.max(1, (long) vm.dirtyCurve().writableWorkingSetPages()) * MemorySize.PAGE_BYTES;
        long most = Math.max(DEFAULT.xbzrleCache.bytes(), vm.memory().bytes() / 4);
        long cache = Math.max(DEFAULT.xbzrleCache.bytes(), Long.highestOneBit(Math.min(wanted, most) * 2 - 1));
        return DEFAULT.withXbzrleCache(new MemorySize(cache));
    }

    /**
     * The tuning for one VM between two hosts: {@link #forVm} with as many multifd channels as fill the link and have idle cores.
     *
     * @param link rate of the link between the hosts
     * @param room bytes that the source has for migrations
     */
    public static MigrationTuning between(
            VmProfile vm, HostProfile source, HostProfile destination, Bandwidth link, long room) {
        return forVm(vm).withMultifdChannels(MultifdChannels.between(source, destination, link, room));
    }

    /**
     * The {@code downtime-limit} that a technique runs with. For post-copy it is so short that hardly anything fits in
     * it: QEMU then does not complete the pre-copy phase by itself, and the remaining pages follow the VM. It is not
     * zero: with zero, QEMU never syncs the dirty bitmap at the end of a round, finds nothing left to send, and stops
     * the VM to send all dirty pages.
     */
    public Duration downtimeLimit(Technique technique) {
        return technique.isPostCopy() ? POSTCOPY_DOWNTIME_LIMIT : downtimeLimit;
    }

    /** A copy with another size of the XBZRLE cache. */
    public MigrationTuning withXbzrleCache(MemorySize cache) {
        return with(downtimeLimit, maxBandwidth, postcopyBandwidth, cache, multifdChannels, timeLimit);
    }

    /** A copy with another time limit. */
    public MigrationTuning withTimeLimit(Duration limit) {
        return with(downtimeLimit, maxBandwidth, postcopyBandwidth, xbzrleCache, multifdChannels, limit);
    }

    /** A copy with another limit on the bandwidth of pre-copy. */
    public MigrationTuning withMaxBandwidth(Bandwidth limit) {
        return with(downtimeLimit, limit, postcopyBandwidth, xbzrleCache, multifdChannels, timeLimit);
    }

    /** A copy with another limit on the bandwidth of post-copy. */
    public MigrationTuning withPostcopyBandwidth(Bandwidth limit) {
        return with(downtimeLimit, maxBandwidth, limit, xbzrleCache, multifdChannels, timeLimit);
    }

    /** A copy with another number of multifd channels. */
    public MigrationTuning withMultifdChannels(int channels) {
        return with(downtimeLimit, maxBandwidth, postcopyBandwidth, xbzrleCache, channels, timeLimit);
    }

    /** A copy with another downtime limit. */
    public MigrationTuning withDowntimeLimit(Duration limit) {
        return with(limit, maxBandwidth, postcopyBandwidth, xbzrleCache, multifdChannels, timeLimit);
    }

    /** A copy by which a pre-copy can be switched to post-copy while it runs, or not. */
    public MigrationTuning withPostcopyFallback(boolean possible) {
        return with(
                downtimeLimit,
                maxBandwidth,
                postcopyBandwidth,
                xbzrleCache,
                multifdChannels,
                timeLimit,
                possible,
                zeroCopy);
    }

    /** A copy by which plain multifd copies no pages into the socket, or does. */
    public MigrationTuning withZeroCopy(boolean used) {
        return with(
                downtimeLimit,
                maxBandwidth,
                postcopyBandwidth,
                xbzrleCache,
                multifdChannels,
                timeLimit,
                postcopyFallback,
                used);
    }

    private MigrationTuning with(
            Duration downtime, Bandwidth precopy, Bandwidth postcopy, MemorySize cache, int channels, Duration limit) {
        return with(downtime, precopy, postcopy, cache, channels, limit, postcopyFallback, zeroCopy);
    }

    private MigrationTuning with(
            Duration downtime,
            Bandwidth precopy,
            Bandwidth postcopy,
            MemorySize cache,
            int channels,
            Duration limit,
            boolean fallback,
            boolean withoutCopies) {
        return new MigrationTuning(
                downtime,
                precopy,
                postcopy,
                throttleInitial,
                throttleIncrement,
                throttleMax,
                cache,
                channels,
                zlibLevel,
                zstdLevel,
                dirtyLimitMegabytesPerSecond,
                limit,
                fallback,
                withoutCopies);
    }
}
