package io.github.godwit.strategy.events;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients that follow the events of this instance. There are at most {@value #MOST}. A stream ends when its client has gone, its token
 * has expired, or its user may not see events any more, which is asked for again and again. Thread-safe.
 */
public final class EventStreams implements AutoCloseable {

    /** Each holds a connection. */
    public static final int MOST = 64;

    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);

    /** A client that has gone without a word is noticed when something is sent. */
    private static final Duration MOST_SILENT = Duration.ofSeconds(15);

    /** The stream of one client. */
    public interface Stream {

        /** Sends an event; must return at once. */
        void send(Event event);

        /** Sends something without a meaning; must return at once. */
        void ping();

        /** Whether the client has gone. */
        boolean isClosed();

        /** When the client's token expires. */
        Instant expires();

        /**
         * Whether the client may still see events; may take as long as a request to Keystone.
         *
         * @throws ServiceRefusal if that cannot be found out now
         */
        boolean isAdmitted();

        /** Ends the stream. */
        void close();
    }

    private final Clock clock;
    private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
    private final Semaphore places = new Semaphore(MOST);
    private final ScheduledExecutorService timer = DaemonThreads.scheduled("event-streams");
    private final Runnable unwatch;

    /**
     * Creates a set of streams.
     *
     * @param events  what is sent
     * @param recheck how often clients are checked
     * @param clock   current time
     */
    public EventStreams(Events events, Duration recheck, Clock clock) {
        this.clock = clock;
        this.unwatch = events.watch(event -> streams.forEach(stream -> stream.send(event)));
        long millis = (recheck.compareTo(MOST_SILENT) < 0 ? recheck : MOST_SILENT).toMillis();
        var unused = timer.scheduleWithFixedDelay(this::tend, millis, millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Begins a stream.
     *
     * @throws ServiceRefusal if there are too many
     */
    public void open(Stream stream) {
        if (!places.tryAcquire()) {
            throw ServiceRefusal.busy(
                    "%d clients follow the events already. Try again later.".formatted(MOST), MOST_SILENT);
        }
        streams.add(stream);
    }

    private void end(Stream stream) {
        if (streams.remove(stream)) {
            places.release();
            stream.close();
        }
    }

    private void tend() {
        try {
            Instant now = clock.instant();
            streams.stream()
                    .filter(stream -> stream.isClosed() || !stream.expires().isAfter(now))
                    .forEach(this::end);
            streams.forEach(Stream::ping);
            for (Stream stream : streams) {
                if (!stream.isAdmitted()) {
                    end(stream);
                }
            }
        } catch (ServiceRefusal e) { // nobody can be checked now; tokens still expire
            LOG.debug("Clients of event streams cannot be checked now", e);
        } catch (RuntimeException e) {
            LOG.warn("The event streams could not be checked", e);
        }
    }

    /** Ends all streams. */
    @Override
    public void close() {
        timer.shutdownNow();
        unwatch.run();
        streams.forEach(this::end);
    }
}
