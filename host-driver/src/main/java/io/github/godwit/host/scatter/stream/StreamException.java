package io.github.godwit.host.scatter.stream;

import java.io.IOException;

/** QEMU's stream has something that Godwit does not know. */
public final class StreamException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates it.
     *
     * @param message what it is, as a sentence without a full stop
     */
    public StreamException(String message) {
        super(message);
    }
}
