package io.github.godwit.host.migrate.rate;

import io.github.godwit.host.common.Ticker;
import io.github.godwit.host.migrate.rate.RateRule.Measured;
import io.github.godwit.host.net.FlowTakenException;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.net.TrafficControl.Share;
import io.github.godwit.hostapi.IncomingRate;
import io.github.godwit.hostapi.ReservedRates;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bandwidth of one migration, on its source: reserves it, adapts it every second on a thread of its own ({@link RateRule}), has the
 * destination do the same, moves QEMU's limit with it, and releases it. Whatever fails here, the migration continues with what is reserved.
 */
public final class RateLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RateLoop.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final FlowReservation here;
    private final Optional<RateRule> rule;
    private final FollowingPeer there;
    private final Supplier<Optional<Bandwidth>> free;
    private final Consumer<String> note;
    private final Duration period;
    private final RateHistory history = new RateHistory();
    private final Attempts reserving = new Attempts();
    private final Attempts limiting = new Attempts();
    private Share reserved = Share.fixed(Bandwidth.ZERO);
    private Optional<Share> awaitsPort = Optional.empty();
    private long limitSet;
    private volatile Ticker ticker;
    private Running running;
    private volatile boolean closed;

    /**
     * A migration that has begun.
     *
     * @param transferred bytes that QEMU has sent so far, as last known
     * @param qemu        QEMU's own limit
     * @param port        the destination's port that QEMU is connected to, once it is known and not {@code here}'s only port
     */
    public record Running(LongSupplier transferred, SpeedLimit qemu, Supplier<OptionalInt> port) {}

    private RateMeter meter;

    /**
     * Nothing is reserved yet.
     *
     * @param here  the reservation of this host
     * @param rule  how it is adapted; empty if it stays as it is
     * @param there the destination
     * @param free  the rate that all traffic leaves free on this host's link; empty if it is not known
     * @param note  receives what an operator should know, each thing once
     */
    public RateLoop(
            FlowReservation here,
            Optional<RateRule> rule,
            FollowingPeer there,
            Supplier<Optional<Bandwidth>> free,
            Consumer<String> note) {
        this(here, rule, there, free, note, PERIOD);
    }

    RateLoop(
            FlowReservation here,
            Optional<RateRule> rule,
            FollowingPeer there,
            Supplier<Optional<Bandwidth>> free,
            Consumer<String> note,
            Duration period) {
        this.here = here;
        this.rule = rule;
        this.there = there;
        this.free = free;
        this.note = message -> {
            if (!closed) {
                note.accept(message);
            }
        };
        this.period = period;
    }

    /**
     * Reserves the first rate on this host. Where another migration has the same flow, a rate that is adapted is reserved as soon as the
     * port of one of them is known.
     *
     * @throws IOException if that is not possible; then nothing is reserved
     */
    public synchronized void reserve(Bandwidth first) throws IOException {
        Share wanted = rule.map(each -> {
                    Share share = each.first(first, free.get().orElse(Bandwidth.ZERO));
                    return new Share(first, share.limit(), share.kept(), true);
                })
                .orElseGet(() -> Share.fixed(first));
        try {
            reserved = here.apply(wanted);
            history.reserved(reserved, System.nanoTime());
        } catch (FlowTakenException e) {
            if (rule.isEmpty()) {
                throw e;
            }
            awaitsPort = Optional.of(wanted);
            note.accept("Nothing is reserved before the port of the migration is known: " + e.getMessage());
        }
    }

    /** Begins to adapt the rate, if it does not stay as it is. */
    public synchronized void start(Running migration) {
        if (rule.isEmpty() || closed) {
            return;
        }
        running = migration;
        meter = new RateMeter(System.nanoTime());
        history.reserved(reserved, System.nanoTime());
        ticker = new Ticker("rate-loop", period, this::tick);
    }

    /** One second. */
    synchronized void tick() {
        if (closed) {
            return;
        }
        matchPort();
        Optional<Bandwidth> available = available();
        if (available.isEmpty()) {
            return;
        }
        reserved = here.exists() ? reserved.withFloor(here.rate()) : reserved;
        Measured now =
                meter.measure(System.nanoTime(), running.transferred().getAsLong(), here.bytes(), available.get());
        if (!here.exists()) {
            awaitsPort.or(() -> rule.orElseThrow().late(now)).ifPresent(this::reserveLate);
        } else if (reserved.floor().bitsPerSecond() > 0) {
            adapt(rule.orElseThrow().next(reserved, now));
        } else {
            // Somebody else has changed the rules, so that nothing is reserved any more.
            reserved = Share.fixed(Bandwidth.ZERO);
            limitQemu();
        }
        history.reserved(reserved, System.nanoTime());
    }

    private Optional<Bandwidth> available() {
        return free.get().map(own -> there.available().map(own::min).orElse(own));
    }

    private void reserveLate(Share wanted) {
        if (!reserving.due()) {
            return;
        }
        try {
            if (there.follow(wanted)
                    .filter(floor -> floor.equals(Bandwidth.ZERO))
                    .isPresent()) {
                throw new IOException("the destination cannot: " + there.note());
            }
            reserved = here.apply(wanted);
            meter.risen();
            reserving.worked();
            LOG.info("Reserving {} for a migration that had nothing reserved", reserved.floor());
            awaitsPort = Optional.empty();
            limitQemu();
        } catch (FlowTakenException e) {
            LOG.debug("The port of the migration is not known yet", e);
        } catch (IOException e) {
            reserving.failed(note, "Nothing is reserved beside the traffic that has come up: " + e.getMessage());
        }
    }

    private void adapt(Share next) {
        if (!next.equals(reserved) && reserving.due()) {
            try {
                Share granted = here.apply(next);
                if (granted.floor().compareTo(reserved.floor()) > 0) {
                    meter.risen();
                }
                reserved = granted;
                reserving.worked();
            } catch (IOException e) {
                reserving.failed(note, "The reservation stays at %s: %s".formatted(reserved.floor(), e.getMessage()));
            }
        }
        there.follow(reserved).ifPresent(this::levelWith);
        limitQemu();
    }

    /** More than the destination can take in need not be kept free here. */
    private void levelWith(Bandwidth granted) {
        if (granted.bitsPerSecond() > 0 && granted.compareTo(reserved.floor()) < 0) {
            try {
                reserved = here.apply(reserved.withFloor(granted));
            } catch (IOException e) {
                LOG.debug("Cannot reduce a reservation to {}", granted, e);
            }
        }
    }

    private void limitQemu() {
        long limit = SpeedLimit.mebibytes(reserved.limit(), rule.orElseThrow().most());
        boolean unlimited = limitSet == 0 && reserved.limit().equals(Share.NO_LIMIT);
        if (limit == limitSet || unlimited || !running.qemu().holds() || !limiting.due()) {
            return;
        }
        try {
            running.qemu().set(limit);
            limitSet = limit;
            limiting.worked();
        } catch (IOException e) {
            limiting.failed(note, "QEMU's own limit stays as it is: " + e.getMessage());
        }
    }

    private void matchPort() {
        OptionalInt port = running.port().get();
        if (port.isEmpty() || here.ports().equals(PortRange.of(port.getAsInt()))) {
            return;
        }
        try {
            here.match(PortRange.of(port.getAsInt()));
            there.port(port.getAsInt());
        } catch (IOException e) {
            LOG.debug("Cannot match port {} yet", port.getAsInt(), e);
        }
    }

    /** Has a reservation that stays as it is match these ports, because its own port is not used. One that is adapted finds out which is. */
    public void leavePort(PortRange others) {
        if (rule.isPresent() || closed) {
            return;
        }
        try {
            here.match(others);
        } catch (IOException e) {
            note.accept("The reservation has no effect any more: " + e.getMessage());
            here.release(others);
        }
    }

    /** Has the reservation match another port, because the migration goes on there. */
    public void goOnAt(PortRange port) {
        if (closed) {
            return;
        }
        try {
            here.match(port);
        } catch (IOException e) {
            note.accept("Nothing is reserved on the source any more: " + e.getMessage());
            here.release(port);
        }
    }

    /** The rate that is reserved on this host now, or zero. */
    public Bandwidth rate() {
        return here.rate();
    }

    /** How the reservation has gone on; empty if it stays as it is. */
    public Optional<ReservedRates> rates() {
        return rule.map(any -> history.until(System.nanoTime()));
    }

    /** What to report if the migration has sent data that the reservation did not see. */
    public Optional<String> unmatched(long sent) {
        return here.unmatched(sent);
    }

    /** Ends the adapting: what is reserved stays. Waits for no command that is under way. */
    public void stop() {
        closed = true;
        Ticker ended = ticker;
        if (ended != null) {
            ended.close();
        }
    }

    /** Ends the adapting and releases the reservation of this host. */
    @Override
    public void close() {
        stop();
        here.close();
    }

    /** The message to the destination for a share. */
    static IncomingRate message(Share share, Integer port) {
        return new IncomingRate(
                share.floor(), share.limit().equals(Share.NO_LIMIT) ? null : share.limit(), share.kept(), port);
    }
}
