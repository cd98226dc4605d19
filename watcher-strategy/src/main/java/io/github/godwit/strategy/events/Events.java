package io.github.godwit.strategy.events;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes each event to all watchers, on the thread that publishes it; watchers must return at once. */
public final class Events {

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    private final CopyOnWriteArrayList<Consumer<Event>> watchers = new CopyOnWriteArrayList<>();

    /** Adds a watcher; the returned task removes it. */
    public Runnable watch(Consumer<Event> watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    /** Passes an event to all watchers; one that throws is removed. */
    public void publish(Event event) {
        for (Consumer<Event> watcher : watchers) {
            try {
                watcher.accept(event);
            } catch (RuntimeException e) {
                LOG.debug("A watcher of events failed and is removed", e);
                watchers.remove(watcher);
            }
        }
    }
}
