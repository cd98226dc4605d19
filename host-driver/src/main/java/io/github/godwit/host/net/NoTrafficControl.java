package io.github.godwit.host.net;

import io.github.godwit.hostapi.HostStatus.ReservationSupport;
import java.io.IOException;

/** Traffic control of a host that cannot reserve bandwidth: every reservation fails with the reason, and migrations run without. */
public final class NoTrafficControl implements TrafficControl {

    private final String reason;

    /**
     * Creates traffic control that reserves nothing.
     *
     * @param reason why, without a full stop
     */
    public NoTrafficControl(String reason) {
        this.reason = reason;
    }

    @Override
    public ReservationSupport support() {
        return ReservationSupport.of(reason, reason);
    }

    @Override
    public Reservation reserve(Flow flow, Share share) throws IOException {
        throw new IOException(reason);
    }

    @Override
    public void close() {}
}
