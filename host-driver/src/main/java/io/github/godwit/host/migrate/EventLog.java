package io.github.godwit.host.migrate;

import io.github.godwit.hostapi.MigrationEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The events of one migration, for those who listen from the start and those who come later. */
final class EventLog {

    private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);
    private static final int KEPT = 100;

    private final List<MigrationEvent> milestones = new ArrayList<>();
    private final List<Consumer<MigrationEvent>> listeners = new ArrayList<>();

    /** Tells it to all listeners and to those who come later. */
    synchronized void milestone(MigrationEvent event) {
        if (milestones.size() < KEPT) {
            milestones.add(event);
        }
        tell(event);
    }

    /** Tells it to those who listen now; the next one makes it stale. */
    synchronized void progress(MigrationEvent event) {
        tell(event);
    }

    /** First tells a new listener the milestones so far, then all that comes. */
    synchronized void follow(Consumer<MigrationEvent> listener) {
        milestones.forEach(listener);
        listeners.add(listener);
    }

    synchronized void unfollow(Consumer<MigrationEvent> listener) {
        listeners.remove(listener);
    }

    private void tell(MigrationEvent event) {
        for (Consumer<MigrationEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException e) {
                LOG.debug("A listener of a migration's events failed", e);
            }
        }
    }
}
