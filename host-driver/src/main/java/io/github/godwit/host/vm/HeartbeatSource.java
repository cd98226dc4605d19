package io.github.godwit.host.vm;

import io.github.godwit.hostapi.Heartbeats;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Receives the heartbeats of one guest on this host from the time that it is opened. */
public interface HeartbeatSource extends AutoCloseable {

    /** The heartbeats received from {@code from} until now, as far as they are still stored. */
    Heartbeats since(Instant from);

    /**
     * The heartbeats since {@code from}, once there is one, but at most two seconds from now. A first heartbeat after a switchover gives, with
     * the last one before, the service downtime.
     *
     * @param alive whether one can still come
     */
    default Heartbeats firstSince(Instant from, BooleanSupplier alive) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        Heartbeats seen = since(from);
        while (seen.count() == 0 && System.nanoTime() < deadline && alive.getAsBoolean()) {
            try {
                TimeUnit.MILLISECONDS.sleep(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return seen;
            }
            seen = since(from);
        }
        return seen;
    }

    @Override
    void close();

    /** Opens the heartbeat sources of VMs. */
    @FunctionalInterface
    interface Factory {
        /** Starts to listen on a VM's heartbeat socket; a guest that sends no heartbeats is not an error. */
        HeartbeatSource open(RunningVm vm);
    }
}
