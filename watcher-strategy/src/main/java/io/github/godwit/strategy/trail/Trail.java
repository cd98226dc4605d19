package io.github.godwit.strategy.trail;

import io.github.godwit.common.trail.CadfEvents;
import io.github.godwit.common.trail.TrailLog;
import io.github.godwit.strategy.objects.TrailEvent;
import io.github.godwit.strategy.objects.TrailEvent.Cause;
import io.github.godwit.strategy.objects.TrailEvent.Initiator;
import io.github.godwit.strategy.objects.TrailEvent.Target;
import io.github.godwit.strategy.store.Database;
import io.github.godwit.strategy.store.Page;
import io.github.godwit.strategy.store.TrailStore;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the audit trail, first to its log, then to the database. What was done is not undone if the database fails then; the line is in the
 * log. Thread-safe.
 */
public final class Trail {

    private static final Logger LOG = LoggerFactory.getLogger(Trail.class);

    private static final int FIRST_ERROR = 400;

    private final Database database;
    private final TrailStore store = new TrailStore();
    private final TrailLog log;
    private final String instance;
    private final Clock clock;

    /**
     * Creates the trail of an instance.
     *
     * @param database keeps the lines
     * @param log      gets them as JSON
     * @param instance name of the instance
     * @param clock    current time
     */
    public Trail(Database database, TrailLog log, String instance, Clock clock) {
        this.database = database;
        this.log = log;
        this.instance = instance;
        this.clock = clock;
    }

    /** Writes what a client did, or failed to do; the service did not if its answer has a status from 400 on. */
    public void asked(String action, Target target, Initiator initiator, Cause cause) {
        write(action, target, initiator, cause, cause.status() < FIRST_ERROR);
    }

    /**
     * Writes what the service did by itself.
     *
     * @param audit UUID of the audit that made it do so
     */
    public void own(String action, Target target, UUID audit) {
        Initiator self = new Initiator(instance, "godwit-strategy", null, List.of(), null);
        write(action, target, self, Cause.audit(audit), true);
    }

    private void write(String action, Target target, Initiator initiator, Cause cause, boolean succeeded) {
        TrailEvent event = new TrailEvent(
                UUID.randomUUID(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                action,
                succeeded,
                new Target(target.type(), storable(target.id())),
                new Initiator(
                        initiator.id(),
                        storable(initiator.name()),
                        initiator.project(),
                        initiator.roles(),
                        initiator.address()),
                new Cause(cause.requestId(), storable(cause.path()), cause.status(), cause.audit()),
                instance);
        log.write(CadfEvents.line(Cadf.of(event)));
        try {
            database.jdbi().useTransaction(handle -> store.add(handle, event));
        } catch (JdbiException e) {
            LOG.error("Line {} of the trail is not in the database, only in the log", event.uuid(), e);
        }
    }

    /** Failed requests may contain characters that no database keeps. */
    static String storable(String text) {
        if (text == null) {
            return null;
        }
        int[] kept = text.codePoints()
                .map(each -> each == 0 || Character.getType(each) == Character.SURROGATE ? '?' : each)
                .toArray();
        return new String(kept, 0, kept.length);
    }

    /** One page of the lines of all instances. */
    public List<TrailEvent> page(Page page, TrailStore.Filter filter) {
        return database.jdbi().withHandle(handle -> store.page(handle, page, filter));
    }
}
