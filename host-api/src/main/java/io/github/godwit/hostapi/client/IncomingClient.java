package io.github.godwit.hostapi.client;

import io.github.godwit.hostapi.GrantedRate;
import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.hostapi.IncomingRate;
import io.github.godwit.hostapi.IncomingRequest;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.hostapi.PostcopyWaits;
import io.github.godwit.hostapi.scatter.GatherStatus;

/** What host drivers ask each other: the part of a {@link HostDriverClient} that the source of a migration uses. Its methods fail alike. */
public final class IncomingClient {

    private static final String INCOMING = "/v1/incoming";

    private final HostDriverConnection connection;

    IncomingClient(HostDriverConnection connection) {
        this.connection = connection;
    }

    /** Has the host driver prepare for a VM that is about to arrive. */
    public IncomingTicket prepare(IncomingRequest request) {
        return prepare(INCOMING, request);
    }

    /**
     * The same, where {@link #confirm} follows as soon as this side is prepared too. A host driver that does not hear it releases what it has
     * reserved; one of an older version keeps it.
     */
    public IncomingTicket prepareToConfirm(IncomingRequest request) {
        return prepare(INCOMING + "?confirm=true", request);
    }

    /**
     * The same, where the host driver also keeps a port for this migration alone; one of an older version keeps none.
     */
    public IncomingTicket prepareWithPort(IncomingRequest request) {
        return prepare(INCOMING + "?confirm=true&port=true", request);
    }

    /**
     * Has the host driver reserve what the source reserves now; fails with status 404 also if it is of an older version.
     */
    public GrantedRate rate(String migrationId, IncomingRate rate) {
        return connection.call(
                "PUT",
                incomingPath(migrationId) + "/rate",
                rate,
                GrantedRate.class,
                connection.timeouts().answer());
    }

    /**
     * Has the host driver keep what it prepared; fails with status 404 also if it is of an older version.
     *
     * @param usesPort whether the migration goes to the port that the host driver keeps for it, if it keeps one; otherwise it is given back
     */
    public void confirm(String migrationId, boolean usesPort) {
        String path = incomingPath(migrationId) + "/confirm" + (usesPort ? "" : "?port=false");
        connection.call("POST", path, null, Void.class, connection.timeouts().answer());
    }

    private IncomingTicket prepare(String path, IncomingRequest request) {
        return connection.call(
                "POST",
                path,
                request,
                IncomingTicket.class,
                connection.timeouts().profile());
    }

    /**
     * Has the host driver listen again for a migration whose connection broke in post-copy; fails with status 404 also if it is of an older
     * version.
     *
     * @return where it listens now
     */
    public IncomingTicket recover(String migrationId) {
        return connection.call(
                "POST",
                incomingPath(migrationId) + "/recover",
                null,
                IncomingTicket.class,
                connection.timeouts().profile());
    }

    /**
     * How long the vCPUs waited for pages in post-copy, before {@link #finish}; fails with status 404 also if the host driver does not know it
     * or is of an older version.
     */
    public PostcopyWaits waits(String migrationId) {
        return connection.call(
                "GET",
                incomingPath(migrationId) + "/waits",
                null,
                PostcopyWaits.class,
                connection.timeouts().answer());
    }

    /** How far the destination of a migration by SCATTER-GATHER is. */
    public GatherStatus gathering(String migrationId) {
        return connection.call(
                "GET",
                incomingPath(migrationId) + "/gathering",
                null,
                GatherStatus.class,
                connection.timeouts().answer());
    }

    /** Reports that the VM of a migration has arrived. */
    public Heartbeats finish(String migrationId) {
        return connection.call(
                "POST",
                incomingPath(migrationId) + "/finish",
                null,
                Heartbeats.class,
                connection.timeouts().profile());
    }

    /** Has the host driver release what it prepared for a migration. */
    public void abandon(String migrationId) {
        connection.call(
                "DELETE",
                incomingPath(migrationId),
                null,
                Void.class,
                connection.timeouts().profile());
    }

    private static String incomingPath(String migrationId) {
        return INCOMING + "/" + HostDriverClient.encoded(migrationId);
    }
}
