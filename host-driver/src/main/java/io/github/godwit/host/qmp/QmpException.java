package io.github.godwit.host.qmp;

import java.io.IOException;

/** A QMP command that gave no result. */
public class QmpException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean refused;

    /**
     * @param message what happened, with QEMU's own words where there are any
     * @param refused true when QEMU answered with an error; false when the connection is unusable
     * @param cause   the cause, or null
     */
    public QmpException(String message, boolean refused, Throwable cause) {
        super(message, cause);
        this.refused = refused;
    }

    /** Whether QEMU itself refused the command; else it gave no answer in time, or the connection is unusable. */
    public boolean refused() {
        return refused;
    }
}
