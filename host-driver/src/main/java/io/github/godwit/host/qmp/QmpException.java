package io.github.godwit.host.qmp;

import java.io.IOException;

/** A QMP command failed: QEMU refused it, or did not respond. */
public class QmpException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean refused;

    /**
     * Creates an exception.
     *
     * @param message what failed, with QEMU's error message if there is one
     * @param refused true if QEMU responded with an error; false if there was no response or the connection is unusable
     * @param cause   the cause, or null
     */
    public QmpException(String message, boolean refused, Throwable cause) {
        super(message, cause);
        this.refused = refused;
    }

    /** Whether QEMU responded with an error; otherwise it did not respond in time, or the connection is unusable. */
    public boolean refused() {
        return refused;
    }
}
