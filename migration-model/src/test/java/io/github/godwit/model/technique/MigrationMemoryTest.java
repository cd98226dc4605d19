package io.github.godwit.model.technique;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether hosts have the memory that QEMU allocates for a technique. */
class MigrationMemoryTest {

    private static final long MIB = 1 << 20;
    private static final MemorySize NOVAS_DEFAULT = MemorySize.ofMebibytes(512);
    private static final MigrationTuning BIG_CACHE = MigrationTuning.DEFAULT.withXbzrleCache(MemorySize.parse("1G"));

    /** A host of 4 GiB of which so much is free. */
    private static MigrationMemory.Host host(String name, double freeMebibytes, MemorySize reserved) {
        return new MigrationMemory.Host(
                new HostProfile(
                        name,
                        4,
                        0,
                        MemorySize.parse("4G"),
                        1 - freeMebibytes / 4096,
                        Bandwidth.parse("1gbit"),
                        Traffic.NONE),
                reserved);
    }

    /** 64 MiB of pages, and 24 bytes for each of 16,384: 0.375 MiB. */
    @Test
    void theCacheIsOnTheSourceOnly() {
        assertThat(MigrationMemory.onSource(Technique.XBZRLE, MigrationTuning.DEFAULT))
                .isEqualTo(64 * MIB + 16_384 * 24);
        assertThat(MigrationMemory.onDestination(Technique.XBZRLE, MigrationTuning.DEFAULT))
                .isEqualTo(4096);
    }

    /** For each channel 0.5 MiB, with zlib 1.25 MiB more, with zstd 2.5 MiB. */
    @ParameterizedTest
    @CsvSource({"MULTIFD, 4, 2", "ZLIB, 4, 7", "ZSTD, 4, 12", "PRE_COPY, 4, 0", "POST_COPY, 4, 0"})
    void multifdHasBuffersForEachChannelOnBothHosts(Technique technique, int channels, double mebibytes) {
        MigrationTuning tuning = MigrationTuning.DEFAULT.withMultifdChannels(channels);

        assertThat(MigrationMemory.onSource(technique, tuning)).isEqualTo((long) (mebibytes * MIB));
        assertThat(MigrationMemory.onDestination(technique, tuning)).isEqualTo((long) (mebibytes * MIB));
    }

    @ParameterizedTest(name = "{0} MiB free, {1} kept: cache of {2} MiB")
    @CsvSource({
        "2000, 0,   1024",
        // 1024 MiB and 6 MiB for its index do not fit into 1029
        "1029, 0,   512",
        "1031, 0,   1024",
        "1031, 512, 512",
        "900,  512, 256",
        "577,  512, 64",
        // nothing below QEMU's default is worth it: it stays, and is too large
        "570,  512, 1024"
    })
    void theCacheIsShrunkToWhatFits(double free, long reserved, long cache) {
        long room = MigrationMemory.room(host("h", free, NOVAS_DEFAULT).profile(), MemorySize.ofMebibytes(reserved));

        assertThat(MigrationMemory.fitted(BIG_CACHE, room).xbzrleCache()).isEqualTo(MemorySize.ofMebibytes(cache));
    }

    @Test
    void aSmallerCacheThanTheDefaultStaysAsItIs() {
        MigrationTuning small = MigrationTuning.DEFAULT.withXbzrleCache(MemorySize.ofMebibytes(16));

        assertThat(MigrationMemory.fitted(small, 0)).isEqualTo(small);
        assertThat(MigrationMemory.fitted(small, 20 * MIB)).isEqualTo(small);
    }

    @Test
    void aTechniqueWithoutItsMemoryIsUnavailableWithTheFigures() {
        Map<Technique, String> shortages = MigrationMemory.shortages(
                MigrationTuning.DEFAULT, host("h1", 552, NOVAS_DEFAULT), host("h2", 4096, NOVAS_DEFAULT));

        assertThat(shortages)
                .containsOnlyKeys(Technique.XBZRLE, Technique.XBZRLE_ZLIB, Technique.XBZRLE_ZLIB_ASYNC)
                .containsEntry(
                        Technique.XBZRLE,
                        "needs 64.4 MiB for its buffers on h1, which has 552.0 MiB free, of which 512 MiB are kept for the"
                                + " host (reserved_host_memory_mb)");
    }

    @Test
    void theDestinationNeedsMemoryForItsChannelsToo() {
        MigrationTuning many = MigrationTuning.DEFAULT.withMultifdChannels(255);

        Map<Technique, String> shortages =
                MigrationMemory.shortages(many, host("h1", 4096, NOVAS_DEFAULT), host("h2", 600, NOVAS_DEFAULT));

        assertThat(shortages)
                .containsOnlyKeys(Technique.ZSTD, Technique.ZLIB, Technique.MULTIFD, Technique.MULTIFD_POST_COPY);
        assertThat(shortages.get(Technique.MULTIFD)).startsWith("needs 127.5 MiB for its buffers on h2");
    }

    /** More is in use than the operator wants to keep: there is no room, and no negative one. */
    @Test
    void plainPreCopyAndPostCopyNeedNoBuffers() {
        Map<Technique, String> shortages = MigrationMemory.shortages(
                MigrationTuning.DEFAULT, host("h1", 100, NOVAS_DEFAULT), host("h2", 100, NOVAS_DEFAULT));

        assertThat(shortages).doesNotContainKeys(Technique.PRE_COPY, Technique.POST_COPY, Technique.AUTO_CONVERGE);
        assertThat(shortages).containsKeys(Technique.MULTIFD, Technique.XBZRLE);
    }
}
