package io.github.godwit.hostapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.model.technique.Technique;
import org.junit.jupiter.api.Test;

class MigrationStatusTest {

    private static final PostcopyRecovery ONCE = new PostcopyRecovery(1, 1, 2, 900, "the link was down");

    private static MigrationStatus status(Phase phase, String error) {
        return new MigrationStatus(
                "m", "vm", "a", "b", Technique.POST_COPY, "p", phase, null, error, null, null, 3, ONCE, true);
    }

    /** Nova says that a migration has arrived which its host driver reports to be in post-copy. */
    @Test
    void anotherPhaseChangesNothingElse() {
        assertThat(status(Phase.POSTCOPY, null).with(Phase.COMPLETED, "said"))
                .isEqualTo(status(Phase.COMPLETED, "said"));
    }
}
