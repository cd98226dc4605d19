package io.github.godwit.model.technique;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What Nova's own flags amount to, by the numbers of {@code virDomainMigrateFlags} in libvirt-domain.h. */
class LibvirtSettingsTest {

    private static final long LIVE = 1;
    private static final long PEER2PEER = 1 << 1;
    private static final long UNDEFINE_SOURCE = 1 << 4;
    private static final long AUTO_CONVERGE = 1 << 13;
    private static final long POSTCOPY = 1 << 15;
    private static final long PARALLEL = 1 << 17;

    /** What Nova sets for every live migration. */
    private static final long PLAIN = LIVE | PEER2PEER | UNDEFINE_SOURCE;

    @Test
    void flags_that_name_no_technique_are_a_pre_copy() {
        assertThat(LibvirtSettings.techniqueOf(0)).isEqualTo(Technique.PRE_COPY);
        assertThat(LibvirtSettings.techniqueOf(LIVE | PEER2PEER)).isEqualTo(Technique.PRE_COPY);
        assertThat(LibvirtSettings.techniqueOf(PLAIN)).isEqualTo(Technique.PRE_COPY);
    }

    @Test
    void with_the_post_copy_flag_it_begins_as_a_pre_copy_all_the_same() {
        assertThat(LibvirtSettings.techniqueOf(PLAIN | POSTCOPY)).isEqualTo(Technique.PRE_COPY);
    }

    @Test
    void auto_converge_is_throttling() {
        assertThat(LibvirtSettings.techniqueOf(PLAIN | AUTO_CONVERGE)).isEqualTo(Technique.AUTO_CONVERGE);
        assertThat(LibvirtSettings.techniqueOf(PLAIN | AUTO_CONVERGE | POSTCOPY))
                .isEqualTo(Technique.AUTO_CONVERGE);
    }

    @Test
    void parallel_connections_are_multifd() {
        assertThat(LibvirtSettings.techniqueOf(PLAIN | PARALLEL)).isEqualTo(Technique.MULTIFD);
    }

    @Test
    void throttling_over_parallel_connections_is_throttling() {
        assertThat(LibvirtSettings.techniqueOf(PLAIN | AUTO_CONVERGE | PARALLEL))
                .isEqualTo(Technique.AUTO_CONVERGE);
    }
}
