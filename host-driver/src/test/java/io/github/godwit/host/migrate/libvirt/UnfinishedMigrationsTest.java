package io.github.godwit.host.migrate.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.godwit.host.libvirt.DomainJobs;
import io.github.godwit.host.libvirt.DomainMigrations;
import io.github.godwit.host.libvirt.JobStats;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnfinishedMigrationsTest {

    private static final String UUID = "0793895c-c6ba-45a8-bfa6-702f1057d822";
    private static final Instant START = Instant.parse("2025-06-01T12:00:00Z");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** A job with VIR_DOMAIN_JOB_OPERATION_MIGRATION_OUT. */
    private static final JobStats JOB = new JobStats(Map.of("operation", 5L));

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
        return new UnfinishedMigrations(directory.resolve("migrations"), libvirt, jobs, clock);
    }

    private Path file() {
        return directory.resolve("migrations").resolve(UUID);
    }

    @Test
    void theNextHostDriverAbortsAtTheTimeLimitAndNotBefore() throws Exception {
        start().begin(UUID, LIMIT);
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
        start().begin(UUID, LIMIT);
        when(jobs.stats(UUID)).thenReturn(Optional.empty());

        start().lookAfter();

        assertThat(file()).doesNotExist();
    }

    @Test
    void aDomainThatHasLeftIsForgotten() throws Exception {
        start().begin(UUID, LIMIT);
        when(libvirt.isHere(UUID)).thenReturn(false);

        start().lookAfter();

        assertThat(file()).doesNotExist();
        verify(jobs, never()).abort(UUID);
    }

    @Test
    void aHostDriverFollowsItsOwnMigrationsItself() throws Exception {
        UnfinishedMigrations same = start();
        same.begin(UUID, LIMIT);
        now = START.plusSeconds(600);

        same.lookAfter();
        verify(jobs, never()).abort(UUID);

        same.end(UUID);
        assertThat(file()).doesNotExist();
    }
}
