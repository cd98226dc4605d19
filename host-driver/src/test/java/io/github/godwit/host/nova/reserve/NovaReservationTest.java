package io.github.godwit.host.nova.reserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.godwit.host.libvirt.JobEvent;
import io.github.godwit.host.migrate.FakeHost;
import io.github.godwit.host.net.TrafficControl.Share;
import io.github.godwit.host.nova.NovaMessage;
import io.github.godwit.host.nova.NovaMessage.Kind;
import io.github.godwit.host.nova.NovaMigrationAdvisor;
import io.github.godwit.host.nova.permit.NovaConfiguration;
import io.github.godwit.hostapi.MigrationStatus;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reservations that are adapted while Nova migrates, on a link of 1 Gbit/s of which other traffic leaves 400 Mbit/s. */
@Timeout(60)
class NovaReservationTest {

    private static final int SOON = 20_000;

    private FakeHost host;
    private NovaMigrationAdvisor advisor;

    @BeforeEach
    void start() throws Exception {
        host = new FakeHost();
        host.loadLink();
        when(host.jobs().stats(any())).thenReturn(Optional.of(FakeHost.stats(100, 0)));
        advisor = host.advisor();
    }

    @AfterEach
    void stop() {
        advisor.close();
        host.close();
    }

    private void ask(NovaConfiguration configuration) {
        assertThat(advisor.apply(new NovaMessage(
                                Kind.ASK,
                                FakeHost.VM,
                                "there",
                                null,
                                27,
                                "PRE",
                                null,
                                "no",
                                null,
                                null,
                                false,
                                configuration))
                        .technique())
                .isNotNull();
    }

    private List<String> notesAtTheEnd() throws InterruptedException {
        host.publish(new JobEvent.Completed(FakeHost.stats(1_000, 10)));
        MigrationStatus ended = host.await(() -> advisor.migrations().all().stream()
                .filter(each -> each.phase().isFinal())
                .findFirst()
                .orElse(null));
        return ended.outcome().notes();
    }

    @Test
    void theSecondOfTwoMigrationsToOneDestinationIsAdaptedOnceItsPortIsKnown() throws Exception {
        host.takeFlow();

        ask(NovaConfiguration.NOVA_DEFAULTS);

        verify(host.trafficControl(), timeout(SOON).times(2)).reserve(any(), any(Share.class));
        assertThat(host.reserved()).containsExactlyInAnyOrder("here", "there");
        verify(host.jobs(), timeout(SOON)).limitSpeed(FakeHost.VM, 90, false);
        assertThat(notesAtTheEnd())
                .anyMatch(note -> note.startsWith("Nothing is reserved before the port of the migration is known"));
        assertThat(host.reserved()).isEmpty();
    }

    @Test
    void qemusLimitFollowsOtherTrafficWithinWhatNovaConfSays() throws Exception {
        ask(NovaConfiguration.NOVA_DEFAULTS);
        // Medium urgency is 75 % of the link: 750 Mbit/s are 89.4 MiB/s.
        verify(host.jobs(), timeout(SOON)).limitSpeed(FakeHost.VM, 90, false);
        assertThat(notesAtTheEnd()).noneMatch(note -> note.contains("live_migration_bandwidth"));
    }

    @Test
    void withAnOlderComputeDriverQemuKeepsTheLimitThatNovaHasSet() throws Exception {
        ask(null);
        verify(host.jobs(), timeout(SOON)).speedLimit(FakeHost.VM);
        assertThat(notesAtTheEnd())
                .anyMatch(note ->
                        note.contains("QEMU's own limit stays as it is") && note.contains("live_migration_bandwidth"));
        verify(host.jobs(), never()).limitSpeed(any(), anyLong(), anyBoolean());
    }
}
