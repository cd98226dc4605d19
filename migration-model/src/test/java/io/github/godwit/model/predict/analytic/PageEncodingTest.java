package io.github.godwit.model.predict.analytic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.Vms;
import io.github.godwit.model.profile.PageContent;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.MemorySize;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Bytes and CPU time of ten pages, of a VM that writes 1,000 pages over and over. */
class PageEncodingTest {

    private static final MigrationCosts COSTS = ByHand.costs(Map.of(
            "sendSecondsPerPage", 2e-6,
            "zeroSecondsPerPage", 3e-7,
            "zlibSecondsPerPage", 50e-6,
            "zlibHardSecondsPerPage", 80e-6,
            "zstdSecondsPerPage", 20e-6,
            "zstdHardSecondsPerPage", 6e-6,
            "xbzrleSecondsPerPage", 4e-6));

    private static final double PLAIN = 10 * (8 + 4096);

    @Test
    void a_plain_page_has_a_header_of_8_bytes_and_a_zero_page_is_9() {
        PageEncoding plain = encoding(Technique.PRE_COPY);

        assertThat(plain.firstBytes(10)).isEqualTo(PLAIN);
        assertThat(plain.laterBytes(10)).isEqualTo(PLAIN);
        assertThat(plain.firstSeconds(10)).isCloseTo(20e-6, within(1e-15));
        assertThat(plain.laterSeconds(10)).isCloseTo(20e-6, within(1e-15));
        assertThat(plain.zeroBytes(10)).isEqualTo(90);
        assertThat(plain.zeroSeconds(10)).isCloseTo(3e-6, within(1e-15));
        assertThat(plain.threads()).isEqualTo(1);
        assertThat(plain.isMultifd()).isFalse();
    }

    @Test
    void multifd_s_packets_have_8_bytes_for_any_page_and_its_channels_share_the_work() {
        PageEncoding multifd = encoding(Technique.MULTIFD);

        assertThat(multifd.firstBytes(10)).isEqualTo(PLAIN);
        assertThat(multifd.zeroBytes(10)).isEqualTo(80);
        assertThat(multifd.threads()).isEqualTo(MigrationTuning.DEFAULT.multifdChannels());
        assertThat(multifd.isMultifd()).isTrue();
    }

    @Test
    void zlib_costs_halfway_from_easy_to_hard_at_a_ratio_halfway_and_sends_that_share() {
        // 0.63 lies in the middle of 0.56 and 0.7
        for (Technique technique : List.of(Technique.ZLIB, Technique.ZLIB_ASYNC)) {
            PageEncoding zlib = encoding(technique, 0.63, 1, 64);

            assertThat(zlib.firstBytes(10)).isCloseTo(10 * (8 + 0.63 * 4096), within(1e-9));
            assertThat(zlib.laterBytes(10)).isCloseTo(10 * (8 + 0.63 * 4096), within(1e-9));
            assertThat(zlib.firstSeconds(10)).isCloseTo(10 * (0.63 * 2e-6 + 65e-6), within(1e-12));
            assertThat(zlib.laterSeconds(10)).isCloseTo(10 * (0.63 * 2e-6 + 65e-6), within(1e-12));
        }
        assertThat(encoding(Technique.ZLIB).threads()).isEqualTo(2);
        assertThat(encoding(Technique.ZLIB).isMultifd()).isTrue();
        assertThat(encoding(Technique.ZLIB_ASYNC).threads())
                .as("QEMU's default of compress-threads")
                .isEqualTo(8);
        assertThat(encoding(Technique.ZLIB_ASYNC).isMultifd()).isFalse();
    }

    @Test
    void zstd_is_quicker_where_it_finds_nothing() {
        // 0.36 is two ninths of the way from 0.34 to 0.43: 20 µs − 2/9 · 14 µs
        assertThat(zstdSeconds(0.36)).isCloseTo(0.36 * 2e-6 + 20e-6 - 14e-6 * 2 / 9, within(1e-12));
        assertThat(zstdSeconds(0.2)).isCloseTo(0.2 * 2e-6 + 20e-6, within(1e-12));
        assertThat(zstdSeconds(0.6)).isCloseTo(0.6 * 2e-6 + 6e-6, within(1e-12));
        assertThat(zstdSeconds(1.1)).as("a page that grew is sent as it was").isCloseTo(2e-6 + 6e-6, within(1e-12));
    }

    private static double zstdSeconds(double ratio) {
        return encoding(Technique.ZSTD, 1, ratio, 64).firstSeconds(1);
    }

