package io.github.godwit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.run.LabDown;
import io.github.godwit.lab.run.LabMigration;
import io.github.godwit.lab.system.SystemCommands;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.technique.Technique;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** QEMU 11.1, which has what 10.0 has not, and counts otherwise. */
@Timeout(180)
class NewestQemuIT {

    private static final LabName NAME = TestLabs.named('n');

    private static Lab lab;

    @BeforeAll
    static void up() throws Exception {
        lab = TestLabs.upWithQemu(NAME, TestLabs.qemuOf("trixie-backports"));
    }

    @AfterAll
    static void down() {
        new LabDown(NAME, new SystemCommands()).down();
    }

    /**
     * The VM has 64 MiB of content in 512 MiB. What QEMU sends in post-copy after multifd it sends in full, zero pages too: a switch within
     * the first round would show as more than 400 MB.
     */
    @ParameterizedTest
    @EnumSource(names = {"PRE_POST_COPY", "MULTIFD_POST_COPY"})
    void postCopyStartsWhenAllMemoryWasSentOnce(Technique technique) throws Exception {
        try (LabVm vm = LabVm.start(lab, "hybrid", "64M", "8M", "4M", false)) {
            LabMigration.Result result = vm.migrate(technique);

            Outcome outcome = result.status().outcome();
            assertThat(result.status().phase())
                    .as(String.valueOf(result.status().error()))
                    .isEqualTo(Phase.COMPLETED);
            assertThat(result.guestVerified()).as(result.guest()).isTrue();
            assertThat(outcome.measured().get(Metric.TRANSFERRED_DATA)).isBetween(60.0, 150.0);
            assertThat(outcome.precopy())
                    .as("rounds, of which QEMU counts several a second")
                    .allMatch(round -> round.number() <= 3);
            System.out.printf("%s: %s%n", technique, outcome.measured());
        }
    }
}
