package io.github.godwit.strategy.shadow;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.Cloud.ServerMove;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.store.Database;
import io.github.godwit.strategy.store.OutcomeStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the migrations that have ended from all host drivers once a minute, those of plans and those that somebody ordered from Nova, and
 * keeps what a report needs of them. A host driver remembers the last hundred until it is restarted. All instances collect; each migration is
 * stored once.
 */
public final class RecordedMigrations implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RecordedMigrations.class);
    private static final Duration EVERY = Duration.ofMinutes(1);

    /** More would take seconds and hundreds of megabytes. */
    private static final int MOST = 20_000;

    /** More than all host drivers of a large cloud remember. */
    private static final int MOST_SEEN = 200_000;

    private final Database database;
    private final Cloud cloud;
    private final Clock clock;
    private final OutcomeStore store = new OutcomeStore();

    /** Stored at some time, and perhaps removed since because they were old, which must not make them new. */
    private final Set<String> seen = Collections.synchronizedSet(new LinkedHashSet<>());

    private final ScheduledExecutorService thread = DaemonThreads.scheduled("outcomes");

    /**
     * @param database keeps them
     * @param cloud    the host drivers
     * @param clock    current time
     */
    public RecordedMigrations(Database database, Cloud cloud, Clock clock) {
        this.database = database;
        this.cloud = cloud;
        this.clock = clock;
    }

    /** Starts to collect. */
    public void start() {
        var unused = thread.scheduleWithFixedDelay(this::collect, 0, EVERY.toSeconds(), TimeUnit.SECONDS);
    }

    /** Collects now. What cannot be read is read the next time. */
    public void collect() {
        try {
            cloud.endedMigrations(this::unknown).forEach(this::keep);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn(
                    "The migrations of the host drivers could not be collected; this is tried again: {}", e.toString());
        }
    }

    private Set<String> unknown(Set<String> ids) {
        Set<String> unknown = new HashSet<>(ids);
        unknown.removeAll(seen);
        if (!unknown.isEmpty()) {
            Set<String> known = database.jdbi().withHandle(handle -> store.known(handle, Set.copyOf(unknown)));
            unknown.removeAll(known);
            known.forEach(this::see);
        }
        return unknown;
    }

    private void see(String id) {
        synchronized (seen) {
            seen.add(id);
            if (seen.size() > MOST_SEEN) {
                seen.remove(seen.iterator().next());
            }
        }
    }

    private void keep(MigrationStatus status) {
        RecordedMigration migration = RecordedMigration.of(status, clock.instant());
        try {
            database.jdbi()
                    .useTransaction(handle -> store.add(
                            handle,
                            new OutcomeStore.Row(
                                    migration.id(),
                                    migration.at(),
                                    Texts.mapper().valueToTree(migration))));
            see(migration.id());
        } catch (JdbiException e) {
            LOG.debug("Another instance has stored migration {}, or this is tried again", migration.id(), e);
        }
    }

    private Stream<RecordedMigration> since(Instant since) {
        return database.jdbi().withHandle(handle -> store.since(handle, since, MOST)).stream()
                .map(row -> Texts.mapper().convertValue(row.body(), RecordedMigration.class));
    }

    /** The latest migrations since a time, the latest first; those of the last minute may not be known yet. */
    public List<RecordedMigration> list(Instant since, MigrationFilter wanted, int most) {
        return since(since).filter(wanted::matches).limit(most).toList();
    }

    /** Reports on the migrations since a time; those of the last minute may not be known yet. */
    public ShadowReport report(Instant since) {
        List<RecordedMigration> migrations = since(since).toList();
        List<String> notes = new ArrayList<>();
        if (migrations.size() == MOST) {
            notes.add("Only the latest %d migrations are part of this report.".formatted(MOST));
        }
        return ShadowReport.of(since, clock.instant(), migrations, moves(since, notes), notes);
    }

    private List<ServerMove> moves(Instant since, List<String> notes) {
        try {
            return cloud.movesSince(since);
        } catch (ServiceRefusal e) {
            notes.add("Migrations that no host driver reported are not known: " + e.getMessage());
            return List.of();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
