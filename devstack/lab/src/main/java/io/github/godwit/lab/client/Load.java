package io.github.godwit.lab.client;

import io.github.godwit.lab.linux.LinuxGuest;
import java.io.IOException;

/** Drives one guest over one connection until it is interrupted or fails. */
interface Load {

    /**
     * Connects, and adds what it gets to a series until the thread is interrupted.
     *
     * @throws IOException when the connection cannot be made, or breaks
     */
    void run(Series series) throws IOException, InterruptedException;

    /** The load of a guest's workload; null for one without network traffic. */
    static Load of(LinuxGuest guest) {
        return switch (guest.workload()) {
            case REDIS -> new RedisLoad(guest.address(), Pace.of(guest.rate()));
            case NGINX -> new HttpLoad(guest.address(), Pace.of(guest.rate()));
            case IPERF_IN -> new IperfLoad(guest.address(), true, guest.rate());
            case IPERF_OUT -> new IperfLoad(guest.address(), false, guest.rate());
            case BUILD -> null;
        };
    }
}
