package io.github.godwit.host.rest;

import io.github.godwit.host.access.ForPeers;
import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.migrate.Arrivals;
import io.github.godwit.hostapi.GrantedRate;
import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.hostapi.IncomingRate;
import io.github.godwit.hostapi.IncomingRequest;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.hostapi.PostcopyWaits;
import io.github.godwit.hostapi.scatter.GatherStatus;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;

/** The routes below {@code /v1/incoming}: migrations to this host. The source's host driver calls them. */
@ForPeers
@Path("/v1/incoming")
@Produces(MediaType.APPLICATION_JSON)
public final class IncomingResource {

    private final Arrivals incoming;

    IncomingResource(Arrivals incoming) {
        this.incoming = incoming;
    }

    /**
     * Prepares this host for a VM: status 201 with the address and port to migrate to. With {@code confirm=true}, what is reserved is released
     * unless the source confirms it; with {@code port=true} as well, a port is kept for this migration alone.
     */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response prepare(
            @QueryParam("confirm") @DefaultValue("false") boolean confirm,
            @QueryParam("port") @DefaultValue("false") boolean port,
            @NotNull(message = "The body must be an incoming request.") IncomingRequest request)
            throws IOException {
        return Response.status(Response.Status.CREATED)
                .entity(prepared(confirm, port, request))
                .build();
    }

    private IncomingTicket prepared(boolean confirm, boolean port, IncomingRequest request) throws IOException {
        if (!confirm) {
            return incoming.prepare(request);
        }
        return port ? incoming.prepareWithPort(request) : incoming.prepareToConfirm(request);
    }

    /** Reserves for a migration what its source reserves now, and answers with what is reserved here. */
    @PUT
    @Path("{id}/rate")
    @Consumes(MediaType.APPLICATION_JSON)
    public GrantedRate rate(
            @PathParam("id") String id, @NotNull(message = "The body must be an incoming rate.") IncomingRate rate) {
        return incoming.rate(id, rate);
    }

    /** Keeps what is reserved for a migration; with {@code port=false} without the port that was kept for it alone. */
    @POST
    @Path("{id}/confirm")
    public void confirm(@PathParam("id") String id, @QueryParam("port") @DefaultValue("true") boolean port) {
        incoming.confirm(id, port);
    }

    /** Listens again for a migration whose connection broke in post-copy, and answers with where. */
    @POST
    @Path("{id}/recover")
    public IncomingTicket recover(@PathParam("id") String id) throws IOException {
        return incoming.recover(id);
    }

    /** How long the vCPUs of a VM that arrived by post-copy waited for pages; status 404 if that is not known. */
    @GET
    @Path("{id}/waits")
    public PostcopyWaits waits(@PathParam("id") String id) throws IOException {
        return incoming.waits(id)
                .orElseThrow(() -> Refusal.unknown("The waits of migration '%s' are not known.".formatted(id)));
    }

    /** How far this host is with a migration by SCATTER-GATHER. */
    @GET
    @Path("{id}/gathering")
    public GatherStatus gathering(@PathParam("id") String id) {
        return incoming.gathering(id)
                .orElseThrow(() ->
                        Refusal.unknown("The pages of migration '%s' do not wait on intermediaries.".formatted(id)));
    }

    /** Completes a migration: this host owns the VM from now on. */
    @POST
    @Path("{id}/finish")
    public Heartbeats finish(@PathParam("id") String id) throws IOException {
        return incoming.finish(id);
    }

    /** Releases what was prepared for a migration that has failed or was cancelled. */
    @DELETE
    @Path("{id}")
    public void abandon(@PathParam("id") String id) throws IOException {
        incoming.abandon(id);
    }
}
