package io.github.godwit.strategy.server;

import io.github.godwit.strategy.cluster.Cloud.ServerState;
import java.util.Optional;

/**
 * What a cold migration that was ordered has come to, by the state of its server. Pure.
 *
 * <pre>
 * ACTIVE or SHUTOFF on the source ─► RESIZE ─► VERIFY_RESIZE on the destination ─► (confirmed) ACTIVE or SHUTOFF there
 *                  ▲                    │
 *                  └── a failure ◄──────┴─► ERROR
 * </pre>
 */
enum ColdStep {
    /** The server was deleted. */
    GONE,
    /** Nova is working on it. */
    GOES_ON,
    /** It has to be confirmed. */
    TO_BE_CONFIRMED,
    /** The server is on another host. */
    ARRIVED,
    /** The server is on its source again. */
    STAYED,
    /** The server is in the status ERROR. */
    BROKEN;

    /**
     * Judges the state of a server.
     *
     * @param state  its state, or nothing if it does not exist
     * @param source name of the host on which it was
     */
    static ColdStep of(Optional<ServerState> state, String source) {
        if (state.isEmpty()) {
            return GONE;
        }
        ServerState server = state.get();
        if ("ERROR".equals(server.status())) {
            return BROKEN;
        }
        if (server.changing()) {
            return GOES_ON;
        }
        if ("VERIFY_RESIZE".equals(server.status())) {
            return TO_BE_CONFIRMED;
        }
        return source.equals(server.host()) ? STAYED : ARRIVED;
    }
}
