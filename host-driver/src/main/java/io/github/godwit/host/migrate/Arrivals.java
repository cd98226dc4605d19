package io.github.godwit.host.migrate;

import io.github.godwit.host.common.Refusal;
import io.github.godwit.hostapi.GrantedRate;
import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.hostapi.IncomingRate;
import io.github.godwit.hostapi.IncomingRequest;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.hostapi.PostcopyWaits;
import io.github.godwit.hostapi.scatter.GatherStatus;
import java.io.IOException;
import java.util.Optional;

/** The VMs that are migrating to this host, as the host drivers of their sources report them. */
public interface Arrivals extends AutoCloseable {

    /**
     * Prepares for a VM.
     *
     * @return where the source sends it
     * @throws Refusal                  when there is a VM of that name, or the migration is already prepared
     * @throws IllegalArgumentException when this host lacks what the VM needs
     * @throws IOException              when the preparation failed; nothing is left behind
     */
    IncomingTicket prepare(IncomingRequest request) throws IOException;

    /**
     * The same for a source that confirms the preparation ({@link #confirm}) as soon as it has reserved bandwidth too. What it reserves here
     * is released if the source does not.
     */
    default IncomingTicket prepareToConfirm(IncomingRequest request) throws IOException {
        return prepare(request);
    }

    /** The same where this host also keeps a port for the migration alone, if it can. */
    default IncomingTicket prepareWithPort(IncomingRequest request) throws IOException {
        return prepareToConfirm(request);
    }

    /**
     * Reserves what the source reserves now.
     *
     * @return what is reserved on this host, possibly less or nothing
     * @throws Refusal when no such migration is prepared on this host
     */
    GrantedRate rate(String migrationId, IncomingRate rate);

    /**
     * Keeps what was prepared, because the source uses it.
     *
     * @param usesPort whether the migration goes to the port that was given to it alone, if one was; otherwise that is given back
     * @throws Refusal when no such migration is prepared on this host
     */
    default void confirm(String migrationId, boolean usesPort) {}

    /**
     * Listens again for a migration whose connection broke in post-copy.
     *
     * @return where this host listens now
     * @throws Refusal     when no such migration is prepared on this host, or it is in no state to be recovered
     * @throws IOException when its QEMU refuses or does not answer
     */
    default IncomingTicket recover(String migrationId) throws IOException {
        throw Refusal.conflict("libvirt itself has VMs listen again that arrive on this host.");
    }

    /**
     * How long the vCPUs waited for pages in post-copy; empty if this host does not know it.
     *
     * @throws Refusal     when no such migration is prepared on this host
     * @throws IOException when its QEMU does not answer
     */
    default Optional<PostcopyWaits> waits(String migrationId) throws IOException {
        return Optional.empty();
    }

    /**
     * How far this host is with a migration whose pages wait on intermediaries; empty if they do not.
     *
     * @throws Refusal when no such migration is prepared on this host
     */
    default Optional<GatherStatus> gathering(String migrationId) {
        return Optional.empty();
    }

    /**
     * Completes a migration: the VM has arrived, and its reservation is released.
     *
     * @return its heartbeats on this host since the preparation
     * @throws Refusal when no such migration is prepared on this host
     */
    Heartbeats finish(String migrationId) throws IOException;

    /**
     * Releases what was prepared.
     *
     * @throws Refusal when no such migration is prepared on this host
     */
    void abandon(String migrationId) throws IOException;

    /** Whether any VM is expected. */
    boolean areExpected();

    /** Settles the migrations whose lease has expired; called about once a second. */
    void applyLeases();

    /** Releases the reservations; migrations that run continue. */
    @Override
    void close();
}
