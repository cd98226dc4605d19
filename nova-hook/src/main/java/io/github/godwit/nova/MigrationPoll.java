package io.github.godwit.nova;

import io.github.godwit.nova.NovaLiveMigrations.MigrationRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Polls the live migrations of all servers for all who follow one, because Nova's API has no events and its services have the
 * migrations to do: a few small requests per interval, however many servers are migrating. Thread-safe.
 */
public final class MigrationPoll {

    private final Nova nova;
    private final Duration interval;
    private Reading reading;
    private OpenStackException failure;
    private long readAt;

    /**
     * Creates a poll.
     *
     * @param nova     client of Nova
     * @param interval minimum time between two readings, and the maximum age of what {@link #read} returns
     */
    public MigrationPoll(Nova nova, Duration interval) {
        this.nova = nova;
        this.interval = interval;
    }

    /**
     * What Nova reports about the live migration of a server.
     *
     * @param migrating whether Nova is live-migrating the server, which includes waiting in Nova's queue
     * @param newest    the record of its newest live migration, if there is one
     */
    public record State(boolean migrating, Optional<MigrationRecord> newest) {}

    private record Reading(Set<String> migrating, List<MigrationRecord> records) {}

    /**
     * Returns what Nova reported about a server at most one interval ago.
     *
     * @throws OpenStackException if Nova does not answer
     */
    public State read(String server) {
        Reading current = current();
        Optional<MigrationRecord> newest = newest(current.records(), server);
        boolean migrating = current.migrating().contains(server);
        if (migrating && newest.isEmpty()) {
            newest = newest(nova.liveMigrations().of(server), server); // it is older than the newest of the cloud
        }
        return new State(migrating, newest);
    }

    private static Optional<MigrationRecord> newest(List<MigrationRecord> records, String server) {
        return records.stream().filter(each -> server.equals(each.server())).findFirst();
    }

    private synchronized Reading current() {
        boolean first = reading == null && failure == null;
        if (first || System.nanoTime() - readAt > interval.toNanos()) {
            try {
                reading = new Reading(
                        nova.migratingServers(), nova.liveMigrations().newest());
                failure = null;
            } catch (OpenStackException e) {
                failure = e; // the others need not wait as long for the same
            }
            readAt = System.nanoTime();
        }
        if (failure != null) {
            throw failure;
        }
        return reading;
    }
}
