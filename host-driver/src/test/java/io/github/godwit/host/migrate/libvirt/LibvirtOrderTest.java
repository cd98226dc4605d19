package io.github.godwit.host.migrate.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.host.libvirt.DomainMigrations;
import io.github.godwit.model.technique.LibvirtSettings;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Version;
import org.junit.jupiter.api.Test;

class LibvirtOrderTest {

    private static final Version LIBVIRT = Version.of(11, 3);
    private static final String PEER = "qemu+ssh://h2/system";

    private static LibvirtOrder order(Technique technique, MigrationTuning tuning, boolean persistent, boolean disks) {
        return LibvirtOrder.of(PEER, LibvirtSettings.of(technique, LIBVIRT, tuning), persistent, disks, "10.96.0.12");
    }

    @Test
    void aDefinedDomainMovesAsNovaMovesIt() {
        LibvirtOrder order = order(Technique.PRE_COPY, MigrationTuning.DEFAULT, true, false);

        assertThat(order.destination()).isEqualTo(PEER);
        assertThat(order.flags())
                .containsExactlyInAnyOrder(
                        "VIR_MIGRATE_LIVE",
                        "VIR_MIGRATE_PEER2PEER",
                        "VIR_MIGRATE_UNDEFINE_SOURCE",
                        "VIR_MIGRATE_PERSIST_DEST");
        assertThat(order.parameters()).containsOnlyKeys("migrate_uri").containsEntry("migrate_uri", "tcp://10.96.0.12");
    }

    @Test
    void aTransientDomainStaysTransient() {
        assertThat(order(Technique.PRE_COPY, MigrationTuning.DEFAULT, false, false)
                        .flags())
                .containsExactlyInAnyOrder("VIR_MIGRATE_LIVE", "VIR_MIGRATE_PEER2PEER");
    }

    @Test
    void disksOfThisHostAloneAreCopied() {
        assertThat(order(Technique.PRE_COPY, MigrationTuning.DEFAULT, true, true)
                        .flags())
                .contains("VIR_MIGRATE_NON_SHARED_DISK");
    }

    @Test
    void theTechniqueAddsTheFlagsAndParametersThatNovaIsAdvisedToUse() {
        MigrationTuning limited = MigrationTuning.DEFAULT.withMaxBandwidth(new Bandwidth((50L * 8) << 20));
        LibvirtOrder converging = order(Technique.AUTO_CONVERGE, limited, true, false);

        assertThat(converging.flags()).contains("VIR_MIGRATE_AUTO_CONVERGE").doesNotContain("VIR_MIGRATE_POSTCOPY");
        assertThat(converging.parameters())
                .containsEntry("bandwidth", 50L)
                .containsEntry("auto_converge.initial", 20)
                .containsEntry("auto_converge.increment", 10);
        assertThat(order(Technique.POST_COPY_PREEMPT, MigrationTuning.DEFAULT, true, false)
                        .flags())
                .contains("VIR_MIGRATE_POSTCOPY");
    }

    @Test
    void anIpv6AddressIsInBrackets() {
        LibvirtOrder order = LibvirtOrder.of(
                PEER,
                LibvirtSettings.of(Technique.PRE_COPY, LIBVIRT, MigrationTuning.DEFAULT),
                true,
                false,
                "2001:db8::2");

        assertThat(order.parameters()).containsEntry("migrate_uri", "tcp://[2001:db8::2]");
    }

    @Test
    void aPeerIsReachedByNameOrByAddress() {
        assertThat(new LibvirtPeers(PEER.replace("h2", "{host}")).of("h2", "10.0.0.2"))
                .isEqualTo(PEER);
        assertThat(new LibvirtPeers("qemu+tcp://{address}/system").of("h2", "2001:db8::2"))
                .isEqualTo("qemu+tcp://[2001:db8::2]/system");
        assertThatThrownBy(() -> new LibvirtPeers("qemu:///system"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("{host}");
    }

    @Test
    void thatWhichResumesIsTheSameWithOneFlagMore() {
        LibvirtOrder order = order(Technique.POST_COPY_PREEMPT, MigrationTuning.DEFAULT, true, false);

        LibvirtOrder resumed = order.resumed();

        assertThat(resumed.flags()).containsAll(order.flags()).contains("VIR_MIGRATE_POSTCOPY_RESUME");
        assertThat(resumed.flags()).hasSize(order.flags().size() + 1);
        assertThat(resumed.parameters()).isEqualTo(order.parameters());
        assertThat(resumed.destination()).isEqualTo(order.destination());
    }

    @Test
    void theFlagsOfNovaHaveNames() {
        assertThat(DomainMigrations.names(0x801b))
                .containsExactlyInAnyOrder(
                        "VIR_MIGRATE_LIVE",
                        "VIR_MIGRATE_PEER2PEER",
                        "VIR_MIGRATE_PERSIST_DEST",
                        "VIR_MIGRATE_UNDEFINE_SOURCE",
                        "VIR_MIGRATE_POSTCOPY");
        assertThatThrownBy(() -> DomainMigrations.names(1L << 30)).hasMessageContaining("0x40000000");
    }
}
