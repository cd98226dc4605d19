package io.github.godwit.host.migrate.rate;

import io.github.godwit.host.net.TrafficControl.Share;
import io.github.godwit.hostapi.GrantedRate;
import io.github.godwit.hostapi.IncomingRate;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.model.unit.Bandwidth;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The destination of a migration, which reserves what the source does. An older one does not: then only the source adapts. For one thread.
 */
public final class FollowingPeer {

    /** Sends a rate to the destination. */
    @FunctionalInterface
    public interface Call {
        /**
         * Sends the rate.
         *
         * @throws HostDriverException with status 404 if the destination is of an older version, or does not know the migration any more
         */
        GrantedRate send(IncomingRate rate);
    }

    private static final Logger LOG = LoggerFactory.getLogger(FollowingPeer.class);

    private final Call call;
    private final Attempts attempts = new Attempts();
    private boolean follows = true;
    private GrantedRate last = new GrantedRate(Bandwidth.ZERO, null, "");
    private Integer port;

    /** A destination that has not been told anything yet. */
    public FollowingPeer(Call call) {
        this.call = call;
    }

    /** A destination that prepared nothing. */
    public static FollowingPeer none() {
        FollowingPeer peer = new FollowingPeer(rate -> new GrantedRate(Bandwidth.ZERO, null, ""));
        peer.follows = false;
        return peer;
    }

    /**
     * Tells the destination what is reserved here.
     *
     * @return what it guarantees now; empty if it does not follow or did not answer
     */
    Optional<Bandwidth> follow(Share share) {
        return told(share).map(GrantedRate::floor);
    }

    private Optional<GrantedRate> told(Share share) {
        if (!follows || !attempts.due()) {
            return Optional.empty();
        }
        try {
            last = call.send(RateLoop.message(share, port));
            port = null;
            attempts.worked();
            return Optional.of(last);
        } catch (HostDriverException e) {
            if (e.notFound()) {
                LOG.info("The destination does not follow the reservation: {}", e.getMessage());
                follows = false;
            }
            last = new GrantedRate(last.floor(), null, last.note());
            attempts.failed(message -> LOG.info("{}", message), "The destination keeps its rate: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** Has the next message name the port that is used. */
    void port(int number) {
        port = number;
    }

    /** The rate that is free on the destination's link, as it answered last; empty if it is not known. */
    Optional<Bandwidth> available() {
        return follows ? Optional.ofNullable(last.available()) : Optional.empty();
    }

    /** Why the destination guaranteed less than it was asked for. */
    String note() {
        return last.note();
    }
}
