package io.github.godwit.host.migrate.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.godwit.host.libvirt.DomainJobs;
import io.github.godwit.host.libvirt.DomainMigrations;
import io.github.godwit.host.libvirt.JobStats;
import io.github.godwit.host.migrate.recover.RecoveryTerms;
import io.github.godwit.hostapi.PostcopyRecovery;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnfinishedMigrationsTest {

    private static final String UUID = "0793895c-c6ba-45a8-bfa6-702f1057d822";
    private static final Instant START = Instant.parse("2025-06-01T12:00:00Z");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** A job with VIR_DOMAIN_JOB_OPERATION_MIGRATION_OUT. */
    private static final JobStats JOB = new JobStats(Map.of("operation", 5L));

    private static final URI DESTINATION = URI.create("http://h2:9622");
    private static final LibvirtOrder ORDER = new LibvirtOrder(
            "qemu+tcp://h2/system",
            Set.of("VIR_MIGRATE_LIVE", "VIR_MIGRATE_POSTCOPY", "VIR_MIGRATE_TLS"),
            Map.of("migrate_uri", "tcp://10.0.0.2", "bandwidth.postcopy", 100L));

    private final Map<URI, String> obstacles = new HashMap<>();
    private final List<PostcopyRecovery> outcomes = new ArrayList<>();

    @TempDir
    private Path directory;

    private final DomainMigrations libvirt = mock();
    private final DomainJobs jobs = mock();
    private Instant now = START;

    @BeforeEach
    void aMigrationRuns() throws Exception {
        when(libvirt.isHere(UUID)).thenReturn(true);
        when(jobs.stats(UUID)).thenReturn(Optional.of(JOB));
    }

    private UnfinishedMigrations start() {
        InstantSource clock = () -> now;
        UnfinishedRecoveries recoveries = new UnfinishedRecoveries(
                libvirt,
                RecoveryTerms.DEFAULT,
                destination -> Optional.ofNullable(obstacles.get(destination)),
                (uuid, recovery) -> outcomes.add(recovery));
        return new UnfinishedMigrations(directory.resolve("migrations"), libvirt, jobs, clock, recoveries);
    }

    private void begin(UnfinishedMigrations migrations) throws IOException {
        migrations.begin(UUID, LIMIT, ORDER, DESTINATION);
    }

    private Path file() {
        return directory.resolve("migrations").resolve(UUID);
    }

    @Test
    void theNextHostDriverAbortsAtTheTimeLimitAndNotBefore() throws Exception {
        begin(start());
        UnfinishedMigrations next = start();

        now = START.plusSeconds(60);
        next.lookAfter();
        verify(jobs, never()).abort(UUID);

        now = START.plusSeconds(61);
        next.lookAfter();
        verify(jobs).abort(UUID);
        assertThat(file()).as("until the job has ended").exists();
    }

    @Test
    void whatHasEndedIsForgotten() throws Exception {
        begin(start());
        when(jobs.stats(UUID)).thenReturn(Optional.empty());

        start().lookAfter();

        assertThat(file()).doesNotExist();
    }

    @Test
    void aDomainThatHasLeftIsForgotten() throws Exception {
        begin(start());
        when(libvirt.isHere(UUID)).thenReturn(false);

        start().lookAfter();

        assertThat(file()).doesNotExist();
        verify(jobs, never()).abort(UUID);
    }

    @Test
    void aHostDriverFollowsItsOwnMigrationsItself() throws Exception {
        UnfinishedMigrations same = start();
        begin(same);
        now = START.plusSeconds(600);

        same.lookAfter();
        verify(jobs, never()).abort(UUID);

        same.end(UUID);
        assertThat(file()).doesNotExist();
    }

    @Test
    void anOlderHostDriverKeptTheTimeLimitAlone() throws Exception {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), START.plus(LIMIT).toString());
        UnfinishedMigrations next = start();

        next.lookAfter();
        verify(jobs, never()).abort(UUID);
        now = START.plusSeconds(61);
        next.lookAfter();
        verify(jobs).abort(UUID);
    }

    @Test
    void theNextHostDriverResumesAPostCopyWhoseConnectionBrokeAsItWasOrdered() throws Exception {
        begin(start());
        now = START.plusSeconds(600);
        when(libvirt.leavesByBrokenPostcopy(UUID)).thenReturn(true);
        CompletableFuture<Void> call = new CompletableFuture<>();
        doAnswer(any -> call.get()).when(libvirt).migrate(any(), any(), any(), any());
        UnfinishedMigrations next = start();

        next.lookAfter();
        next.lookAfter();

        Set<String> flags = new HashSet<>(ORDER.flags());
        flags.add("VIR_MIGRATE_POSTCOPY_RESUME");
        verify(libvirt, timeout(10_000))
                .migrate(
                        UUID,
                        ORDER.destination(),
                        flags,
                        Map.of("migrate_uri", "tcp://10.0.0.2", "bandwidth.postcopy", 100));
        verify(jobs, never()).abort(UUID);

        when(libvirt.isHere(UUID)).thenReturn(false);
        call.complete(null);
        next.lookAfter();
        assertThat(file()).doesNotExist();
        assertThat(outcomes)
                .singleElement()
                .extracting(PostcopyRecovery::recovered)
                .isEqualTo(1);
    }

    @Test
    void whatLibvirtCannotResumeIsLeftToAnOperator() throws Exception {
        begin(start());
        obstacles.put(DESTINATION, "libvirt there crashes");
        when(libvirt.leavesByBrokenPostcopy(UUID)).thenReturn(true);
        UnfinishedMigrations next = start();

        next.lookAfter();
        next.lookAfter();

        verify(libvirt, never()).migrate(any(), any(), any(), any());
        assertThat(file()).as("libvirt still has its job").exists();
        assertThat(outcomes)
                .singleElement()
                .extracting(PostcopyRecovery::broken)
                .isEqualTo(true);
    }

    @Test
    void whatNovaHasBegunIsResumedButNeverAborted() throws Exception {
        UnfinishedRecoveries recoveries = new UnfinishedRecoveries(
                libvirt, RecoveryTerms.DEFAULT, any -> Optional.empty(), (uuid, recovery) -> outcomes.add(recovery));
        UnfinishedMigrations same =
                new UnfinishedMigrations(directory.resolve("migrations"), libvirt, jobs, () -> now, recoveries);
        when(jobs.stats(UUID)).thenReturn(Optional.empty());
        same.follow(UUID, ORDER.destination(), ORDER.flags(), ORDER.parameters(), DESTINATION);
        now = START.plusSeconds(100);
        same.lookAfter();
        assertThat(file()).as("libvirt has no job yet").exists();

        when(jobs.stats(UUID)).thenReturn(Optional.of(JOB));
        now = START.plusSeconds(100_000);
        same.lookAfter();
        verify(jobs, never()).abort(UUID);
        assertThat(recoveries.of(UUID)).isEmpty();

        when(libvirt.leavesByBrokenPostcopy(UUID)).thenReturn(true);
        same.lookAfter();

        verify(libvirt, timeout(10_000))
                .migrate(eq(UUID), eq(ORDER.destination()), eq(ORDER.resumed().flags()), any());
        assertThat(recoveries.of(UUID)).map(PostcopyRecovery::attempts).contains(1);
    }
}
