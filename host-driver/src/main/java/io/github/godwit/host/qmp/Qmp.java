package io.github.godwit.host.qmp;

import java.util.function.Consumer;

/** A QMP connection to one QEMU. Safe for use by several threads; commands are executed one after the other. */
public interface Qmp extends Monitor, AutoCloseable {

    /**
     * Calls a listener for every event from now on. It is called on the reader thread and must not block. When the
     * connection ends for whatever reason, the listener is called a last time with {@link QmpEvent#CLOSED}.
     *
     * @return ends the subscription when it is closed
     */
    Subscription subscribe(Consumer<QmpEvent> listener);

    /** Closes the connection; QEMU continues to run. */
    @Override
    void close();

    /** A subscription to events, which ends when it is closed. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
