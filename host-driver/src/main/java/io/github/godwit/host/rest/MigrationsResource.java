package io.github.godwit.host.rest;

import io.github.godwit.host.migrate.MigrationService;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.net.URI;
import java.util.List;

/** The routes below {@code /v1/migrations}: migrations away from this host. */
@Path("/v1/migrations")
@Produces(MediaType.APPLICATION_JSON)
public final class MigrationsResource {

    private final MigrationService migrations;
    private final EventStreams streams;

    MigrationsResource(MigrationService migrations, EventStreams streams) {
        this.migrations = migrations;
        this.streams = streams;
    }

    /** Starts a migration: status 202 with its id. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response start(@NotNull(message = "The body must be a migration request.") MigrationRequest request) {
        MigrationStatus status = migrations.start(request);
        return Response.accepted(status)
                .location(URI.create("/v1/migrations/" + status.id()))
                .build();
    }

    /** The migrations that this host driver remembers, in brief without decisions and outcomes. */
    @GET
    public List<MigrationStatus> list(@QueryParam("brief") @DefaultValue("false") boolean brief) {
        return brief ? migrations.all().stream().map(MigrationStatus::brief).toList() : migrations.all();
    }

    /** The status of one migration. */
    @GET
    @Path("{id}")
    public MigrationStatus get(@PathParam("id") String id) {
        return migrations.get(id);
    }

    /** Requests that a migration be cancelled: status 202, or 409 if its VM runs on the destination. */
    @DELETE
    @Path("{id}")
    public Response cancel(@PathParam("id") String id) {
        migrations.cancel(id);
        return Response.accepted(migrations.get(id)).build();
    }

    /** The events of a migration until it ends, as server-sent events. */
    @GET
    @Path("{id}/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public void events(@PathParam("id") String id, @Context SseEventSink sink, @Context Sse sse) {
        streams.open(id, sink, sse);
    }
}
