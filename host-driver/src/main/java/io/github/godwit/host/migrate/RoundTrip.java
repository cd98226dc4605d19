package io.github.godwit.host.migrate;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/** Measures the round-trip time to another host by TCP handshakes, which take one each and, unlike ping, need no privilege. */
final class RoundTrip {

    private static final int TRIES = 3;
    private static final int TIMEOUT_MILLIS = 2000;

    private RoundTrip() {}

    /**
     * The shortest of three handshakes with a host driver.
     *
     * @param peer URL of that host driver
     * @return the time in ms
     * @throws IOException when it does not accept a connection within 2 s
     */
    static double millis(URI peer) throws IOException {
        int port = peer.getPort() >= 0 ? peer.getPort() : "https".equals(peer.getScheme()) ? 443 : 80;
        InetSocketAddress address = new InetSocketAddress(peer.getHost(), port);
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < TRIES; i++) {
            try (Socket socket = new Socket()) {
                long start = System.nanoTime();
                socket.connect(address, TIMEOUT_MILLIS);
                shortest = Math.min(shortest, System.nanoTime() - start);
            }
        }
        return shortest / 1e6;
    }
}
