package io.github.godwit.host.net;

import io.github.godwit.hostapi.HostStatus.ReservationSupport;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;

/** Reserves nothing, and says why: a migration goes on without a reservation. */
public final class NoTrafficControl implements TrafficControl {

    private final String reason;

    /**
     * Without traffic control for a reason.
     *
     * @param reason why there is none, for people
     */
    public NoTrafficControl(String reason) {
        this.reason = reason;
    }

    @Override
    public ReservationSupport support() {
        return new ReservationSupport(false, reason);
    }

    @Override
    public Reservation reserve(Flow flow, Bandwidth rate) throws IOException {
        throw new IOException(reason);
    }

    @Override
    public void close() {}
}
