package io.github.godwit.host.rest;

import io.github.godwit.host.migrate.Arrivals;
import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.hostapi.IncomingRequest;
import io.github.godwit.hostapi.IncomingTicket;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;

/** The routes below {@code /v1/incoming}: migrations to this host. The source's host driver calls them. */
@Path("/v1/incoming")
@Produces(MediaType.APPLICATION_JSON)
public final class IncomingResource {

    private final Arrivals incoming;

    IncomingResource(Arrivals incoming) {
        this.incoming = incoming;
    }

    /**
     * Prepares this host for a VM: status 201 with the address and port to migrate to. With {@code confirm=true}, what is reserved is released
     * unless the source confirms it.
     */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response prepare(
            @QueryParam("confirm") @DefaultValue("false") boolean confirm,
            @NotNull(message = "The body must be an incoming request.") IncomingRequest request)
            throws IOException {
        IncomingTicket ticket = confirm ? incoming.prepareToConfirm(request) : incoming.prepare(request);
        return Response.status(Response.Status.CREATED).entity(ticket).build();
    }

    /** Keeps what is reserved for a migration. */
    @POST
    @Path("{id}/confirm")
    public void confirm(@PathParam("id") String id) {
        incoming.confirm(id);
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
