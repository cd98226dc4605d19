package io.github.godwit.host.migrate.libvirt;

import io.github.godwit.host.libvirt.DomainJobs;
import io.github.godwit.host.libvirt.DomainMigrations;
import io.github.godwit.host.libvirt.JobStats;
import io.github.godwit.host.libvirt.LibvirtException;
import io.github.godwit.hostapi.WireJson;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The migrations that a host driver has begun and not ended, one file each. libvirt continues them if the host driver is killed, and nobody
 * ends one that does not converge: the next host driver aborts it at its time limit, and recovers one whose connection breaks in post-copy.
 */
public final class UnfinishedMigrations {

    private static final Logger LOG = LoggerFactory.getLogger(UnfinishedMigrations.class);

    /** From the word of somebody else that it begins to libvirt's job. */
    private static final Duration BEGINS = Duration.ofMinutes(2);

    private final Path directory;
    private final DomainMigrations migrations;
    private final DomainJobs jobs;
    private final InstantSource clock;
    private final UnfinishedRecoveries recoveries;
    private final Set<String> own = ConcurrentHashMap.newKeySet();

    /**
     * What is kept of a migration.
     *
     * @param deadline    when it is aborted; null if somebody else sees to that
     * @param order       the arguments for libvirt; null from an older host driver
     * @param destination URL of the destination's host driver; null from an older host driver
     * @param since       when somebody else was about to begin it; null for one of a host driver
     */
    record Begun(Instant deadline, LibvirtOrder order, URI destination, Instant since) {
        boolean mayBeginAt(Instant now) {
            return since != null && now.isBefore(since.plus(BEGINS));
        }
    }

    /**
     * The migrations in a directory, which need not exist.
     *
     * @param recoveries recovers those whose connection broke in post-copy
     */
    public UnfinishedMigrations(
            Path directory,
            DomainMigrations migrations,
            DomainJobs jobs,
            InstantSource clock,
            UnfinishedRecoveries recoveries) {
        this.directory = directory;
        this.migrations = migrations;
        this.jobs = jobs;
        this.clock = clock;
        this.recoveries = recoveries;
    }

    /**
     * Keeps a migration of this host driver.
     *
     * @param limit       time after which it is cancelled
     * @param order       the arguments for libvirt
     * @param destination URL of the destination's host driver
     * @throws IOException if it cannot be written; then it must not begin
     */
    void begin(String uuid, Duration limit, LibvirtOrder order, URI destination) throws IOException {
        own.add(uuid);
        keep(uuid, new Begun(clock.instant().plus(limit), order, destination, null));
    }

    /**
     * Keeps a migration that somebody else has begun and ends: only its post-copy is recovered.
     *
     * @param uri         URI of the destination's libvirt
     * @param flags       names of {@code virDomainMigrateFlags}
     * @param parameters  by the names of {@code VIR_MIGRATE_PARAM_*}
     * @param destination URL of the destination's host driver
     * @throws IOException if it cannot be written
     */
    public void follow(String uuid, String uri, Set<String> flags, Map<String, Object> parameters, URI destination)
            throws IOException {
        recoveries.begun(uuid);
        keep(uuid, new Begun(null, new LibvirtOrder(uri, flags, parameters), destination, clock.instant()));
    }

    private void keep(String uuid, Begun begun) throws IOException {
        Files.createDirectories(directory);
        WireJson.mapper().writeValue(directory.resolve(uuid).toFile(), begun);
    }

    /** Forgets a migration, which has ended. */
    void end(String uuid) {
        try {
            Files.deleteIfExists(directory.resolve(uuid));
        } catch (IOException e) {
            LOG.warn("Cannot forget the migration of domain {}: {}", uuid, e.toString());
        }
        own.remove(uuid);
        recoveries.forget(uuid);
    }

    /**
     * Aborts those of an earlier host driver that are late, recovers those whose connection broke in post-copy, and forgets those that have
     * ended; to be called every few seconds.
     */
    public void lookAfter() {
        for (String uuid : all()) {
            if (own.contains(uuid)) {
                continue;
            }
            try {
                boolean here = migrations.isHere(uuid);
                boolean runs =
                        here && jobs.stats(uuid).filter(JobStats::migrationOut).isPresent();
                Begun begun = begun(uuid);
                if (!runs && here && begun.mayBeginAt(clock.instant())) {
                    continue;
                }
                if (!runs) {
                    LOG.info("The migration of domain {} has ended", uuid);
                    recoveries.ended(uuid);
                    end(uuid);
                } else if (recoveries.lookAfter(uuid, begun)) {
                    LOG.debug("The migration of domain {} is in post-copy", uuid);
                } else if (begun.deadline() != null && clock.instant().isAfter(begun.deadline())) {
                    LOG.warn("The migration of domain {} by an earlier host driver exceeds its time limit", uuid);
                    jobs.abort(uuid);
                }
            } catch (LibvirtException e) {
                LOG.warn("The migration of domain {} is not settled yet: {}", uuid, e.getMessage());
            }
        }
    }

    private List<String> all() {
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

    /** An older host driver kept the deadline alone. */
    private Begun begun(String uuid) {
        try {
            String text = Files.readString(directory.resolve(uuid)).strip();
            return text.startsWith("{")
                    ? WireJson.mapper().readValue(text, Begun.class)
                    : new Begun(Instant.parse(text), null, null, null);
        } catch (IOException | DateTimeParseException e) {
            LOG.warn("What is kept of the migration of domain {} cannot be read: {}", uuid, e.toString());
            return new Begun(Instant.MIN, null, null, null);
        }
    }
}
