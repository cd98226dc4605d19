package io.github.godwit.strategy.events;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands each event to everybody who watches this instance, on the thread on which it happens: they must return at once. */
public final class Events {

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    private final CopyOnWriteArrayList<Consumer<Event>> watchers = new CopyOnWriteArrayList<>();

    /** Calls a watcher from now on, until what is returned is run. */
    public Runnable watch(Consumer<Event> watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    /** Something happened. */
    public void publish(Event event) {
        for (Consumer<Event> watcher : watchers) {
            try {
                watcher.accept(event);
            } catch (RuntimeException e) {
                LOG.debug("A watcher of events failed and is left out from now on", e);
                watchers.remove(watcher);
            }
        }
    }
}
