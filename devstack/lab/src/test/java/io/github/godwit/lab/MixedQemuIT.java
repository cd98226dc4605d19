package io.github.godwit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.fixtures.NeedsKvm;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.run.LabDown;
import io.github.godwit.lab.run.LabMigration;
import io.github.godwit.lab.system.SystemCommands;
import io.github.godwit.model.technique.Technique;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hosts that run different releases of QEMU: h1 the one of Debian 12, 7.2, and h2 the machine's own. */
@Timeout(180)
class MixedQemuIT {

    private static final LabName NAME = TestLabs.named('m');

    private static Lab lab;

    @BeforeAll
    static void up() throws Exception {
        lab = TestLabs.upWithQemu(NAME, "h1=" + TestLabs.qemuOf("bookworm"));
    }

    @AfterAll
    static void down() {
        new LabDown(NAME, new SystemCommands()).down();
    }

    @Test
    void eachHostHasTheTechniquesOfItsQemuAndAMigrationThoseOfBoth() {
        Map<Technique, String> older =
                lab.client(lab.host("h1")).host().capabilities().refused();
        Map<Technique, String> newer =
                lab.client(lab.host("h2")).host().capabilities().refused();

        assertThat(older.keySet()).as(older.toString()).doesNotContain(Technique.XBZRLE_ZLIB, Technique.ZLIB_ASYNC);
        assertThat(newer.keySet()).as(newer.toString()).doesNotContain(Technique.MULTIFD);
        try (LabVm vm = LabVm.start(lab, "choice", "16M", "4M", "1M", false)) {
            Map<Technique, String> unavailable = lab.client(lab.host("h1"))
                    .techniques(vm.name(), lab.host("h2").hostDriver())
                    .unavailable();

            assertThat(unavailable).containsKey(Technique.XBZRLE_ZLIB).containsKey(Technique.DIRTY_LIMIT);
            assertThat(unavailable).doesNotContainKey(Technique.POST_COPY);
        }
    }

    @Test
    @NeedsKvm("a QEMU 7.2 that loses no pages in pre-copy")
    void aVmMovesByPreCopyToTheOtherReleaseAndBack() throws Exception {
        moves(Technique.PRE_COPY);
        moves(Technique.XBZRLE);
    }

    @Test
    void aVmMovesByPostCopyToTheOtherReleaseAndBack() throws Exception {
        moves(Technique.POST_COPY);
    }

    private static void moves(Technique technique) throws Exception {
        try (LabVm vm = LabVm.start(lab, "mover", "32M", "8M", "4M", false)) {
            for (String direction : List.of("to the newer", "back")) {
                LabMigration.Result result = vm.migrate(technique);

                assertThat(result.status().phase())
                        .as("%s: %s", direction, result.status().error())
                        .isEqualTo(Phase.COMPLETED);
                assertThat(result.guestVerified()).as(result.guest()).isTrue();
            }
        }
    }
}
