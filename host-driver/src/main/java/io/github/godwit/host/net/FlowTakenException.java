package io.github.godwit.host.net;

import java.io.IOException;

/**
 * Another migration has a reservation for the same flow, because both may go to any port of the same range. As soon as the port of one of
 * them is known, the other one can have a reservation too.
 */
public final class FlowTakenException extends IOException {

    private static final long serialVersionUID = 1L;

    /** A migration whose flow is that of another one. */
    public FlowTakenException(String id, String other) {
        super("Cannot reserve for %s: %s already has a reservation for the same flow. Close it first."
                .formatted(id, other));
    }
}
