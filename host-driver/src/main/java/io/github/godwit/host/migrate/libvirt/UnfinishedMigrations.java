package io.github.godwit.host.migrate.libvirt;

import io.github.godwit.host.libvirt.DomainJobs;
import io.github.godwit.host.libvirt.DomainMigrations;
import io.github.godwit.host.libvirt.JobStats;
import io.github.godwit.host.libvirt.LibvirtException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The migrations that a host driver has begun and not ended, one file each. libvirt continues them if the host driver is killed, and nobody
 * ends one that does not converge: the next host driver aborts it at its time limit.
 */
public final class UnfinishedMigrations {

    private static final Logger LOG = LoggerFactory.getLogger(UnfinishedMigrations.class);

    private final Path directory;
    private final DomainMigrations migrations;
    private final DomainJobs jobs;
    private final InstantSource clock;
    private final Set<String> own = ConcurrentHashMap.newKeySet();

    /** The migrations in a directory, which need not exist. */
    public UnfinishedMigrations(Path directory, DomainMigrations migrations, DomainJobs jobs, InstantSource clock) {
        this.directory = directory;
        this.migrations = migrations;
        this.jobs = jobs;
        this.clock = clock;
    }

    /**
     * Keeps a migration of this host driver.
     *
     * @param limit time after which it is cancelled
     * @throws IOException if it cannot be written; then it must not begin
     */
    void begin(String uuid, Duration limit) throws IOException {
        own.add(uuid);
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(uuid), clock.instant().plus(limit).toString());
    }

    /** Forgets a migration, which has ended. */
    void end(String uuid) {
        try {
            Files.deleteIfExists(directory.resolve(uuid));
        } catch (IOException e) {
            LOG.warn("Cannot forget the migration of domain {}: {}", uuid, e.toString());
        }
        own.remove(uuid);
    }

    /** Aborts those of an earlier host driver that are late, and forgets those that have ended; to be called every few seconds. */
    public void lookAfter() {
        for (String uuid : begun()) {
            if (own.contains(uuid)) {
                continue;
            }
            try {
                boolean runs = migrations.isHere(uuid)
                        && jobs.stats(uuid).filter(JobStats::migrationOut).isPresent();
                if (!runs) {
                    LOG.info("The migration of domain {} by an earlier host driver has ended", uuid);
                    end(uuid);
                } else if (clock.instant().isAfter(deadline(uuid))) {
                    LOG.warn("The migration of domain {} by an earlier host driver exceeds its time limit", uuid);
                    jobs.abort(uuid);
                }
            } catch (LibvirtException e) {
                LOG.warn("The migration of domain {} is not settled yet: {}", uuid, e.getMessage());
            }
        }
    }

    private List<String> begun() {
        List<String> uuids = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return uuids;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            files.forEach(file -> uuids.add(file.getFileName().toString()));
        } catch (IOException e) {
            LOG.warn("Cannot list the unfinished migrations in {}: {}", directory, e.toString());
        }
        return uuids;
    }

    private Instant deadline(String uuid) {
        try {
            return Instant.parse(Files.readString(directory.resolve(uuid)).strip());
        } catch (IOException | DateTimeParseException e) {
            LOG.warn("The time limit of the migration of domain {} cannot be read: {}", uuid, e.toString());
            return Instant.MIN;
        }
    }
}
