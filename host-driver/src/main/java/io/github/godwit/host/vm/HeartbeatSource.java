package io.github.godwit.host.vm;

import io.github.godwit.hostapi.Heartbeats;
import java.time.Instant;

/** The heartbeats of one guest on this host, from when it was opened. */
public interface HeartbeatSource extends AutoCloseable {

    /** Heartbeats seen from a moment until now. */
    Heartbeats since(Instant from);

    @Override
    void close();

    /** Opens the heartbeats of VMs. */
    @FunctionalInterface
    interface Factory {
        /** Listens to a VM's heartbeat socket; a guest without heartbeat gives none, and no error. */
        HeartbeatSource open(RunningVm vm);
    }
}