    @Test
    void delta_compression_sends_what_the_cache_holds_as_differences_and_the_rest_as_it_is() {
        PageEncoding delta = encoding(Technique.XBZRLE);
        assertThat(delta.laterBytes(10)).as("nothing is in the cache yet").isEqualTo(PLAIN);
        assertThat(delta.laterSeconds(10)).as("and it was looked for").isCloseTo(10 * (2e-6 + 4e-6), within(1e-15));

        delta.sentLater(400); // of the 1,000 that the VM writes

        // 4 of 10 hit: 16 B around the 64 that changed
        assertThat(delta.laterBytes(10)).isCloseTo(4 * 80 + 6 * 4104, within(1e-9));
        assertThat(delta.laterSeconds(10)).isCloseTo(4 * 4e-6 + 6 * 6e-6, within(1e-15));
        assertThat(delta.cacheBytes()).isEqualTo(400 * 4096);
        assertThat(delta.firstBytes(10)).isEqualTo(PLAIN);

        delta.sentLater(500); // 6 of 10 of them are new

        assertThat(delta.cacheBytes()).isCloseTo(700 * 4096, within(1e-6));

        delta.sentLater(5_000);

        assertThat(delta.cacheBytes()).as("never more than it writes").isEqualTo(1_000 * 4096);
        assertThat(delta.laterBytes(10)).isCloseTo(10 * 80, within(1e-9));
    }

    @Test
    void a_small_cache_hits_as_often_as_it_is_smaller_than_the_working_set() {
        PageEncoding delta = new PageEncoding(
                ByHand.with(
                        ByHand.between(vm(0.55, 0.55, 64)),
                        MigrationTuning.DEFAULT.withXbzrleCache(MemorySize.ofMebibytes(1))),
                COSTS);
        delta.use(Technique.XBZRLE);
        delta.sentLater(5_000);

        assertThat(delta.cacheBytes()).as("256 pages").isEqualTo(1 << 20);
        assertThat(delta.laterBytes(1_000)).isCloseTo(256 * 80 + 744 * 4104, within(1e-6));
    }

    @Test
    void with_zlib_the_first_round_is_compressed_and_the_later_ones_are_differences() {
        for (Technique technique : List.of(Technique.XBZRLE_ZLIB, Technique.XBZRLE_ZLIB_ASYNC)) {
            PageEncoding both = encoding(technique, 0.5, 1, 64);

            assertThat(both.firstBytes(10)).isCloseTo(10 * (8 + 0.5 * 4096), within(1e-9));
            assertThat(both.firstSeconds(10)).isCloseTo(10 * (1e-6 + 50e-6), within(1e-12));
            assertThat(both.laterBytes(10)).isEqualTo(PLAIN);
            assertThat(both.laterSeconds(10)).isCloseTo(10 * (2e-6 + 4e-6), within(1e-15));
            assertThat(both.threads()).isEqualTo(8);
            both.sentLater(1_000);
            assertThat(both.laterBytes(10)).isCloseTo(10 * 80, within(1e-9));
        }
    }

    @Test
    void a_page_that_changes_as_a_whole_is_no_less_as_a_difference() {
        PageEncoding delta = encoding(Technique.XBZRLE, 0.55, 0.55, 4096);
        delta.sentLater(1_000);

        assertThat(delta.laterBytes(1)).isEqualTo(16 + 4096);
    }

    @Test
    void only_delta_compression_fills_a_cache_and_the_next_technique_begins_with_an_empty_one() {
        PageEncoding encoding = encoding(Technique.PRE_COPY);
        encoding.sentLater(400);
        assertThat(encoding.cacheBytes()).isZero();
        encoding.use(Technique.XBZRLE);
        encoding.sentLater(400);
        encoding.use(Technique.XBZRLE_ZLIB);

        assertThat(encoding.cacheBytes()).isZero();
        assertThat(encoding.laterBytes(10)).isEqualTo(PLAIN);
    }

    private static PageEncoding encoding(Technique technique) {
        return encoding(technique, 0.55, 0.55, 64);
    }

    private static PageEncoding encoding(Technique technique, double zlib, double zstd, double changedBytes) {
        PageEncoding encoding = new PageEncoding(ByHand.between(vm(zlib, zstd, changedBytes)), COSTS);
        encoding.use(technique);
        return encoding;
    }

    private static VmProfile vm(double zlib, double zstd, double changedBytes) {
        VmProfile vm = ByHand.vm(256, 64, ByHand.levelAt(1_000));
        return Vms.lookedAt(vm, vm.dirtyCurve().points(), 0, new PageContent(0.5, zlib, zstd, changedBytes));
    }
}
