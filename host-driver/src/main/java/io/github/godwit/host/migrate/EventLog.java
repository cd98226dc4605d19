package io.github.godwit.host.migrate;

import io.github.godwit.hostapi.MigrationEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The events of one migration, for its present listeners and, as far as they are milestones, for later ones. Thread-safe. */
final class EventLog {

    private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);
    private static final int KEPT = 100;

    private final List<MigrationEvent> milestones = new ArrayList<>();
    private final List<Consumer<MigrationEvent>> listeners = new ArrayList<>();

    /** Publishes an event to all listeners, and to later ones when they start to follow. The first {@value #KEPT} are remembered. */
    synchronized void milestone(MigrationEvent event) {
        if (milestones.size() < KEPT) {
            milestones.add(event);
        }
        publish(event);
    }

    /** Publishes an event to the present listeners only: the next one supersedes it. */
    synchronized void progress(MigrationEvent event) {
        publish(event);
    }

    /** Calls a listener for the milestones so far, then for each event. */
    synchronized void follow(Consumer<MigrationEvent> listener) {
        milestones.forEach(listener);
        listeners.add(listener);
    }

    /** Stops calling a listener. */
    synchronized void unfollow(Consumer<MigrationEvent> listener) {
        listeners.remove(listener);
    }

    private void publish(MigrationEvent event) {
        for (Consumer<MigrationEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException e) {
                LOG.debug("A listener of a migration's events failed", e);
            }
        }
    }
}
