package io.github.godwit.host.qmp;

import java.util.function.Consumer;

/** A connection to the monitor of one QEMU (QMP). Safe for use by several threads; commands go one after the other. */
public interface Qmp extends Monitor, AutoCloseable {

    /**
     * Calls a listener for every event from now on, on the reader's thread: it must return at once. When the connection
     * ends, however it ends, it is called a last time with {@link QmpEvent#CLOSED}.
     *
     * @return closes the subscription
     */
    Subscription subscribe(Consumer<QmpEvent> listener);

    /** Closes the connection; QEMU goes on. */
    @Override
    void close();

    /** A subscription that can be ended. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
