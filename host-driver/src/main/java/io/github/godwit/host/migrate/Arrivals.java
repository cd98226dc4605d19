package io.github.godwit.host.migrate;

import io.github.godwit.host.common.Refusal;
import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.hostapi.IncomingRequest;
import io.github.godwit.hostapi.IncomingTicket;
import java.io.IOException;

/** The VMs that come to this host, as the host drivers of their sources tell of them. */
public interface Arrivals extends AutoCloseable {

    /**
     * Makes ready for a VM.
     *
     * @throws Refusal                  when there is a VM of that name, or the migration was prepared already
     * @throws IllegalArgumentException when this host lacks what the VM needs
     * @throws IOException              when it cannot be made ready; nothing is left then
     */
    IncomingTicket prepare(IncomingRequest request) throws IOException;

    /**
     * The VM has arrived.
     *
     * @return its heartbeats here since it was prepared for
     * @throws Refusal when no such migration was prepared here
     */
    Heartbeats finish(String migrationId) throws IOException;

    /**
     * Gives back what was prepared.
     *
     * @throws Refusal when no such migration was prepared here
     */
    void abandon(String migrationId) throws IOException;

    /** Gives back what nobody came for; called every second or so. */
    void applyLeases();

    /** Lifts the reservations; VMs on their way go on arriving. */
    @Override
    void close();
}
