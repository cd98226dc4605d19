package io.github.godwit.strategy.trail;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.hostapi.trail.TrailLine;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.objects.TrailEvent;
import io.github.godwit.strategy.store.Database;
import io.github.godwit.strategy.store.TrailStore;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the audit trails of the host drivers once a minute into the database: what was ordered from them directly has passed no instance of
 * this service. Their own logs have each line at once. All instances collect; each line is stored once.
 */
public final class HostTrails implements AutoCloseable {

    /** What the instance of a line begins with that a host driver has written; its host's name follows. */
    static final String HOST_DRIVER = "godwit-host@";

    private static final Logger LOG = LoggerFactory.getLogger(HostTrails.class);
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final Database database;
    private final Cloud cloud;
    private final TrailStore store = new TrailStore();
    private final Map<URI, UUID> last = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread = DaemonThreads.scheduled("host-trails");

    /**
     * @param database keeps the lines
     * @param cloud    the host drivers
     */
    public HostTrails(Database database, Cloud cloud) {
        this.database = database;
        this.cloud = cloud;
    }

    /** Starts to collect. */
    public void start() {
        var unused = thread.scheduleWithFixedDelay(this::collect, 0, EVERY.toSeconds(), TimeUnit.SECONDS);
    }

    /** Collects now. What cannot be read or stored is read the next time. */
    public void collect() {
        try {
            cloud.trails(last::get).forEach(this::keep);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("The trails of the host drivers could not be collected; this is tried again: {}", e.toString());
        }
    }

    private void keep(URI driver, List<TrailLine> lines) {
        if (lines.isEmpty()) {
            return;
        }
        try {
            database.jdbi().useTransaction(handle -> {
                Set<UUID> known =
                        store.known(handle, lines.stream().map(TrailLine::id).toList());
                lines.stream()
                        .filter(line -> !known.contains(line.id()))
                        .forEach(line -> store.add(handle, event(line)));
            });
            last.put(driver, lines.get(lines.size() - 1).id());
        } catch (JdbiException e) {
            LOG.debug("Another instance has stored lines of {}, or this is tried again", driver, e);
        }
    }

    private static TrailEvent event(TrailLine line) {
        return new TrailEvent(
                line.id(),
                line.time(),
                line.action(),
                line.succeeded(),
                new TrailEvent.Target(line.type(), Trail.storable(line.target())),
                new TrailEvent.Initiator(null, Trail.storable(line.who()), null, List.of(), line.address()),
                TrailEvent.Cause.request("req-" + line.id(), Trail.storable(line.path()), line.status()),
                HOST_DRIVER + line.host());
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
