package io.github.godwit.host.vm;

import io.github.godwit.hostapi.Heartbeats;
import java.time.Instant;

/** Receives the heartbeats of one guest on this host from the time that it is opened. */
public interface HeartbeatSource extends AutoCloseable {

    /** The heartbeats received from {@code from} until now, as far as they are still stored. */
    Heartbeats since(Instant from);

    @Override
    void close();

    /** Opens the heartbeat sources of VMs. */
    @FunctionalInterface
    interface Factory {
        /** Starts to listen on a VM's heartbeat socket; a guest that sends no heartbeats is not an error. */
        HeartbeatSource open(RunningVm vm);
    }
}
