package io.github.godwit.model.technique;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Version;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an operator's limits and prohibitions make of a host's techniques. */
class MigrationLimitsTest {

    private static final Version LIBVIRT = Version.of(11, 3);
    private static final Bandwidth HUNDRED_MEBIBYTES = Bandwidth.ofBytesPerSecond(100 << 20);
    private static final MigrationLimits LIMITS =
            new MigrationLimits(Duration.ofMillis(500), HUNDRED_MEBIBYTES, 4, false);
    private static final MigrationTuning LIMITED = LIMITS.applyTo(MigrationTuning.DEFAULT);

    @Test
    void without_limits_the_tuning_stays() {
        assertThat(MigrationLimits.NONE.applyTo(MigrationTuning.DEFAULT)).isEqualTo(MigrationTuning.DEFAULT);
        assertThat(MigrationLimits.NONE.shorter(Duration.ofSeconds(9))).isEqualTo(Duration.ofSeconds(9));
        assertThat(MigrationLimits.NONE.caveats()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Technique.class)
    void the_downtime_limit_is_the_operators_but_not_for_post_copy(Technique technique) {
        assertThat(LIMITED.downtimeLimit(technique).toMillis()).isEqualTo(technique.isPostCopy() ? 1 : 500);
    }

    @Test
    void a_downtime_limit_that_is_asked_for_is_at_most_the_operators() {
        assertThat(LIMITS.shorter(Duration.ofMillis(200))).isEqualTo(Duration.ofMillis(200));
        assertThat(LIMITS.shorter(Duration.ofMillis(900))).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void libvirt_gets_the_bandwidth_in_mebibytes_per_second() {
        assertThat(LibvirtSettings.of(Technique.PRE_COPY, LIBVIRT, LIMITED).typedParameters())
                .containsExactly(Map.entry("bandwidth", 100L));
        assertThat(LibvirtSettings.of(Technique.POST_COPY_PREEMPT, LIBVIRT, LIMITED)
                        .typedParameters())
                .containsExactly(Map.entry("bandwidth", 100L), Map.entry("bandwidth.postcopy", 100L));
        assertThat(LibvirtSettings.of(Technique.PRE_POST_COPY, Version.of(5, 0), LIMITED)
                        .typedParameters())
                .containsOnlyKeys("bandwidth");
        MigrationTuning slow = MigrationTuning.DEFAULT.withMaxBandwidth(Bandwidth.parse("1mbit"));
        assertThat(LibvirtSettings.of(Technique.PRE_COPY, LIBVIRT, slow).typedParameters())
                .containsEntry("bandwidth", 1L);
    }

    @Test
    void the_connections_are_the_operators() {
        assertThat(LibvirtSettings.of(Technique.MULTIFD, LIBVIRT, LIMITED).typedParameters())
                .containsEntry("parallel.connections", 4);
        assertThat(LibvirtSettings.of(Technique.ZSTD, LIBVIRT, LIMITED).typedParameters())
                .containsEntry("parallel.connections", 4);
    }

    @Test
    void the_number_of_migrations_at_the_same_time_is_none_any_or_unknown_but_not_negative() {
        assertThat(MigrationLimits.NONE.maxConcurrent()).isNull();
        assertThat(new MigrationLimits(null, null, 0, false, 0).maxConcurrent()).isZero();
        assertThatThrownBy(() -> new MigrationLimits(null, null, 0, false, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }

    @Test
    void encryption_is_a_caveat() {
        assertThat(new MigrationLimits(null, null, 0, true).caveats())
                .startsWith(" ")
                .contains("native_tls");
    }

    @Test
    void post_copy_stays_possible_where_qemu_combines_it_with_the_technique() {
        for (Technique technique : Set.of(Technique.PRE_COPY, Technique.AUTO_CONVERGE, Technique.XBZRLE)) {
            assertThat(LibvirtSettings.flagsToClear(technique)).doesNotContain("VIR_MIGRATE_POSTCOPY");
        }
        for (Technique technique : Set.of(Technique.MULTIFD, Technique.ZSTD, Technique.ZLIB_ASYNC)) {
            assertThat(LibvirtSettings.flagsToClear(technique)).isEqualTo(LibvirtSettings.TECHNIQUE_FLAGS);
        }
    }
}
