package io.github.godwit.model.technique;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many connections multifd uses. */
class MultifdChannelsTest {

    private static HostProfile host(String name, double cores, double load) {
        return new HostProfile(
                name, cores, load, MemorySize.parse("64G"), 0.5, Bandwidth.parse("10gbit"), Traffic.NONE);
    }

    @ParameterizedTest(name = "{0} cores {1} busy to {2} cores {3} busy over {4}, room for {5} MiB: {6}")
    @CsvSource({
        // QEMU's default on a small or a busy host
        "2,  0,    2,  0,   1gbit,   4096, 2",
        "64, 0.99, 64, 0,   10gbit,  4096, 2",
        // four that compress fill 1 Gbit/s
        "64, 0,    64, 0,   1gbit,   4096, 4",
        // the cores idle on the busier host
        "32, 0.75, 64, 0,   10gbit,  4096, 8",
        "64, 0,    16, 0.5, 10gbit,  4096, 8",
        // never more than 16
        "64, 0,    64, 0,   100gbit, 4096, 16",
        // 3 MiB each
        "64, 0,    64, 0,   10gbit,  18,   6",
        "64, 0,    64, 0,   10gbit,  0,    2",
    })
    void thereAreAsManyAsFillTheLinkAndHaveIdleCores(
            double cores, double load, double otherCores, double otherLoad, String link, long mebibytes, int channels) {
        assertThat(MultifdChannels.between(
                        host("h1", cores, load),
                        host("h2", otherCores, otherLoad),
                        Bandwidth.parse(link),
                        mebibytes << 20))
                .isEqualTo(channels);
    }
}
