package io.github.godwit.host.migrate.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.recover.RecoveryTerms;
import io.github.godwit.host.qmp.Qmp;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.hostapi.MigrationStatus.Progress;
import io.github.godwit.hostapi.PostcopyRecovery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A host driver that was started again finds a migration in post-copy. */
class OrphanRecoveriesTest {

    private static final IncomingTicket TICKET = new IncomingTicket("m", "10.0.0.2", 40_123, "");

    private final Qmp source = mock();
    private final List<PostcopyRecovery> outcomes = new ArrayList<>();
    private OrphanRecoveries recoveries = new OrphanRecoveries(RecoveryTerms.DEFAULT, outcomes::add);

    private void reports(String status) throws Exception {
        MigrationInfo info = new MigrationInfo(status, -1, new Progress(1, 1, 1, 0, 0, 2), 0, "reset");
        recoveries.lookAfter("m", info, source, () -> TICKET);
    }

    private void verifyResumed(int often) throws Exception {
        verify(source, times(often))
                .execute(eq("migrate"), eq(Map.of("uri", "tcp:10.0.0.2:40123", "resume", true)), any());
    }

    @Test
    void aBrokenPostCopyIsRecoveredOnceAndCounted() throws Exception {
        reports("postcopy-active");
        verifyResumed(0);

        reports("postcopy-paused");
        reports("postcopy-recover");
        verifyResumed(1);
        assertThat(outcomes).isEmpty();

        reports("postcopy-active");
        reports("completed");
        verifyResumed(1);
        assertThat(outcomes)
                .singleElement()
                .extracting(PostcopyRecovery::recovered)
                .isEqualTo(1);
    }

    @Test
    void whatIsForbiddenIsOnlyCounted() throws Exception {
        recoveries = new OrphanRecoveries(RecoveryTerms.NEVER, outcomes::add);

        reports("postcopy-paused");
        reports("postcopy-paused");

        verify(source, never()).execute(any(), any(), any());
        assertThat(outcomes)
                .singleElement()
                .extracting(PostcopyRecovery::broken)
                .isEqualTo(true);
    }
}
