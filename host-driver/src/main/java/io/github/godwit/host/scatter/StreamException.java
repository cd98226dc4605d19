package io.github.godwit.host.scatter;

import java.io.IOException;

/** QEMU's stream has something that Godwit does not know. */
final class StreamException extends IOException {

    private static final long serialVersionUID = 1L;

    StreamException(String message) {
        super(message);
    }
}
