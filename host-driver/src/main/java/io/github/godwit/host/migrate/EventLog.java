package io.github.godwit.host.migrate;

import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.model.watch.PrecopyRound;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The events of one migration, for its present listeners and, as far as they are milestones, for later ones. Thread-safe. */
final class EventLog {

    private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);
    private static final int KEPT = 100;

    private final List<MigrationEvent> milestones = new ArrayList<>();
    private final List<Consumer<MigrationEvent>> listeners = new ArrayList<>();
    private final List<PrecopyRound> rounds = new ArrayList<>();
    private int roundsApart = 1;

    /** Publishes an event to all listeners, and to later ones when they start to follow. The first {@value #KEPT} are remembered. */
    synchronized void milestone(MigrationEvent event) {
        if (milestones.size() < KEPT) {
            milestones.add(event);
        }
        publish(event);
    }

    /**
     * Publishes an event to the present listeners only: the next one supersedes it. Of each round of pre-copy the last figures are
     * remembered.
     */
    synchronized void progress(MigrationEvent event, PrecopyRound round) {
        remember(round);
        publish(event);
    }

    private void remember(PrecopyRound round) {
        PrecopyRound last = rounds.isEmpty() ? null : rounds.get(rounds.size() - 1);
        if (last != null && round.number() < last.number() + roundsApart) {
            if (round.number() == last.number()) {
                rounds.set(rounds.size() - 1, round);
            }
            return;
        }
        if (rounds.size() == KEPT) {
            // Every second one stays, and from now on as few are added.
            List<PrecopyRound> all = List.copyOf(rounds);
            rounds.clear();
            IntStream.range(0, all.size())
                    .filter(i -> i % 2 == 0)
                    .mapToObj(all::get)
                    .forEach(rounds::add);
            roundsApart *= 2;
        }
        rounds.add(round);
    }

    /** The rounds are counted anew: the migration is begun again. */
    synchronized void beginAgain() {
        rounds.clear();
        roundsApart = 1;
    }

    /** The rounds of pre-copy so far, with the last figures of each; of more than {@value #KEPT} only some, evenly spread. */
    synchronized List<PrecopyRound> rounds() {
        return List.copyOf(rounds);
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
